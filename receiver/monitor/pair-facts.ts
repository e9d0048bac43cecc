import { instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import type { AliasRow, StoreTx } from '../store/store.ts';
import type { CountedDay, DayArrival, FeedOfFacility, HoursOfDay } from '../store/watch-tables.ts';
import { countHours, type DayHours } from './missing-hours.ts';

/** What is held of one feed of one facility, as far back as a judgement looks. */
export interface PairFacts {
  /** Its own days. */
  readonly counts: ReadonlyMap<Day, number>;
  /** Its own and those of facilities it took over, imported ones where nothing is held; without declared days; in order. */
  readonly history: readonly CountedDay[];
  readonly hours: readonly DayHours[];
  readonly arrivals: readonly DayArrival[];
  readonly connectedAt: number | undefined;
  /** Hours counted anew, to be kept. */
  readonly counted: readonly HoursOfDay[];
  /** More days are to be counted than this look was allowed. */
  readonly unfinished: boolean;
}

/** What the look at the region told. */
interface Known {
  readonly aliases: readonly AliasRow[];
  readonly noticeOf: (pair: FeedOfFacility, day: Day) => 'closed' | 'degraded' | null;
}

export interface PairSpan {
  readonly from: Day;
  readonly to: Day;
  /** Days whose hours may be counted from their records; the others wait. */
  readonly budget: number;
}

/** How far back habits are learnt from. */
export const learntDays = 365;
export const hoursBackDays = 56;
export const habitDays = 28;

/** `withHours`: hours of records mean something for this feed. */
export async function readPair(
  tx: StoreTx,
  { facility, feed }: FeedOfFacility,
  { aliases, noticeOf }: Known,
  { from, to, budget }: PairSpan,
  withHours: boolean,
): Promise<PairFacts> {
  const start = (from - learntDays) as Day;
  const own = await tx.watch.counts(facility, feed, start, to);
  const history = new Map<Day, number>();
  const add = ({ day, count }: CountedDay): void => {
    history.set(day, (history.get(day) ?? 0) + count);
  };
  const held = new Map(own.map(({ day, count }) => [day, count]));
  const imported = await tx.watch.imported(facility, feed, start, to);
  for (const one of own) add(one);
  for (const one of imported) if ((held.get(one.day) ?? 0) === 0) add(one);
  for (const { finess, until } of takenOver(facility, aliases)) {
    const old = { facility: finess, feed };
    for (const one of await countedDays(tx, old, start, (until - 1) as Day))
      if (noticeOf(old, one.day) === null) add(one);
  }

  const since = (from - hoursBackDays) as Day;
  const kept = withHours ? await tx.watch.hours(facility, feed, since, to) : [];
  const known = new Map(kept.map((each) => [each.day, each]));
  const stale = own.filter(
    ({ day, count, stamp }) => day >= since && count > 0 && known.get(day)?.stamp !== stamp,
  );
  // The latest first: those are asked about.
  const due = withHours ? stale.toReversed().slice(0, budget) : [];
  const counted: HoursOfDay[] = [];
  for (const { day, stamp } of due) {
    const instants = await tx.watch.instants(facility, feed, day);
    counted.push({ day, stamp, counts: countHours(instants, instantOf(day, 0).at) });
  }
  const hours = new Map<Day, readonly number[]>();
  for (const { day, counts } of imported) if (counts !== null && day >= since) hours.set(day, counts);
  const current = new Map(own.map(({ day, stamp }) => [day, stamp]));
  for (const { day, counts, stamp } of kept) if (current.get(day) === stamp) hours.set(day, counts);
  for (const { day, counts } of counted) hours.set(day, counts);

  return {
    counts: held,
    history: [...history]
      .map(([day, count]) => ({ day, count }))
      .filter(({ day }) => noticeOf({ facility, feed }, day) === null)
      .sort((a, b) => a.day - b.day),
    hours: [...hours].map(([day, counts]) => ({ day, counts })),
    arrivals: await tx.watch.arrivals(facility, feed, (from - habitDays) as Day, to),
    connectedAt: await tx.watch.connectedAt(facility, feed),
    counted,
    unfinished: withHours && stale.length > due.length,
  };
}

/** What is held, and where nothing is, what was imported. */
async function countedDays(
  tx: StoreTx,
  { facility, feed }: FeedOfFacility,
  from: Day,
  to: Day,
): Promise<readonly CountedDay[]> {
  const held = (await tx.watch.counts(facility, feed, from, to)).filter(({ count }) => count > 0);
  const days = new Set(held.map(({ day }) => day));
  const imported = await tx.watch.imported(facility, feed, from, to);
  return [...held, ...imported.filter(({ day }) => !days.has(day))];
}

/** Facilities that this one is the continuation of, and until when each was itself. */
export function takenOver(
  facility: string,
  aliases: readonly AliasRow[],
): readonly { readonly finess: string; readonly until: Day }[] {
  const found: { finess: string; until: Day }[] = [];
  const seen = new Set([facility]);
  const follow = (to: string, until: number): void => {
    for (const alias of aliases) {
      if (alias.to !== to || seen.has(alias.old)) continue;
      seen.add(alias.old);
      const end = Math.min(until, alias.from) as Day;
      found.push({ finess: alias.old, until: end });
      follow(alias.old, end);
    }
  };
  follow(facility, Infinity);
  return found;
}
