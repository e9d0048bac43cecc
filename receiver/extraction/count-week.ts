import { setImmediate } from 'node:timers/promises';
import type { EdVisit } from '../../shared/feeds/ed-visits-record.ts';
import { placeVisit } from '../../shared/feeds/ed-visits-tally.ts';
import type { Feed, FeedRecord } from '../../shared/feeds/feed.ts';
import { tallyDay } from '../../shared/feeds/tally.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { countCells, type DayCells } from '../quality/analyse.ts';
import type { GroupLattice } from '../quality/nested-groups.ts';
import type { Store, StoreTx } from '../store/store.ts';
import type { PlaceCounts, WeekCounts } from './week.ts';

/**
 * Counts a week of every facility. Days that were counted as they came are added up; those whose count is not of what they
 * hold now are counted here from their records. One facility at a time: whatever else reads has its turn between two.
 */
export async function countWeek(
  store: Store,
  feed: Feed,
  facilities: readonly string[],
  monday: Day,
): Promise<WeekCounts> {
  const { tally } = feed;
  if (tally === undefined) return { places: new Map() };
  const sunday = (monday + 6) as Day;
  const places = new Map<string, PlaceCounts>();
  for (const facility of facilities) {
    const rows = await store.read(async (tx) =>
      (await tx.quality.isLate(feed.name, tally.version, facility, monday, sunday))
        ? countRecords(tx, feed, facility, monday)
        : tx.quality.cells(feed.name, facility, monday, sunday),
    );
    const { total, classes } = countCells(tally.dimensions, rows, { filters: {}, by: 'week' });
    if (total > 0) places.set(facility, { total, classes });
    await setImmediate();
  }
  return { places };
}

/** Days that hold nothing any more keep what was counted of them when their records were deleted at their term. */
async function countRecords(
  tx: StoreTx,
  feed: Feed,
  facility: string,
  monday: Day,
): Promise<readonly DayCells[]> {
  const sunday = (monday + 6) as Day;
  const purged = new Set(await tx.retention.purgedDays({ facility, feed: feed.name }, monday, sunday));
  const kept = (await tx.quality.cells(feed.name, facility, monday, sunday)).filter(({ day }) =>
    purged.has(day),
  );
  const rows: DayCells[] = [...kept];
  for (let day = monday; day <= sunday; day = (day + 1) as Day) {
    const bodies = purged.has(day) ? [] : await tx.records.bodiesOfDay(facility, feed.name, day);
    const counted = tallyDay(
      feed,
      // What the store itself checked when it came.
      bodies.map(({ body }) => ({ record: JSON.parse(body) as FeedRecord, repeated: false })),
    );
    if (counted !== undefined) rows.push({ day, cells: counted.cells });
  }
  return rows;
}

/** The region's visits of a week by the groups that they are in; undefined: some of them are kept no more. */
export async function countGroups(
  store: Store,
  feed: Feed,
  facilities: readonly string[],
  monday: Day,
  lattice: GroupLattice,
): Promise<ReadonlyMap<bigint, number> | undefined> {
  const sunday = (monday + 6) as Day;
  const masks = new Map<bigint, number>();
  for (const facility of facilities)
    for (let day = monday; day <= sunday; day = (day + 1) as Day) {
      const bodies = await store.read(async (tx) =>
        (await tx.retention.purgedDays({ facility, feed: feed.name }, day, day)).length > 0
          ? undefined
          : tx.records.bodiesOfDay(facility, feed.name, day),
      );
      if (bodies === undefined) return undefined;
      for (const { body } of bodies) {
        const mask = maskOf(JSON.parse(body) as EdVisit, lattice);
        masks.set(mask, (masks.get(mask) ?? 0) + 1);
      }
      await setImmediate();
    }
  return masks;
}

function maskOf(visit: EdVisit, lattice: GroupLattice): bigint {
  const { principalDiagnosis, associatedDiagnoses = [] } = visit;
  if (principalDiagnosis === undefined && associatedDiagnoses.length === 0) return 0n;
  return lattice.maskOf(principalDiagnosis, associatedDiagnoses, placeVisit(visit).age);
}
