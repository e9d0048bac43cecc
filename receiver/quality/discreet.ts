import type { Dimension } from '../../shared/feeds/feed.ts';
import { defaultGroups } from '../../shared/feeds/syndromic-groups.ts';
import { cellPlaces } from '../../shared/feeds/tally.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { countCells, mondayOf, type DayCells } from './analyse.ts';
import { groupLattice, tellGroups } from './nested-groups.ts';
import { hiddenClasses, smallOutside, smallWithin } from './small-numbers.ts';

/**
 * What may be told to somebody who is shown aggregates only. The whole region's week is the smallest thing counted, by one
 * dimension at a time; of it, a count under 11 is hidden, and with it as many of the next smallest as it takes for the
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

/** What a report of the region, read within its authority, does not tell either. */
export const fewest = smallWithin;

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
  const hidden = hiddenClasses(dimensions, { total, classes }, smallOutside);
  const shown = (dimension: Dimension): readonly (number | null)[] => {
    const { name, kind } = dimension;
    if (hidden === undefined) return dimension.classes.map(() => null);
    if (kind === 'many') return groupsOf(dimensions, dimension, days);
    return (classes[name] ?? []).map((count, index) =>
      hidden.get(name)?.has(index) === true ? null : count,
    );
  };
  return {
    monday,
    total: hidden === undefined ? null : total,
    classes: Object.fromEntries(dimensions.map((dimension) => [dimension.name, shown(dimension)])),
  };
}

/** Days are counted by the program's own groups; their last class is that of visits with a diagnosis. */
function groupsOf(
  dimensions: readonly Dimension[],
  { name, classes }: Dimension,
  days: readonly DayCells[],
): readonly (number | null)[] {
  const lattice = groupLattice(defaultGroups);
  const places = classes.map((id) => {
    const group = defaultGroups.find((each) => each.id === id);
    return group === undefined ? 0 : lattice.placeOf(group);
  });
  const { shift, mask } = cellPlaces(dimensions)[dimensions.findIndex((each) => each.name === name)] ?? {
    ...{ shift: 0, mask: 0 },
  };
  const masks = new Map<number, number>();
  for (const { cells } of days)
    for (const cell of cells) {
      const bits = (cell >>> shift) & mask;
      masks.set(bits, (masks.get(bits) ?? 0) + 1);
    }
  const told = tellGroups(
    lattice,
    new Map(
      [...masks].map(([bits, count]) => [
        places.reduce((all, place, bit) => ((bits >>> bit) & 1 ? all | (1n << BigInt(place)) : all), 0n),
        count,
      ]),
    ),
    smallOutside,
  );
  return places.map((place) => told[place] ?? null);
}
