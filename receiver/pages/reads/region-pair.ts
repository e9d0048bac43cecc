import { dayOfInstant, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import type { Declared } from '../../care/declared.ts';
import { lackingDays } from '../../care/lacking-days.ts';
import { dailyFeeds } from '../../monitor/rhythm.ts';
import { nameOf } from '../../monitor/region-facts.ts';
import type { StoreTx } from '../../store/store.ts';
import type { FeedOfFacility } from '../../store/watch-tables.ts';
import { readExports, windowOf } from './facility-exports.ts';
import type { HeldOfPair, SeenPair } from './region-seen.ts';

/** A facility sends a day a few times: an export is looked for among its latest ones. */
const mostExports = 40;
/** Held exports looked at: a region in trouble must not make the look long. */
const mostHeld = 500;

/** What waits for a decision, by pair: suspended removals, and exports of which nothing was applied. */
export async function readHeld(tx: StoreTx): Promise<ReadonlyMap<string, HeldOfPair>> {
  const found = new Map<string, HeldOfPair>();
  const add = (pair: FeedOfFacility, more: HeldOfPair): void => {
    const known = found.get(nameOf(pair)) ?? { exports: [], removals: 0, days: [] };
    found.set(nameOf(pair), {
      exports: [...new Set([...known.exports, ...more.exports])],
      removals: known.removals + more.removals,
      days: [...new Set([...known.days, ...more.days])].sort((a, b) => a - b),
    });
  };
  for (const { facility, feed, day, count, exports } of await tx.removals.open())
    add({ facility, feed }, { exports, removals: count, days: [day] });
  for (const { id, facility, feed } of await tx.exports.inState('held', mostHeld))
    if ((await tx.removals.ofExport(id)).length === 0)
      add({ facility, feed }, { exports: [id], removals: 0, days: [] });
  return found;
}

export interface PairSpan {
  /** First day that is shown. */
  readonly from: Day;
  readonly now: number;
  /** As `declaredForLacking` reads it. */
  readonly declared: readonly Declared[];
}

/** What is shown of a pair beside its judged days: its last file, counts made by hand, and what became of the latest visit day. */
export async function readPairMore(
  tx: StoreTx,
  { facility, feed }: FeedOfFacility,
  { from, now, declared }: PairSpan,
): Promise<Pick<SeenPair, 'lastReceptionAt' | 'deliveries' | 'findings' | 'byHand' | 'lacking'>> {
  const latest = (dayOfInstant(now) - 1) as Day;
  const inForce = await tx.dispatches.inForce(facility, feed, [latest]);
  let [findings, lacking] = [0, 0];
  if (dailyFeeds.some(({ name }) => name === feed)) {
    findings = await findingsOf(tx, { facility, feed }, latest, now);
    for (const part of await tx.records.parts(facility, feed))
      lacking += (await lackingDays(tx, part, declared, now)).length;
  }
  return {
    lacking,
    lastReceptionAt: (await tx.coverage.lastReception(facility, feed)) ?? null,
    deliveries: inForce.map(({ id, destination, state, records, sentAt, changedAt }) => ({
      ...{ dispatch: id, destination, state, records, sentAt, changedAt },
    })),
    findings,
    byHand: new Map(
      (await tx.care.handCounts.of(facility, from, latest))
        .filter((each) => each.feed === feed)
        .map(({ day, count }) => [day, count]),
    ),
  };
}

/** Of the latest export of each part that covers the day, wherever it was sent. */
async function findingsOf(
  tx: StoreTx,
  { facility, feed }: FeedOfFacility,
  day: Day,
  now: number,
): Promise<number> {
  const span = { facility, feed, from: instantOf(day, 0).at, to: now + 1 };
  const parts = new Set<string>();
  let findings = 0;
  for (const row of await readExports(tx, span, mostExports)) {
    const { from, to } = windowOf(row);
    if (parts.has(row.part) || from === undefined || to === undefined || day < from || day > to) continue;
    parts.add(row.part);
    const { totals } = await tx.exports.findings(row.id);
    for (const count of Object.values(totals)) findings += count;
  }
  return findings;
}
