import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fewest, hide, publishWeeks } from '../../../receiver/quality/discreet.ts';
import { packCell } from '../../../shared/feeds/tally.ts';
import type { Dimension } from '../../../shared/feeds/feed.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';

const monday = dayFromIso('2026-03-02') as Day;

/** What is seen of a whole: its classes, and their sum unless that is hidden too. */
function seen(counts: readonly number[]): string {
  const hidden = hide(counts);
  if (hidden === undefined) return 'nothing';
  return `${counts.reduce((sum, one) => sum + one, 0)}: ${counts.map((one, index) => (hidden.has(index) ? '?' : one)).join(' ')}`;
}

function* wholes(classes: number, most: number): Generator<number[]> {
  if (classes === 0) {
    yield [];
    return;
  }
  for (const rest of wholes(classes - 1, most)) for (let one = 0; one <= most; one += 1) yield [one, ...rest];
}

describe('what may be told of small numbers', () => {
  it('leaves at least two values to each hidden count, to whoever knows the rules and tries all wholes', () => {
    const most = 14;
    const possible = new Map<string, Set<number>[]>();
    for (const counts of wholes(4, most)) {
      // A larger whole may look the same: leaving it out only makes this test stricter.
      const key = seen(counts);
      const sets = possible.get(key) ?? counts.map(() => new Set<number>());
      counts.forEach((count, index) => sets[index]?.add(count));
      possible.set(key, sets);
    }
    let looked = 0;
    for (const counts of wholes(4, 9)) {
      if (counts.every((count) => count >= fewest)) continue;
      const sets = possible.get(seen(counts));
      counts.forEach((count, index) => {
        if (count >= fewest) return;
        looked += 1;
        if ((sets?.[index]?.size ?? 0) < 2) throw new Error(`${counts.join(' ')} gives ${index} away`);
      });
    }
    expect(looked).toBeGreaterThan(10_000);
  });

  it('never tells a count under five', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 24 }), (counts) => {
        const hidden = hide(counts);
        if (hidden === undefined) return;
        counts.forEach((count, index) => {
          if (count < fewest) expect(hidden.has(index)).toBe(true);
        });
      }),
    );
  });

  it('hides nothing where nothing is small', () => {
    expect(hide([5, 6, 700])).toEqual(new Set());
  });
});

const dimensions: readonly Dimension[] = [
  { name: 'hour', kind: 'one', classes: Array.from({ length: 24 }, (_none, hour) => String(hour)) },
  { name: 'age', kind: 'one', classes: ['young', 'old', 'unknown'] },
  { name: 'group', kind: 'many', classes: ['flu', 'coded'] },
];

function day(offset: number, young: number, old: number, flu: number) {
  const cell = (age: number, groups: readonly number[]) => packCell(dimensions, [9, age, groups]);
  const cells = [
    ...Array.from({ length: young }, () => cell(0, [1])),
    ...Array.from({ length: old }, (_none, index) => cell(1, index < flu ? [0, 1] : [1])),
  ];
  return { day: (monday + offset) as Day, cells: Uint32Array.from(cells) };
}

describe('weeks that are told', () => {
  it('does not give a week away by the difference of two periods', () => {
    const rows = [day(0, 2, 40, 0), day(7, 30, 40, 0), day(14, 30, 40, 0)];
    const long = publishWeeks(dimensions, rows);
    const short = publishWeeks(dimensions, rows.slice(1));
    // The same week is told the same way in both.
    expect(long.slice(1)).toEqual(short);
    expect(long[0]?.classes['age']).toEqual([null, null, null]);
    expect(long[0]?.total).toBe(42);
  });

  it('does not give a total that one split hides by another split', () => {
    const [week] = publishWeeks(dimensions, [day(0, 1, 1, 0)]);
    expect(week?.total).toBeNull();
    for (const counts of Object.values(week?.classes ?? {}))
      expect(counts.every((count) => count === null)).toBe(true);
  });

  it('hides a small group of diagnoses', () => {
    const [week] = publishWeeks(
      [dimensions[2]].flatMap((each) => (each === undefined ? [] : [each])),
      [{ day: monday, cells: Uint32Array.from([...Array.from({ length: 40 }, () => 2), 3, 3]) }],
    );
    expect(week?.classes['group']).toEqual([null, 42]);
  });
});
