import type { FeedTally } from '../../shared/feeds/feed.ts';
import type { ItemCounts, TallySummary } from '../../shared/feeds/tally.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { SummaryRow } from '../store/quality-tables.ts';
import { median } from '../monitor/statistics.ts';

/** One item of one facility over a period. Shares are 0 to 1; null: nothing to say it of. */
export interface ItemScore {
  readonly field: string;
  readonly tag: string;
  readonly due: number;
  readonly filled: number | null;
  /** Filled with a value that can be used. */
  readonly usable: number | null;
  readonly target: number;
  readonly isBelow: boolean;
  /** Share less the region's median share. */
  readonly gap: number | null;
  readonly rank: Rank | null;
  /** Twelve weeks, the latest last. */
  readonly trend: readonly (number | null)[];
  /** The same over the period before. */
  readonly before: number | null;
  /** Of what is missing, the share that came at night; and the share of all due that came then. */
  readonly night: { readonly missing: number; readonly due: number } | null;
}

export interface Rank {
  readonly place: number;
  readonly of: number;
}

/** Under so many peers a rank, or the distance to the median, would tell of a neighbour. */
export const enoughPeers = 5;
/** Under so many records a share is chance. */
const enoughDue = 20;

export interface ItemInput {
  readonly tally: FeedTally;
  readonly targetOf: (tag: string) => number;
  /** The facility, period and before, in order. */
  readonly own: readonly SummaryRow[];
  /** Every facility over the period, this one included. */
  readonly region: readonly SummaryRow[];
  readonly facility: string;
  readonly from: Day;
  readonly to: Day;
}

const trendWeeks = 12;

export function scoreItems(input: ItemInput): readonly ItemScore[] {
  const { tally, targetOf, own, region, facility, from, to } = input;
  const length = to - from + 1;
  const period = sumItems(tally, within(own, from, to));
  const earlier = sumItems(tally, within(own, from - length, from - 1));
  const weeks = Array.from({ length: trendWeeks }, (_none, index) => {
    const last = to - 7 * (trendWeeks - 1 - index);
    return sumItems(tally, within(own, last - 6, last));
  });
  const peers = byFacility(tally, region);
  return tally.items.map(({ field, tag }, index) => {
    const counts = period[index] ?? none;
    const filled = share(counts[1], counts[0]);
    const target = targetOf(tag);
    const shares = [...peers].flatMap(([finess, items]) => {
      const [due, full] = items[index] ?? none;
      return due < enoughDue ? [] : [{ finess, share: full / due }];
    });
    return {
      ...{ field, tag, due: counts[0], filled, target },
      usable: share(counts[2], counts[0]),
      isBelow: filled !== null && filled < target,
      ...placeAmong(shares, facility),
      trend: weeks.map((items) => share(items[index]?.[1] ?? 0, items[index]?.[0] ?? 0)),
      before: share(earlier[index]?.[1] ?? 0, earlier[index]?.[0] ?? 0),
      night: nightOf(counts),
    };
  });
}

/** Its own place, and nobody's name: what is told of others is a median and how many they are. */
export function placeAmong(
  shares: readonly { readonly finess: string; readonly share: number }[],
  facility: string,
): Pick<ItemScore, 'gap' | 'rank'> {
  const own = shares.find(({ finess }) => finess === facility)?.share;
  if (own === undefined || shares.length < enoughPeers) return { gap: null, rank: null };
  const better = shares.filter(({ share: other }) => other > own).length;
  return {
    gap: own - median(shares.map(({ share: each }) => each)),
    rank: { place: better + 1, of: shares.length },
  };
}

function nightOf([due, filled, , nightDue, nightFilled]: ItemCounts): ItemScore['night'] {
  const missing = due - filled;
  return missing === 0 ? null : { missing: (nightDue - nightFilled) / missing, due: nightDue / due };
}

function byFacility(
  tally: FeedTally,
  rows: readonly SummaryRow[],
): ReadonlyMap<string, readonly ItemCounts[]> {
  const grouped = new Map<string, SummaryRow[]>();
  for (const row of rows) {
    const list = grouped.get(row.facility) ?? [];
    list.push(row);
    grouped.set(row.facility, list);
  }
  return new Map([...grouped].map(([finess, list]) => [finess, sumItems(tally, list)]));
}

const none: ItemCounts = [0, 0, 0, 0, 0];

export function sumItems(tally: FeedTally, rows: readonly { readonly summary: TallySummary }[]) {
  const sums = tally.items.map(() => [0, 0, 0, 0, 0] as [number, number, number, number, number]);
  for (const { summary } of rows)
    summary.items.forEach((counts, index) => {
      const sum = sums[index];
      if (sum !== undefined) counts.forEach((value, place) => (sum[place] = (sum[place] ?? 0) + value));
    });
  return sums as readonly ItemCounts[];
}

export function within<Row extends { readonly day: Day }>(
  rows: readonly Row[],
  from: number,
  to: number,
): readonly Row[] {
  return rows.filter(({ day }) => day >= from && day <= to);
}

export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
