import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../config.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import type { DispatchTarget } from '../forward/compose.ts';
import { dispatchNamed } from '../forward/find-dispatch.ts';
import { pauseOf } from '../forward/pause.ts';
import { composeAgain, previewReplay, replay, type ReplayRequest } from '../forward/replay.ts';
import { tryNow } from '../forward/steer.ts';
import { dispatchTargets } from '../forward/targets.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { waitingFor } from './destination-steer.ts';
import { dayOption, settingsOf, settingsOfAll, shownDay, tell } from './destination-words.ts';
import { checkedFiness } from '../apply/register-facility.ts';

export interface ReplayOptions {
  readonly names: string;
  readonly from: string;
  readonly to: string;
  readonly facilities: readonly string[];
  readonly yes?: boolean | undefined;
}

/**
 * Days composed anew from what the region holds, for the destinations named and no other. Without `yes` only said: how
 * much it would be, and what the agency has acknowledged already.
 */
export async function replayDays(context: CommandContext, options: ReplayOptions): Promise<CommandAnswer> {
  const { config, language } = context;
  const [from, to] = [dayOption(options.from, '--from'), dayOption(options.to, '--to')];
  if (to < from) throw permanent('command-invalid', { facts: { detail: '--from <= --to' } });
  const facilities = options.facilities.map(checkedFiness);
  const request: ReplayRequest = { from, to, ...(facilities.length === 0 ? {} : { facilities }) };
  const wanted = settingsOfAll(config, options.names);
  const targets: DispatchTarget[] = [];
  for (const settings of wanted) targets.push(await targetOf(config, settings));
  const done = options.yes === true;
  const found = await withStore(config, async (store) => {
    await mustBeRegistered(store, facilities);
    return done ? replayAll(store, context, targets, request) : previewAll(store, context, targets, request);
  });
  const days = { from: shownDay(from, language), to: shownDay(to, language) };
  return {
    document: { done, from: dayToIso(from), to: dayToIso(to), destinations: found },
    lines: [
      ...found.map((each) => tell(language, done ? 'replayDone' : 'replayPreview', { ...each, ...days })),
      ...(done ? [] : [tell(language, 'replayGoOn')]),
    ],
  };
}

async function mustBeRegistered(store: Store, facilities: readonly string[]): Promise<void> {
  for (const finess of facilities) {
    const known = await store.read((tx) => tx.facilities.get(finess));
    if (known === undefined) throw permanent('replay-facility-unknown', { facts: { facility: finess } });
  }
}

function previewAll(
  store: Store,
  { clock }: CommandContext,
  targets: readonly DispatchTarget[],
  request: ReplayRequest,
) {
  return store.read(async (tx) => {
    const previews = [];
    for (const target of targets)
      previews.push({ name: target.name, ...(await previewReplay(tx, target, request, clock.now())) });
    return previews;
  });
}

async function replayAll(
  store: Store,
  { clock }: CommandContext,
  targets: readonly DispatchTarget[],
  request: ReplayRequest,
) {
  const results = [];
  const { from, to, facilities } = request;
  for (const target of targets) {
    const { name } = target;
    // Before: it is many transactions, and may be stopped between two of them.
    await store.transaction((tx) =>
      writeDown(tx, clock, {
        ...{ action: 'destination.replay', subject: name, destination: name },
        ...(facilities?.length === 1 ? { facility: facilities[0] ?? '' } : {}),
        facts: { from: dayToIso(from), to: dayToIso(to), facilities: facilities?.length ?? 'all' },
      }),
    );
    results.push({ name, ...(await replay({ store, clock }, [target], request)) });
  }
  return results;
}

/**
 * The destination is tried now, whatever it waits for. Dispatches named, dead or refused, are composed again from what
 * the region holds: all of them, or none.
 */
export async function retryDestination(
  { config, language, clock }: CommandContext,
  { name, files }: { readonly name: string; readonly files: readonly string[] },
): Promise<CommandAnswer> {
  const settings = settingsOf(config, name);
  const target = await targetOf(config, settings);
  const found = await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const again: Again[] = [];
      for (const file of new Set(files)) again.push(await composeOne(tx, target, file, clock.now()));
      await tryNow(tx, name);
      await writeDown(tx, clock, {
        ...{ action: 'destination.retry', subject: name, destination: name },
        facts: { files: again.length },
      });
      const pausedBy = pauseOf(await tx.destinations.get(name), clock.now())?.by ?? null;
      return { again, pausedBy, waiting: await waitingFor(tx, name) };
    }),
  );
  const { again, pausedBy, waiting } = found;
  return {
    document: { destination: name, composed: again, waiting, pausedBy },
    lines: [
      ...again.map(({ file, files: made }) =>
        tell(language, 'composedAgain', { file, files: made.join(', ') }),
      ),
      pausedBy === null
        ? tell(language, settings.transport.kind === 'pull' ? 'toFetch' : 'tryingNow', { name, waiting })
        : tell(language, 'stillPaused', { name, person: pausedBy }),
    ],
    exitCode: pausedBy === null ? 0 : 1,
  };
}

interface Again {
  readonly file: string;
  /** What it became. */
  readonly files: readonly string[];
}

async function composeOne(tx: StoreTx, target: DispatchTarget, file: string, now: number): Promise<Again> {
  const row = await dispatchNamed(tx, target.name, file);
  const composed = await composeAgain(tx, target, row, now);
  return { file: row.name, files: composed.map(({ name }) => name) };
}

/** A destination's settings may refer to another one: all are read, one is taken. */
async function targetOf(config: ReceiverConfig, { name }: DestinationConfig): Promise<DispatchTarget> {
  const targets = await dispatchTargets(config.destinations);
  const target = targets.find((each) => each.name === name);
  if (target === undefined)
    throw permanent('destination-unknown', { facts: { destination: name, known: '-' } });
  return target;
}
