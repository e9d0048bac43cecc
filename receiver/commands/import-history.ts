import type { Day } from '../../shared/runtime/paris-time.ts';
import { readHistoryFile, type ToldHistory } from '../monitor/history-file.ts';
import { dailyFeeds } from '../monitor/rhythm.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { StoreTx } from '../store/store.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { checkedFiness } from '../apply/register-facility.ts';
import { countOption } from './destination-words.ts';
import { tellWatch } from './watch-words.ts';

const mostAnnual = 999_999;
const listed = 20;

/** Past counts, so that something is expected on the first day. All files are read before anything is written. */
export async function importHistory(
  { config, language, clock }: CommandContext,
  { files }: { readonly files: readonly string[] },
): Promise<CommandAnswer> {
  const told: ToldHistory[] = [];
  for (const file of files) told.push(await readHistoryFile(file, clock.now()));
  const feed = dailyFeed();
  const done = await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const kept = await keepHistory(tx, feed, told);
      const { facilities: count, days: written, visits: counted } = kept;
      await writeDown(tx, clock, {
        ...{ action: 'history.import', subject: feed },
        facts: { files: files.length, facilities: count, days: written, visits: counted },
      });
      return kept;
    }),
  );
  const { facilities, days, visits, older, unknown, passedOver } = done;
  return {
    document: { feed, ...done },
    lines: [
      tellWatch(language, 'imported', { facilities, days, visits }),
      ...(older === 0 ? [] : [tellWatch(language, 'importedOlder', { count: older })]),
      ...(passedOver === 0 ? [] : [tellWatch(language, 'importedPassed', { count: passedOver })]),
      ...(unknown.length === 0
        ? []
        : [
            tellWatch(language, 'importedUnknown', {
              ...{ count: unknown.length, list: unknown.slice(0, listed).join(', ') },
            }),
          ]),
    ],
    exitCode: unknown.length > 0 ? 1 : 0,
  };
}

async function keepHistory(tx: StoreTx, feed: string, told: readonly ToldHistory[]) {
  const registered = new Set((await tx.facilities.list()).map(({ finess }) => finess));
  const unknown = new Set<string>();
  const written = new Map<string, Map<Day, number>>();
  let older = 0;
  for (const { days } of told)
    for (const [finess, own] of days) {
      if (!registered.has(finess)) {
        unknown.add(finess);
        continue;
      }
      const seen = written.get(finess) ?? new Map<Day, number>();
      for (const one of own) {
        if ((await tx.watch.putImported(finess, feed, [one])) === 1) seen.set(one.day, one.count);
        else older += 1;
      }
      written.set(finess, seen);
    }
  const counts = [...written.values()].flatMap((days) => [...days.values()]);
  return {
    facilities: written.size,
    days: counts.length,
    visits: counts.reduce((sum, count) => sum + count, 0),
    older,
    unknown: [...unknown],
    passedOver: told.reduce((sum, each) => sum + each.passedOver, 0),
  };
}

/** The annual volume of a facility: the second yardstick, by which a unit that never sent is seen. */
export async function declareVolume(
  { config, language, clock }: CommandContext,
  options: { readonly finess: string; readonly annual: string },
): Promise<CommandAnswer> {
  const finess = checkedFiness(options.finess);
  const annual = countOption(options.annual, '--annual', mostAnnual);
  const feed = dailyFeed();
  await withStore(config, (store) =>
    store.transaction(async (tx) => {
      if ((await tx.facilities.get(finess)) === undefined)
        throw permanent('facility-not-registered', { facts: { facility: finess } });
      await tx.watch.declare({ facility: finess, feed, annual, at: clock.now() });
      await writeDown(tx, clock, {
        ...{ action: 'facility.declare', subject: finess, facility: finess, facts: { feed, annual } },
      });
    }),
  );
  return {
    document: { facility: finess, feed, annual },
    lines: [tellWatch(language, 'declared', { finess, annual, feed })],
  };
}

/** National files and declared visits are those of the feed that comes day by day. */
function dailyFeed(): string {
  const [feed] = dailyFeeds;
  if (feed === undefined) throw new Error('no feed comes day by day');
  return feed.name;
}
