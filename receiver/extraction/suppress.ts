import { hideFrom, smallWithin } from '../quality/small-numbers.ts';

/** Places whose totals are hidden; undefined: none can be told. Every total is at least 1: a place without any is not there. */
export function hiddenPlaces(totals: readonly number[]): ReadonlySet<number> | undefined {
  return hideFrom(smallWithin, totals, 1);
}

/**
 * What is told of a table of one week, places by classes, both margins known. A place or a class whose total is hidden is
 * hidden with all its cells, and counts as one line with the others that are: what can be reckoned of them is no more than
 * that line. Which further cells are hidden depends on nothing but the small ones and the margins, so that the choice tells
 * nothing; then every small cell must be able to have all but one of the values of small counts, for somebody who knows the
 * margins, the cells told, and of each hidden one whether it is small. Where one could not, no cell of the table is told at all:
 * margins alone leave each small cell more room than that, because neither a margin told nor the rest of its line is small.
 *
 * Shape: counts by place and class; answers true where a cell is told. Classes are decided over the region's totals.
 */
export function protect(
  counts: readonly (readonly number[])[],
  hidden: { readonly places: ReadonlySet<number>; readonly classes: ReadonlySet<number> },
): readonly (readonly boolean[])[] {
  const { rows, columns, table } = merge(counts, hidden);
  const secret = [1, 2]
    .map((companions) => hiddenCells(table, companions))
    .find((each) => isDoubtful(table, each));
  return counts.map((cells, place) =>
    cells.map((_count, index) => {
      const [row, column] = [rows.indexOf(place), columns.indexOf(index)];
      return secret !== undefined && row >= 0 && column >= 0 && !secret.has(row * table.width + column);
    }),
  );
}

/** Cells row by row; the lines that stand for what is hidden come last. */
export interface Table {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly number[];
  readonly hasHiddenRow: boolean;
  readonly hasHiddenColumn: boolean;
}

export function merge(
  counts: readonly (readonly number[])[],
  hidden: { readonly places: ReadonlySet<number>; readonly classes: ReadonlySet<number> },
): { readonly rows: readonly number[]; readonly columns: readonly number[]; readonly table: Table } {
  const rows = counts.flatMap((_cells, place) => (hidden.places.has(place) ? [] : [place]));
  const columns = (counts[0] ?? []).flatMap((_count, index) => (hidden.classes.has(index) ? [] : [index]));
  const groups = (names: readonly number[], apart: ReadonlySet<number>): readonly (readonly number[])[] => [
    ...names.map((name) => [name]),
    ...(apart.size === 0 ? [] : [[...apart]]),
  ];
  const [height, width] = [groups(rows, hidden.places), groups(columns, hidden.classes)];
  const cells = height.flatMap((places) =>
    width.map((classes) =>
      places.reduce(
        (sum, place) => classes.reduce((all, index) => all + (counts[place]?.[index] ?? 0), sum),
        0,
      ),
    ),
  );
  return {
    ...{ rows, columns },
    table: {
      ...{ width: width.length, height: height.length, cells },
      ...{ hasHiddenRow: hidden.places.size > 0, hasHiddenColumn: hidden.classes.size > 0 },
    },
  };
}

/**
 * The small cells and those they hide behind, so many in the row and in the column of each: reckoned from the margins and from
 * which cells are small, and from nothing else.
 */
export function hiddenCells(table: Table, companions: number): Set<number> {
  const { width, height, cells, hasHiddenRow, hasHiddenColumn } = table;
  const isSmall = (row: number, column: number): boolean => (cells[row * width + column] ?? 0) < smallWithin;
  const { rows, columns, expected } = marginsOf(table);
  const rowsOf = columns.map((_total, column) =>
    behind(
      rows,
      hasHiddenRow,
      (row) => !isSmall(row, column),
      (row) => expected(row, column),
    ).slice(0, companions),
  );
  const columnsOf = rows.map((_total, row) =>
    behind(
      columns,
      hasHiddenColumn,
      (column) => !isSmall(row, column),
      (column) => expected(row, column),
    ).slice(0, companions),
  );
  const hidden = new Set<number>();
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const isApart = (hasHiddenRow && row === height - 1) || (hasHiddenColumn && column === width - 1);
      if (isApart) hidden.add(row * width + column);
      if (!isSmall(row, column)) continue;
      hidden.add(row * width + column);
      for (const other of columnsOf[row] ?? []) hidden.add(row * width + other);
      for (const other of rowsOf[column] ?? []) hidden.add(other * width + column);
      // The fourth corner: what one gains the other can lose.
      for (const high of rowsOf[column] ?? [])
        for (const wide of columnsOf[row] ?? []) hidden.add(high * width + wide);
    }
  return hidden;
}

