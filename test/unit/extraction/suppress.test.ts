import { describe, expect, it } from 'vitest';
import { hiddenCells, isDoubtful, type Table } from '../../../receiver/extraction/suppress.ts';
import { tellPlaces, tellRegion, type WeekCounts } from '../../../receiver/extraction/week.ts';
import { smallWithin } from '../../../receiver/quality/small-numbers.ts';
import type { Dimension } from '../../../shared/feeds/feed.ts';

const dimension: Dimension = { name: 'split', kind: 'one', classes: ['a', 'b'] };

function weekOf(table: readonly (readonly number[])[]): WeekCounts {
  return {
    places: new Map(
      table.flatMap((counts, place) => {
        const total = counts.reduce((sum, count) => sum + count, 0);
        return total === 0 ? [] : [[String(place), { total, classes: { split: counts } }] as const];
      }),
    ),
  };
}

/** All that is told of a week, as one text: weeks that look alike cannot be told from one another. */
function seen(table: readonly (readonly number[])[], classes: readonly string[]): string {
  const dimensions = [{ ...dimension, classes }];
  const week = weekOf(table);
  return JSON.stringify([
    tellRegion(week, dimensions, 'split', smallWithin),
    [...tellPlaces(week, dimensions, 'split')],
  ]);
}

function* tables(height: number, width: number, most: number): Generator<number[][]> {
  const cells = Array.from({ length: height * width }, () => 0);
  for (;;) {
    yield Array.from({ length: height }, (_none, row) => cells.slice(row * width, (row + 1) * width));
    let place = 0;
    while (place < cells.length && cells[place] === most) cells[place++] = 0;
    if (place === cells.length) return;
    cells[place] = (cells[place] ?? 0) + 1;
  }
}

describe('tables of small numbers', () => {
  it.each([
    ['two places and two classes', 2, 2, 14],
    ['three places and two classes', 3, 2, 5],
  ] as const)(
    'leave four values to each small number, to whoever knows these rules and tries all tables: %s',
    (_name, height, width, most) => {
      const classes = Array.from({ length: width }, (_none, index) => String(index));
      const possible = new Map<string, Set<number>[]>();
      const found: { readonly key: string; readonly cells: readonly number[] }[] = [];
      for (const table of tables(height, width, most)) {
        const cells = table.flat();
        const key = seen(table, classes);
        const sets = possible.get(key) ?? cells.map(() => new Set<number>());
        cells.forEach((count, cell) => sets[cell]?.add(count));
        possible.set(key, sets);
        // Of what sums to more, some tables that look the same were not tried.
        if (cells.reduce((sum, count) => sum + count, 0) <= most) found.push({ key, cells });
      }
      let looked = 0;
      for (const { key, cells } of found) {
        const shown = JSON.parse(key) as [{ total: number | null } | null, unknown];
        if (shown[0] === null) continue;
        cells.forEach((count, cell) => {
          // A place from which nothing came is told as such.
          const place = Math.floor(cell / width);
          if (cells.slice(place * width, (place + 1) * width).every((each) => each === 0)) return;
          if (count >= smallWithin) return;
          looked += 1;
          const values = possible.get(key)?.[cell]?.size ?? 0;
          if (values < smallWithin - 1)
            throw new Error(`${cells.join(' ')} leaves ${values} values to ${cell}`);
        });
      }
      expect(looked).toBeGreaterThan(500);
    },
    60_000,
  );

  it('tells a table without small numbers whole', () => {
    const told = tellPlaces(
      weekOf([
        [8, 9],
        [10, 11],
      ]),
      [dimension],
      'split',
    );
    expect([...told.values()].map(({ total, classes }) => [total, ...classes])).toEqual([
      [17, 8, 9],
      [21, 10, 11],
    ]);
  });

  it('hides beside a small number what would give it away, along its row and its column', () => {
    const counts = [
      [3, 60, 70],
      [50, 80, 90],
      [40, 50, 60],
    ];
    const told = tellPlaces(weekOf(counts), [{ ...dimension, classes: ['a', 'b', 'c'] }], 'split');
    const shown = [...told.values()].map(({ classes }) => classes);
    expect(shown[0]?.filter((count) => count === null)).toHaveLength(2);
    expect(shown.map((row) => row[0]).filter((count) => count === null)).toHaveLength(2);
    expect(shown.flat().filter((count) => count === null)).toHaveLength(4);
  });

  it('chooses what is hidden by the margins alone', () => {
    // The same small numbers and the same margins, otherwise divided.
    const one: Table = tableOf([
      [3, 60, 70],
      [50, 80, 90],
      [40, 50, 60],
    ]);
    const other: Table = tableOf([
      [3, 62, 68],
      [47, 83, 90],
      [43, 45, 62],
    ]);
    expect(hiddenCells(one, 1)).toEqual(hiddenCells(other, 1));
  });

  it('knows how far a cell can be pinned down', () => {
    const table = tableOf([
      [1, 9, 20],
      [9, 30, 20],
      [20, 20, 30],
    ]);
    // Without a second cell in its row it is known exactly; behind cells without room it is known nearly.
    expect(isDoubtful(table, new Set([0, 3]))).toBe(false);
    expect(isDoubtful(table, new Set([0, 1, 3, 4]))).toBe(true);
    expect(
      isDoubtful(
        tableOf([
          [1, 5, 20],
          [5, 30, 20],
          [20, 20, 30],
        ]),
        new Set([0, 1, 3, 4]),
      ),
    ).toBe(false);
  });
});

function tableOf(rows: readonly (readonly number[])[]): Table {
  return {
    ...{ width: rows[0]?.length ?? 0, height: rows.length, cells: rows.flat() },
    ...{ hasHiddenRow: false, hasHiddenColumn: false },
  };
}
