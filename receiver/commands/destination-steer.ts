import { pauseDestination, resumeDestination, setAside, tryNow } from '../forward/steer.ts';
import type { DestinationRow } from '../store/destination-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { isoOf, personOf, settingsOf, settingsOfAll, shownAt, tell } from './destination-words.ts';

/** Nothing more is sent to these destinations until they are resumed; what is being sent finishes. */
export async function pauseDestinations(
  { config, language, clock }: CommandContext,
  { names, by }: { readonly names: string; readonly by: string },
): Promise<CommandAnswer> {
  const person = personOf(by);
  const wanted = settingsOfAll(config, names);
  const rows = await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const paused: DestinationRow[] = [];
      for (const { name } of wanted) {
        paused.push(await pauseDestination(tx, name, { person, now: clock.now() }));
        const facts = { by: person };
        await writeDown(tx, clock, { action: 'destination.pause', subject: name, destination: name, facts });
      }
      return paused;
    }),
  );
  return {
    document: {
      destinations: rows.map(({ name, pausedBy, pausedAt }) => ({
        ...{ name, pausedBy, pausedAt: isoOf(pausedAt) },
      })),
    },
    lines: rows.map(({ name, pausedBy, pausedAt }) =>
      tell(language, 'pausedNow', { name, person: pausedBy ?? '', since: shownAt(pausedAt, language) }),
    ),
  };
}

/** What waited leaves, in order; nothing else happens. */
export async function resumeDestinations(
  { config, language, clock }: CommandContext,
  { names }: { readonly names: string },
): Promise<CommandAnswer> {
  const wanted = settingsOfAll(config, names);
  const found = await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const resumed: { readonly name: string; readonly was: boolean; readonly waiting: number }[] = [];
      for (const { name } of wanted) {
        const was = (await resumeDestination(tx, name)) !== undefined;
        if (was)
          await writeDown(tx, clock, { action: 'destination.resume', subject: name, destination: name });
        resumed.push({ name, was, waiting: await waitingFor(tx, name) });
      }
      return resumed;
    }),
  );
  return {
    document: {
      destinations: found.map(({ name, was, waiting }) => ({ name, resumed: was, waiting })),
    },
    lines: found.map(({ name, was, waiting }) =>
      tell(language, was ? 'resumedNow' : 'notPaused', { name, waiting }),
    ),
  };
}

/** The queue goes past a dispatch that blocks it; also of a destination that the settings no longer name. */
export async function setAsideDispatch(
  { config, language, clock }: CommandContext,
  { name, file }: { readonly name: string; readonly file: string },
): Promise<CommandAnswer> {
  const waiting = await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const known = await tx.dispatches.countsOf(name);
      if (Object.values(known).every((count) => count === 0)) settingsOf(config, name);
      await setAside(tx, name, file, clock.now());
      // What stood behind it need not wait for it any longer.
      await tryNow(tx, name);
      await writeDown(tx, clock, { action: 'dispatch.set-aside', subject: file, destination: name });
      return waitingFor(tx, name);
    }),
  );
  return {
    document: { destination: name, file, state: 'dead', waiting },
    lines: [tell(language, 'setAside', { name, file })],
  };
}

export async function waitingFor(tx: StoreTx, name: string): Promise<number> {
  const { waiting, sending } = await tx.dispatches.countsOf(name);
  return waiting + sending;
}
