import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDraw } from '../../installers/sandbox/seeded.ts';
import { generatePam } from '../support/pam-generator.ts';
import { createHearing } from '../support/pam-hearing.ts';
import type { ExpectedVisit } from '../support/pam-model.ts';

type Hearing = ReturnType<typeof createHearing>;

const always = Number.MAX_SAFE_INTEGER;

/** As expected at the end of time, and where the patient lay at each instant before. */
function agree(hearing: Hearing, expected: ExpectedVisit): void {
  const { emergency } = hearing.visit(expected.visit, always);
  expect(emergency).toEqual(
    expected.emergency === null ? null : { visit: expected.visit, ...expected.emergency },
  );
  const instants = expected.places.map(({ from }) => from);
  for (const at of instants) {
    const place = expected.places.findLast(({ from }) => from <= at)?.place ?? null;
    expect(hearing.visit(expected.visit, at).occupancy).toEqual(place);
  }
  const [first = always] = instants;
  expect(hearing.visit(expected.visit, first - 1).occupancy).toBeNull();
}

const seeds = fc.integer({ min: 0, max: 1_000_000 });

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const draw = createDraw('order', seed);
  return items
    .map((item) => ({ item, rank: draw.fraction() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

describe('visits put together from PAM France messages', () => {
  it('are those of the hospital after every single message', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, withA08) => {
        const hearing = createHearing();
        for (const { text, after } of generatePam(seed, { withA08 }).messages) {
          hearing.hear(text);
          for (const expected of after) agree(hearing, expected);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are those of the hospital in whatever order the messages come, some of them twice', () => {
    fc.assert(
      fc.property(seeds, seeds, fc.boolean(), (seed, order, withA08) => {
        const { messages, visits } = generatePam(seed, { withA08, steps: 40 });
        const hearing = createHearing();
        const again = messages.filter((_, index) => (index + order) % 5 === 0);
        for (const { text } of shuffled([...messages, ...again], order)) hearing.hear(text);
        for (const expected of visits) agree(hearing, expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('are those of the hospital when files are replayed newest first', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 12 }), (seed, perFile) => {
        const { messages, visits } = generatePam(seed, { steps: 40 });
        const files = Array.from({ length: Math.ceil(messages.length / perFile) }, (_, index) =>
          messages.slice(index * perFile, (index + 1) * perFile),
        );
        const hearing = createHearing();
        for (const { text } of files.reverse().flat()) hearing.hear(text);
        for (const expected of visits) agree(hearing, expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('are many and of all kinds', () => {
    const kinds = new Map<string, number>();
    const endings = new Map<string, number>();
    for (let seed = 0; seed < 400; seed += 1) {
      const { messages, visits } = generatePam(seed, { steps: 60, withA08: true });
      for (const { parts } of messages) kinds.set(parts.trigger, (kinds.get(parts.trigger) ?? 0) + 1);
      for (const { emergency } of visits) {
        const ending = emergency === null ? 'none' : (emergency.ending ?? 'lasts');
        endings.set(ending, (endings.get(ending) ?? 0) + 1);
      }
    }
    const every = 'A01 A02 A03 A04 A05 A06 A07 A08 A11 A12 A13 A21 A22 A28 A31 A40 A47 A52 A53 Z99'.split(
      ' ',
    );
    expect(every.filter((trigger) => (kinds.get(trigger) ?? 0) < 5)).toEqual([]);
    expect(['none', 'lasts', 'left', 'hospitalised'].filter((one) => (endings.get(one) ?? 0) < 50)).toEqual(
      [],
    );
  });
});
