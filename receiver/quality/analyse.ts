import type { Dimension } from '../../shared/feeds/feed.ts';
import { cellPlaces } from '../../shared/feeds/tally.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';

/** Counts of cells by time and by class: nothing but additions, over a million of them in a fraction of a second. */
export interface Question {
  /** By dimension, the indexes of the classes asked for; a dimension without an entry is not asked about. */
  readonly filters: Readonly<Record<string, ReadonlySet<number>>>;
  readonly by: 'day' | 'week' | 'hour';
}

export interface DayCells {
  readonly day: Day;
  readonly cells: Uint32Array;
}

export interface Counted {
  readonly total: number;
  /** By day, by the Monday of the week, or by hour 0 to 23; those without a record are not there. */
  readonly times: ReadonlyMap<number, number>;
  /** By dimension, one number a class. */
  readonly classes: Readonly<Record<string, readonly number[]>>;
}

export function countCells(
  dimensions: readonly Dimension[],
  rows: readonly DayCells[],
  { filters, by }: Question,
): Counted {
  const places = cellPlaces(dimensions);
  const hour = places[dimensions.findIndex(({ name }) => name === 'hour')] ?? { shift: 0, mask: 0 };
  const tests = testsOf(dimensions, filters);
  const sums = places.map(({ mask }, index) =>
    dimensions[index]?.kind === 'many'
      ? new Float64Array(dimensions[index].classes.length)
      : new Float64Array(mask + 1),
  );
  const shifts = places.map(({ shift }) => shift);
  const masks = places.map(({ mask }) => mask);
  const many = dimensions.map(({ kind }) => kind === 'many');
  const times = new Map<number, number>();
  const hours = new Float64Array(hour.mask + 1);
  let total = 0;
  for (const { day, cells } of rows) {
    let ofDay = 0;
    for (const cell of cells) {
      if (!passes(cell, tests)) continue;
      ofDay += 1;
      const at = (cell >>> hour.shift) & hour.mask;
      hours[at] = (hours[at] ?? 0) + 1;
      for (let index = 0; index < sums.length; index += 1) {
        const value = (cell >>> (shifts[index] ?? 0)) & (masks[index] ?? 0);
        const sum = sums[index];
        if (sum === undefined) continue;
        if (many[index] === true) addBits(sum, value);
        else sum[value] = (sum[value] ?? 0) + 1;
      }
    }
    total += ofDay;
    const key = by === 'week' ? mondayOf(day) : day;
    if (ofDay > 0 && by !== 'hour') times.set(key, (times.get(key) ?? 0) + ofDay);
  }
  if (by === 'hour') hours.slice(0, 24).forEach((count, at) => times.set(at, count));
  const classes = Object.fromEntries(
    dimensions.map(({ name, classes: names }, index) => [
      name,
      names.map((_name, place) => sums[index]?.[place] ?? 0),
    ]),
  );
  return { total, times, classes };
}

interface Test {
  readonly shift: number;
  readonly mask: number;
  /** one: allowed by value. many: any of these bits. */
  readonly allowed: Uint8Array | number;
}

function testsOf(dimensions: readonly Dimension[], filters: Question['filters']): readonly Test[] {
  return cellPlaces(dimensions).flatMap(({ shift, mask }, index): readonly Test[] => {
    const dimension = dimensions[index];
    const asked = dimension === undefined ? undefined : filters[dimension.name];
    if (dimension === undefined || asked === undefined || asked.size === 0) return [];
    if (dimension.kind === 'many')
      return [{ shift, mask, allowed: [...asked].reduce((bits, one) => bits | (1 << one), 0) }];
    const allowed = new Uint8Array(mask + 1);
    for (const one of asked) allowed[one] = 1;
    return [{ shift, mask, allowed }];
  });
}

function passes(cell: number, tests: readonly Test[]): boolean {
  for (const { shift, mask, allowed } of tests) {
    const value = (cell >>> shift) & mask;
    if (typeof allowed === 'number' ? (value & allowed) === 0 : allowed[value] !== 1) return false;
  }
  return true;
}

function addBits(sum: Float64Array, bits: number): void {
  for (let left = bits, place = 0; left !== 0; left >>>= 1, place += 1)
    if ((left & 1) === 1) sum[place] = (sum[place] ?? 0) + 1;
}

/** 1970-01-01 was a Thursday. */
export function mondayOf(day: Day): Day {
  return (day - ((((day + 3) % 7) + 7) % 7)) as Day;
}
