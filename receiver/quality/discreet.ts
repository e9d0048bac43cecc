import type { Dimension } from '../../shared/feeds/feed.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { countCells, mondayOf, type DayCells } from './analyse.ts';

/**
 * What may be told to somebody who is shown aggregates only. The whole region's week is the smallest thing counted, by one
 * dimension at a time; of it, a count under 5 is hidden, and with it as many of the next smallest as it takes for the
 * published ones not to give it away. Each week is decided by itself and never by the period asked for, and every sum is of
 * what was published: whatever two questions are asked, their difference is again made of published weeks.
 */
export interface PublishedWeek {
  readonly monday: Day;
  /** null: hidden. */
  readonly total: number | null;
  /** By dimension, one number a class; null: hidden. */
  readonly classes: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Fewer than this is never told. */
export const fewest = 5;
/** Values that a hidden count must still be able to have, less one. */
const doubt = 3;

export function publishWeeks(
  dimensions: readonly Dimension[],
  rows: readonly DayCells[],
): readonly PublishedWeek[] {
  const weeks = new Map<Day, DayCells[]>();
  for (const row of rows) {
    const monday = mondayOf(row.day);
    const list = weeks.get(monday) ?? [];
    list.push(row);
    weeks.set(monday, list);
  }
  return [...weeks]
    .sort(([one], [other]) => one - other)
    .map(([monday, days]) => publishWeek(dimensions, monday, days));
}

function publishWeek(
  dimensions: readonly Dimension[],
  monday: Day,
  days: readonly DayCells[],
): PublishedWeek {
  const { total, classes } = countCells(dimensions, days, { filters: {}, by: 'week' });
  const hidden = new Map<string, ReadonlySet<number> | undefined>(
    dimensions.map(({ name, kind }) => {
      const counts = classes[name] ?? [];
      return [name, kind === 'many' ? small(counts) : hide(counts)];
    }),
  );
  // A total that one dimension must not give is not given by another.
  const isSecret = total < fewest || [...hidden.values()].includes(undefined);
  return {
    monday,
    total: isSecret ? null : total,
    classes: Object.fromEntries(
      dimensions.map(({ name }) => [
        name,
        (classes[name] ?? []).map((count, index) =>
          isSecret || hidden.get(name)?.has(index) === true ? null : count,
        ),
      ]),
    ),
  };
}

/**
 * Which classes of a whole are hidden when their sum is known: each count under 5, then the smallest of the others until
 * every hidden small count could have at least four of the five values 0 to 4. Undefined: not even the sum can be told.
 */
export function hide(counts: readonly number[]): ReadonlySet<number> | undefined {
  const hidden = new Set(small(counts));
  if (hidden.size === 0) return hidden;
  const others = counts
    .map((count, index) => ({ count, index }))
    .filter(({ count }) => count >= fewest)
    .sort((one, other) => one.count - other.count || one.index - other.index);
  for (;;) {
    if (isDoubtful(counts, hidden)) return hidden;
    const next = others.shift();
    if (next === undefined) return undefined;
    hidden.add(next.index);
  }
}

function small(counts: readonly number[]): ReadonlySet<number> {
  return new Set(counts.flatMap((count, index) => (count < fewest ? [index] : [])));
}

/** As one would reckon who knows these rules: bounds of each small count from the sum and from the others' bounds. */
function isDoubtful(counts: readonly number[], hidden: ReadonlySet<number>): boolean {
  const shown = counts.filter((_count, index) => !hidden.has(index));
  const smallestShown = shown.length === 0 ? Infinity : Math.min(...shown);
  const sum = [...hidden].reduce((all, index) => all + (counts[index] ?? 0), 0);
  const bounds = [...hidden].map((index) =>
    (counts[index] ?? 0) < fewest
      ? { isSmall: true, low: 0, high: fewest - 1 }
      : { isSmall: false, low: fewest, high: smallestShown },
  );
  const lows = bounds.reduce((all, { low }) => all + low, 0);
  const highs = bounds.reduce((all, { high }) => all + high, 0);
  return bounds
    .filter(({ isSmall }) => isSmall)
    .every(({ low, high }) => {
      const least = Math.max(low, sum - (highs - high));
      const most = Math.min(high, sum - (lows - low));
      return most - least >= doubt;
    });
}
