import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishWeeks } from '../../../receiver/quality/discreet.ts';
import { hide, hideFrom, smallOutside, smallWithin } from '../../../receiver/quality/small-numbers.ts';
import { packCell } from '../../../shared/feeds/tally.ts';
import type { Dimension } from '../../../shared/feeds/feed.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';

const monday = dayFromIso('2026-03-02') as Day;

/** What is seen of a whole: its classes, and their sum unless that is hidden too. */
function seen(counts: readonly number[]): string {
  const hidden = hide(counts, { threshold: smallWithin });
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
      if (counts.every((count) => count >= smallWithin)) continue;
      const sets = possible.get(seen(counts));
      counts.forEach((count, index) => {
        if (count >= smallWithin) return;
        looked += 1;
        if ((sets?.[index]?.size ?? 0) < 2) throw new Error(`${counts.join(' ')} gives ${index} away`);
      });
    }
    expect(looked).toBeGreaterThan(10_000);
  });

  it('never tells a small count', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 24 }), (counts) => {
        for (const audience of [smallWithin, smallOutside]) {
          const hidden = hideFrom(audience, counts);
          if (hidden === undefined) continue;
          counts.forEach((count, index) => {
            if (count < audience) expect(hidden.has(index)).toBe(true);
          });
        }
      }),
    );
  });

  it('tells nobody outside what is hidden inside', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }), (counts) => {
        const [within, outside] = [hideFrom(smallWithin, counts), hideFrom(smallOutside, counts)];
        if (outside === undefined) return;
        for (const index of within ?? counts.keys()) expect(outside.has(index)).toBe(true);
      }),
    );
  });

  it('hides nothing where nothing is small', () => {
    expect(hideFrom(smallWithin, [5, 6, 700])).toEqual(new Set());
    expect(hideFrom(smallOutside, [11, 16, 700])).toEqual(new Set());
  });
});

const dimensions: readonly Dimension[] = [
  { name: 'hour', kind: 'one', classes: Array.from({ length: 24 }, (_none, hour) => String(hour)) },
  { name: 'age', kind: 'one', classes: ['young', 'old', 'unknown'] },
  { name: 'group', kind: 'many', classes: ['ari', 'influenza', 'coded'] },
];

function day(offset: number, young: number, old: number, flu: number) {
  const cell = (age: number, groups: readonly number[]) => packCell(dimensions, [9, age, groups]);
  const cells = [
    ...Array.from({ length: young }, () => cell(0, [2])),
    ...Array.from({ length: old }, (_none, index) => cell(1, index < flu ? [0, 1, 2] : [2])),
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

  it.each([
    // ari, influenza (part of ari), neither, without a diagnosis; what is told of ari, of influenza, of all with a diagnosis
    ['tells what is large', [20, 30, 40, 15], [50, 30, 90]],
    ['hides a small group', [20, 2, 40, 15], [22, null, 62]],
    ['hides a group that leaves few of the one that holds it', [3, 30, 40, 15], [33, null, 73]],
    ['hides a group that leaves few of those with a diagnosis', [20, 30, 4, 15], [null, 30, 54]],
    ['hides those with a diagnosis where few have none', [20, 30, 40, 3], [50, 30, null]],
    ['hides the groups where nearly all are in one', [20, 30, 2, 3], [null, 30, null]],
  ])('%s', (_what, [other = 0, influenza = 0, neither = 0, blank = 0], told) => {
    const many = dimensions.filter(({ kind }) => kind === 'many');
    const cells = [
      ...Array.from({ length: other }, () => 0b101),
      ...Array.from({ length: influenza }, () => 0b111),
      ...Array.from({ length: neither }, () => 0b100),
      ...Array.from({ length: blank }, () => 0),
    ];
    const [week] = publishWeeks(many, [{ day: monday, cells: Uint32Array.from(cells) }]);
    expect(week?.classes['group']).toEqual(told);
  });
});
