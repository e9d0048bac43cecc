import type { Day } from '../../../shared/runtime/paris-time.ts';
import { nameOf } from '../../monitor/region-facts.ts';
import type { StoreTx } from '../../store/store.ts';
import type { FeedOfFacility } from '../../store/watch-tables.ts';
import type { HeldOfPair, SeenPair } from './region-seen.ts';

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

/** What is shown of a pair beside its judged days: its last file, counts made by hand, and what became of the latest visit day. */
export async function readPairMore(
  tx: StoreTx,
  { facility, feed }: FeedOfFacility,
  { from, latest }: { readonly from: Day; readonly latest: Day },
): Promise<Pick<SeenPair, 'lastReceptionAt' | 'deliveries' | 'findings' | 'byHand'>> {
  const inForce = await tx.dispatches.inForce(facility, feed, [latest]);
  let findings = 0;
  for (const id of new Set(inForce.map((each) => each.export))) {
    if (id === null) continue;
    const { totals } = await tx.exports.findings(id);
    for (const count of Object.values(totals)) findings += count;
  }
  return {
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