function marginsOf({ width, height, cells }: Table): {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** What a cell would be if every row were divided as all are. */
  readonly expected: (row: number, column: number) => number;
} {
  const [rows, columns] = [Array<number>(height).fill(0), Array<number>(width).fill(0)];
  let total = 0;
  cells.forEach((count, cell) => {
    const [row, column] = [Math.floor(cell / width), cell % width];
    rows[row] = (rows[row] ?? 0) + count;
    columns[column] = (columns[column] ?? 0) + count;
    total += count;
  });
  return {
    ...{ rows, columns },
    expected: (row, column) => ((rows[row] ?? 0) * (columns[column] ?? 0)) / total,
  };
}

/** A hidden cell should have room above the threshold. */
const roomy = 3 * smallWithin;

/** Lines whose cell may be hidden beside a small one: what is hidden anyway, the smallest with room enough, the roomiest. */
function behind(
  totals: readonly number[],
  hasHidden: boolean,
  isAllowed: (line: number) => boolean,
  room: (line: number) => number,
): readonly number[] {
  const rank = (line: number): number => {
    if (hasHidden && line === totals.length - 1) return -1;
    return room(line) >= roomy ? (totals[line] ?? 0) : Number.MAX_SAFE_INTEGER - room(line);
  };
  return totals
    .map((_total, line) => line)
    .filter(isAllowed)
    .sort((one, other) => rank(one) - rank(other) || one - other);
}

/** Whether each small cell could have all but one of the values of small counts. */
export function isDoubtful(table: Table, hidden: ReadonlySet<number>): boolean {
  for (const cell of hidden) {
    const count = table.cells[cell] ?? 0;
    if (count >= smallWithin) continue;
    const wanted = smallWithin - 2;
    const up = shift(table, hidden, cell, 1, Math.min(wanted, smallWithin - 1 - count));
    if (up >= wanted) continue;
    if (up + shift(table, hidden, cell, -1, Math.min(wanted - up, count)) < wanted) return false;
  }
  return true;
}

/**
 * By how much a cell can change while rows and columns keep their sums, at most `most`: one unit after the other along a
 * path through hidden cells, each of which keeps to its bounds. What a path took, a later one may give back, so that the
 * answer is exact.
 */
function shift(
  table: Table,
  hidden: ReadonlySet<number>,
  target: number,
  sign: 1 | -1,
  most: number,
): number {
  const { width, height } = table;
  const cells = [...table.cells];
  const canChange = (cell: number, by: number): boolean => {
    if (cell === target || !hidden.has(cell)) return false;
    const isSmall = (table.cells[cell] ?? 0) < smallWithin;
    const next = (cells[cell] ?? 0) + by;
    return isSmall ? next >= 0 && next < smallWithin : next >= smallWithin;
  };
  const [row, column] = [Math.floor(target / width), target % width];
  let moved = 0;
  for (; moved < most; moved += 1) {
    const path = pathBetween({ width, height }, column, row, (cell, isDown) =>
      canChange(cell, isDown ? -sign : sign),
    );
    if (path === undefined) break;
    path.forEach((cell, step) => (cells[cell] = (cells[cell] ?? 0) + (step % 2 === 0 ? -sign : sign)));
  }
  return moved;
}

/** From a column to a row, through cells that can alternately go down and up; undefined: there is none. */
function pathBetween(
  { width, height }: { readonly width: number; readonly height: number },
  fromColumn: number,
  toRow: number,
  canChange: (cell: number, isDown: boolean) => boolean,
): readonly number[] | undefined {
  // Rows are 0 to height - 1, columns follow. `came`: the cell by which each was reached.
  const came = new Map<number, number>();
  const waiting = [height + fromColumn];
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    const isColumn = node >= height;
    for (let other = 0; other < (isColumn ? height : width); other += 1) {
      const next = isColumn ? other : height + other;
      if (came.has(next) || next === height + fromColumn) continue;
      const cell = isColumn ? other * width + (node - height) : node * width + other;
      if (!canChange(cell, isColumn)) continue;
      came.set(next, cell);
      if (next === toRow) return walkBack({ width, height }, came, toRow);
      waiting.push(next);
    }
  }
  return undefined;
}

function walkBack(
  { width, height }: { readonly width: number; readonly height: number },
  came: ReadonlyMap<number, number>,
  toRow: number,
): readonly number[] {
  const path: number[] = [];
  for (let [node, cell] = [toRow, came.get(toRow)]; cell !== undefined; cell = came.get(node)) {
    path.push(cell);
    node = node < height ? height + (cell % width) : Math.floor(cell / width);
  }
  return path.reverse();
}
