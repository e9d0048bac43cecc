/**
 * What somebody can work out who knows sums: the least and the most that a number can be, given equations between numbers none
 * of which is below zero. The simplex method, by hand, on a few hundred numbers.
 */
export interface Equation {
  /** By number, how often it is in the sum. */
  readonly terms: ReadonlyMap<number, number>;
  readonly sum: number;
}

export interface Polytope {
  range(number: number): { readonly least: number; readonly most: number };
}

const tiny = 1e-7;

/** Throws when no numbers satisfy the equations. */
export function createPolytope(numbers: number, equations: readonly Equation[]): Polytope {
  const width = numbers + equations.length + 1;
  const rows = equations.map(({ terms, sum }, index) => {
    const row = new Float64Array(width);
    const sign = sum < 0 ? -1 : 1;
    for (const [number, times] of terms) row[number] = (row[number] ?? 0) + sign * times;
    row[numbers + index] = 1;
    row[width - 1] = sign * sum;
    return row;
  });
  const basis = rows.map((_row, index) => numbers + index);
  // First: nothing is left of what was added to begin with.
  const first = new Float64Array(width);
  for (let column = numbers; column < width - 1; column += 1) first[column] = 1;
  const left = minimise(rows, basis, first, numbers);
  if (left > 1e-5) throw new Error('these equations contradict each other');
  dropAdded(rows, basis, numbers);
  return {
    range: (number) => {
      const bound = (sign: 1 | -1): number => {
        const cost = new Float64Array(width);
        cost[number] = sign;
        return sign * minimise(rows, basis, cost, numbers);
      };
      return { least: Math.ceil(bound(1) - 1e-5), most: Math.floor(bound(-1) + 1e-5) };
    },
  };
}

/** Leaves `rows` and `basis` at the best corner; answers -Infinity where there is none. */
function minimise(
  rows: readonly Float64Array[],
  basis: number[],
  cost: Float64Array,
  numbers: number,
): number {
  const reduced = Float64Array.from(cost);
  const last = reduced.length - 1;
  basis.forEach((column, index) => {
    const times = cost[column] ?? 0;
    const row = rows[index];
    if (times !== 0 && row !== undefined)
      for (let at = 0; at <= last; at += 1) reduced[at] = (reduced[at] ?? 0) - times * (row[at] ?? 0);
  });
  for (;;) {
    // Bland: the first that helps, so that it ends.
    let entering = -1;
    for (let column = 0; column < numbers && entering < 0; column += 1)
      if ((reduced[column] ?? 0) < -tiny) entering = column;
    if (entering < 0) return -(reduced[last] ?? 0);
    let [leaving, best] = [-1, Infinity];
    rows.forEach((row, index) => {
      const times = row[entering] ?? 0;
      if (times <= tiny) return;
      const ratio = (row[last] ?? 0) / times;
      if (ratio < best - tiny || (ratio < best + tiny && (basis[index] ?? 0) < (basis[leaving] ?? Infinity)))
        [leaving, best] = [index, Math.min(best, ratio)];
    });
    const row = rows[leaving];
    if (row === undefined) return -Infinity;
    pivot(rows, basis, leaving, entering);
    subtract(reduced, row, reduced[entering] ?? 0);
  }
}

function pivot(rows: readonly Float64Array[], basis: number[], leaving: number, entering: number): void {
  const row = rows[leaving];
  if (row === undefined) return;
  const times = row[entering] ?? 1;
  for (let at = 0; at < row.length; at += 1) row[at] = (row[at] ?? 0) / times;
  rows.forEach((each, index) => {
    if (index !== leaving) subtract(each, row, each[entering] ?? 0);
  });
  basis[leaving] = entering;
}

function subtract(from: Float64Array, row: Float64Array, times: number): void {
  if (times === 0) return;
  for (let at = 0; at < from.length; at += 1) from[at] = (from[at] ?? 0) - times * (row[at] ?? 0);
}

/** What was added to begin with leaves the corner; an equation that says nothing new is forgotten. */
function dropAdded(rows: Float64Array[], basis: number[], numbers: number): void {
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    if ((basis[index] ?? 0) < numbers) continue;
    const entering = rows[index]?.findIndex((times, at) => at < numbers && Math.abs(times) > tiny) ?? -1;
    if (entering >= 0) pivot(rows, basis, index, entering);
    else {
      rows.splice(index, 1);
      basis.splice(index, 1);
    }
  }
}
