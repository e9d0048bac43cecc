import type { Day } from '../../shared/runtime/paris-time.ts';
import type { SummaryRow } from '../store/quality-tables.ts';
import type { ItemScore } from './score-items.ts';

/**
 * What to improve first, with a cause where the counts themselves show one. swapped: one code exceeds the other every day
 * since. gone: filled, then not once since. night: what is missing is missing at night. unusable: filled, and of no use.
 */
export type Cause =
  | { readonly kind: 'swapped'; readonly since: Day; readonly whole: boolean }
  | { readonly kind: 'gone'; readonly since: Day }
  | { readonly kind: 'never' }
  | { readonly kind: 'unusable'; readonly share: number }
  | { readonly kind: 'night'; readonly share: number }
  | { readonly kind: 'none' };

export interface Improvement {
  readonly item: ItemScore;
  readonly cause: Cause;
  /** Points lost since the period before, above 0 when it fell. */
  readonly lost: number;
}

/** So many visits on one side before codes are said to be swapped. */
const enoughOrigins = 30;
const enoughDays = 5;
const enoughGone = 20;
/** What an item may lose to unusable values, or in points, before it is named. */
const mostUnusable = 0.02;
const mostLost = 0.05;
const nightShare = 0.6;

/** The two worst, the worst first. `rows`: the facility over the period, in order. */
export function improvements(
  items: readonly ItemScore[],
  rows: readonly SummaryRow[],
): readonly Improvement[] {
  const swapped = swappedSince(rows);
  return items
    .map((item, index) => {
      const lost = item.before === null || item.filled === null ? 0 : item.before - item.filled;
      const short = item.filled === null ? 0 : Math.max(0, item.target - item.filled);
      const unusable = Math.max(0, (item.filled ?? 0) - (item.usable ?? 0) - mostUnusable);
      const isSwapped = item.field === 'origin' && swapped !== undefined;
      const weight = short + unusable + (lost >= mostLost ? lost : 0) + (isSwapped ? 1 : 0);
      const cause = isSwapped ? swapped : causeOf(item, index, rows);
      return { item, cause, lost, weight };
    })
    .filter(({ weight, item }) => weight > 0 && item.due > 0)
    .sort((one, other) => other.weight - one.weight)
    .slice(0, 2)
    .map(({ item, cause, lost }) => ({ item, cause, lost }));
}

function causeOf(item: ItemScore, index: number, rows: readonly SummaryRow[]): Cause {
  if (item.filled === 0 && item.due >= enoughGone) {
    return item.before !== null && item.before > 0 && rows[0] !== undefined
      ? { kind: 'gone', since: rows[0].day }
      : { kind: 'never' };
  }
  const gone = goneSince(index, rows);
  if (gone !== undefined) return { kind: 'gone', since: gone };
  const unusable = (item.filled ?? 0) - (item.usable ?? 0);
  if (unusable > Math.max(mostUnusable, item.target - (item.filled ?? 0)))
    return { kind: 'unusable', share: unusable / (item.filled ?? 1) };
  const { night } = item;
  if (item.isBelow && night !== null && night.missing >= nightShare && night.missing > 1.5 * night.due)
    return { kind: 'night', share: night.missing };
  return { kind: 'none' };
}

/** The first day since which it was not filled once, over enough records. */
function goneSince(index: number, rows: readonly SummaryRow[]): Day | undefined {
  let [since, due]: [Day | undefined, number] = [undefined, 0];
  for (const { day, summary } of rows.toReversed()) {
    const [asked = 0, filled = 0] = summary.items[index] ?? [];
    if (filled > 0) return due >= enoughGone ? since : undefined;
    if (asked > 0) [since, due] = [day, due + asked];
  }
  return undefined;
}

/** Every day since when code 8 of PROVENANCE came more often than code 5: national counts have it far rarer. */
function swappedSince(rows: readonly SummaryRow[]): Extract<Cause, { kind: 'swapped' }> | undefined {
  let [since, days, five, eight]: [Day | undefined, number, number, number] = [undefined, 0, 0, 0];
  let whole = true;
  for (const { day, summary } of rows.toReversed()) {
    const [one, other] = [summary.signs['origin-5'] ?? 0, summary.signs['origin-8'] ?? 0];
    if (one + other === 0) continue;
    if (other <= one) {
      whole = false;
      break;
    }
    [since, days, five, eight] = [day, days + 1, five + one, eight + other];
  }
  return since !== undefined && days >= enoughDays && five + eight >= enoughOrigins
    ? { kind: 'swapped', since, whole }
    : undefined;
}
