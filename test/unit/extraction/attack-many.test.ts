import { describe, expect, it } from 'vitest';
import {
  tellPlaces,
  tellRegion,
  type PlaceCounts,
  type WeekCounts,
} from '../../../receiver/extraction/week.ts';
import { smallOutside, smallWithin } from '../../../receiver/quality/small-numbers.ts';
import { attack, dimensions, givenAway, oneSplits, type SeenWeek } from '../../support/extraction-attack.ts';
import { facilities, thrower } from '../../support/extraction-region.ts';

/** As told by the rules, without asking: the same functions, for many regions in a short time. */
function seenBy(week: WeekCounts): SeenWeek {
  const regions = oneSplits.map(({ name }) => tellRegion(week, dimensions, name, smallWithin));
  return {
    total: regions[0]?.total ?? null,
    splits: oneSplits.map(({ name }, split) => {
      const places = [...tellPlaces(week, dimensions, name).values()];
      return {
        totals: places.map(({ total }) => total),
        cells: places.map(({ classes }) => classes),
        classes: regions[split]?.classes ?? [],
      };
    }),
  };
}

/** Small counts hidden, and nothing else. */
function seenWithoutMore(week: WeekCounts): SeenWeek {
  const told = (count: number): number | null => (count < smallWithin ? null : count);
  const rows = [...week.places.values()];
  return {
    total: rows.reduce((sum, { total }) => sum + total, 0),
    splits: oneSplits.map(({ name, classes }) => ({
      totals: rows.map(({ total }) => told(total)),
      cells: rows.map((row) => (row.classes[name] ?? []).map(told)),
      classes: classes.map((_class, index) =>
        told(rows.reduce((sum, row) => sum + (row.classes[name]?.[index] ?? 0), 0)),
      ),
    })),
  };
}

/** A week of a region of three facilities, drawn at random. */
function anyWeek(seed: number, sizes: readonly number[]): WeekCounts {
  const random = thrower(seed);
  return {
    places: new Map(
      facilities.map((facility, place) => {
        const total = 1 + Math.floor(random() * (sizes[place] ?? 1));
        const classes = Object.fromEntries(
          dimensions.map(({ name, classes: all }) => {
            const counts = all.map(() => 0);
            for (let visit = 0; visit < total; visit += 1) {
              const index = Math.floor(random() ** 2 * all.length);
              counts[index] = (counts[index] ?? 0) + 1;
            }
            return [name, counts];
          }),
        );
        return [facility, { total, classes }];
      }),
    ),
  };
}

function sumOfPlaces({ places }: WeekCounts): PlaceCounts {
  const rows = [...places.values()];
  return {
    total: rows.reduce((sum, { total }) => sum + total, 0),
    classes: Object.fromEntries(
      dimensions.map(({ name, classes }) => [
        name,
        classes.map((_class, index) => rows.reduce((sum, row) => sum + (row.classes[name]?.[index] ?? 0), 0)),
      ]),
    ),
  };
}

describe('many small regions', () => {
  const sizes = [
    [6, 12, 40],
    [30, 60, 120],
    [100, 200, 500],
    [3, 4, 300],
    [400, 500, 900],
  ] as const;

  it.each(sizes.map((each) => [each.join(', '), each] as const))(
    'of up to %s visits give no small number away',
    (_name, each) => {
      let hidden = 0;
      for (let seed = 1; seed <= 12; seed += 1) {
        const week = anyWeek(seed, each);
        const guesses = attack(seenBy(week));
        hidden += guesses.length;
        expect([seed, givenAway(guesses, week)]).toEqual([seed, []]);
      }
      expect(hidden).toBeGreaterThan(100);
    },
  );

  it('give those outside the authority no number under eleven', () => {
    for (const each of sizes)
      for (let seed = 1; seed <= 12; seed += 1) {
        const week = anyWeek(seed, each);
        const regions = oneSplits.map(({ name }) => tellRegion(week, dimensions, name, smallOutside));
        const total = regions[0]?.total ?? null;
        const splits = regions.map((region) => ({
          ...{ totals: [total], cells: [region?.classes ?? []], classes: region?.classes ?? [] },
        }));
        const whole = { places: new Map([[facilities[0], sumOfPlaces(week)]]) };
        expect([seed, givenAway(attack({ total, splits }), whole, smallOutside)]).toEqual([seed, []]);
      }
  });

  it('would be found out if small numbers alone were hidden', () => {
    let found = 0;
    for (let seed = 1; seed <= 6; seed += 1) {
      const week = anyWeek(seed, [100, 200, 500]);
      found += givenAway(attack(seenWithoutMore(week)), week).filter(
        ({ least, most }) => least === most,
      ).length;
    }
    expect(found).toBeGreaterThan(10);
  });
});
