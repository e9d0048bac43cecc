import type { Dimension } from '../../shared/feeds/feed.ts';
import { hiddenClasses, smallWithin } from '../quality/small-numbers.ts';
import { hiddenPlaces, protect } from './suppress.ts';

/** What a week holds, exactly. Places without any visit are not there. */
export interface WeekCounts {
  /** By facility: its visits, and by classification one number a class. */
  readonly places: ReadonlyMap<string, PlaceCounts>;
}

export interface PlaceCounts {
  readonly total: number;
  readonly classes: Readonly<Record<string, readonly number[]>>;
}

/** null: not told. */
export interface ToldPlace {
  readonly total: number | null;
  readonly classes: readonly (number | null)[];
}

/**
 * The region's week by one classification in which each visit has one class. Decided over all of them: a week whose sum one
 * of them must not give is given by none. Undefined: nothing came that week.
 */
export function tellRegion(
  { places }: WeekCounts,
  dimensions: readonly Dimension[],
  split: string,
  audience: number,
): ToldPlace | undefined {
  const total = sum([...places.values()].map((place) => place.total));
  if (total === 0) return undefined;
  const classes = Object.fromEntries(
    dimensions.map((each) => [each.name, regionOf(places, each.name, each.classes.length)]),
  );
  const hidden = hiddenClasses(dimensions, { total, classes }, audience);
  return {
    total: hidden === undefined ? null : total,
    classes: (classes[split] ?? []).map((count, index) =>
      hidden === undefined || hidden.get(split)?.has(index) === true ? null : count,
    ),
  };
}

/** Every facility's week: the whole table is decided at once, whoever asks for how much of it. For those inside only. */
export function tellPlaces(
  week: WeekCounts,
  dimensions: readonly Dimension[],
  split: string,
): ReadonlyMap<string, ToldPlace> {
  const rows = [...week.places].sort(([one], [other]) => (one < other ? -1 : 1));
  const region = tellRegion(week, dimensions, split, smallWithin);
  const hidden = hiddenPlaces(rows.map(([, { total }]) => total));
  const table = rows.map(([, { classes }]) => classes[split] ?? []);
  if (region === undefined || region.total === null || hidden === undefined)
    return new Map(
      rows.map(([facility, { classes }]) => [
        facility,
        { total: null, classes: (classes[split] ?? []).map(() => null) },
      ]),
    );
  const classes = new Set(region.classes.flatMap((count, index) => (count === null ? [index] : [])));
  const told = protect(table, { places: hidden, classes });
  return new Map(
    rows.map(([facility, { total, classes: counts }], place) => [
      facility,
      {
        total: hidden.has(place) ? null : total,
        classes: (counts[split] ?? []).map((count, index) => (told[place]?.[index] === true ? count : null)),
      },
    ]),
  );
}

function regionOf(places: WeekCounts['places'], split: string, classes: number): readonly number[] {
  return Array.from({ length: classes }, (_none, index) =>
    sum([...places.values()].map((place) => place.classes[split]?.[index] ?? 0)),
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
