import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readQuestion, addressOf } from '../../../receiver/pages/analysis/question.ts';
import { countCells, mondayOf } from '../../../receiver/quality/analyse.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { tallyDay } from '../../../shared/feeds/tally.ts';
import { dayFromIso, dayToFrench, parseFrenchDate, type Day } from '../../../shared/runtime/paris-time.ts';
import { visitOn } from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';

const dimensions = edVisits.tally?.dimensions ?? [];
const first = dayFromIso('2026-03-02') as Day;
const now = Date.parse('2026-03-20T08:00:00Z');

const visits = fc.array(
  fc.record({
    offset: fc.nat(20),
    hour: fc.nat(23),
    ageDays: fc.option(fc.nat(36_500)),
    severity: fc.option(fc.constantFrom('1', 'P', '2', '3', '4', '5', 'D', '9')),
    departureMode: fc.option(fc.constantFrom('6', '7', '8', '9', 'x')),
    diagnosis: fc.option(fc.constantFrom('J101', 'J219', 'A099', 'S52', 'E871', 'R55')),
  }),
  { maxLength: 80 },
);

type Drawn = (typeof visits extends fc.Arbitrary<infer T> ? T : never)[number];

function rowsOf(drawn: readonly Drawn[]) {
  const byDay = new Map<Day, ReturnType<typeof visitOn>[]>();
  for (const { offset, hour, ageDays, severity, departureMode, diagnosis } of drawn) {
    const day = (first + offset) as Day;
    const part = {
      hour,
      ...(ageDays === null ? {} : { birthDate: dayToFrench((day - ageDays) as Day) }),
      ...(severity === null ? {} : { severity }),
      ...(departureMode === null ? {} : { departureMode }),
      ...(diagnosis === null ? {} : { principalDiagnosis: diagnosis }),
    };
    byDay.set(day, [...(byDay.get(day) ?? []), visitOn(finess(1), day, part)]);
  }
  return [...byDay].map(([day, list]) => ({
    day,
    cells:
      tallyDay(
        edVisits,
        list.map((record) => ({ record, repeated: false })),
      )?.cells ?? new Uint32Array(),
  }));
}

/** Bounds of the age classes, in days and years, said anew. */
function isOfAge(name: string, days: number | null): boolean {
  if (days === null) return name === 'unknown';
  if (name === '0-28d') return days < 28;
  if (name === '28d-1') return days >= 28 && Math.floor(days / 365.25) < 1;
  const years = Math.floor(days / 365.25);
  if (name === '85+') return years >= 85;
  const [from, to] = name.split('-').map(Number);
  return from !== undefined && to !== undefined && years >= from && years < to;
}

describe('counting cells', () => {
  it('answers as one who goes through all records would', () => {
    fc.assert(
      fc.property(
        visits,
        fc.subarray(['0-28d', '28d-1', '1-5', '18-30', '65-75', '85+', 'unknown']),
        fc.subarray(['P', '3', 'D', 'unknown']),
        fc.subarray(['influenza', 'ari', 'malaise', 'coded']),
        fc.subarray([0, 3, 12, 23]),
        (drawn, ages, severities, groups, hours) => {
          const indexes = (name: string, wanted: readonly string[]) =>
            new Set(
              wanted.map((each) => dimensions.find((one) => one.name === name)?.classes.indexOf(each) ?? -1),
            );
          const counted = countCells(dimensions, rowsOf(drawn), {
            filters: {
              age: indexes('age', ages),
              severity: indexes('severity', severities),
              syndrome: indexes('syndrome', groups),
              hour: new Set(hours),
            },
            by: 'week',
          });
          const codes: Record<string, readonly string[]> = {
            influenza: ['J101'],
            ari: ['J101', 'J219'],
            malaise: ['R55'],
            coded: ['J101', 'J219', 'A099', 'S52', 'E871', 'R55'],
          };
          const known = ['1', 'P', '2', '3', '4', '5', 'D'];
          const expected = drawn.filter(
            ({ hour, ageDays, severity, diagnosis }) =>
              (hours.length === 0 || hours.includes(hour)) &&
              (ages.length === 0 || ages.some((age) => isOfAge(age, ageDays))) &&
              (severities.length === 0 ||
                severities.includes(severity !== null && known.includes(severity) ? severity : 'unknown')) &&
              (groups.length === 0 ||
                groups.some((group) => diagnosis !== null && codes[group]?.includes(diagnosis))),
          );
          expect(counted.total).toBe(expected.length);
          for (const [monday, count] of counted.times)
            expect(count).toBe(
              expected.filter(({ offset }) => mondayOf((first + offset) as Day) === monday).length,
            );
          const sums = ['age', 'severity', 'departure', 'hour'].map((name) =>
            (counted.classes[name] ?? []).reduce((sum, one) => sum + one, 0),
          );
          expect(new Set([...sums, expected.length]).size).toBe(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives parts that add up to the whole, however the filter is cut', () => {
    fc.assert(
      fc.property(visits, fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]), (drawn, some) => {
        const rows = rowsOf(drawn);
        const rest = [0, 1, 2, 3, 4, 5, 6, 7].filter((each) => !some.includes(each));
        if (some.length === 0 || rest.length === 0) return;
        const of = (severity: readonly number[]) =>
          countCells(dimensions, rows, { filters: { severity: new Set(severity) }, by: 'day' }).total;
        expect(of(some) + of(rest)).toBe(drawn.length);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an address that asks', () => {
  it('takes whatever is written for what it can mean, and never fails', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom(
              'du',
              'au',
              'de',
              'a',
              'par',
              'selon',
              'age',
              'gravite',
              'groupe',
              'etablissement',
            ),
            fc.oneof(
              fc.string(),
              fc.constantFrom('2026-02-30', '9999-12-31', '-1', '1e9', '24', '__proto__', 'constructor'),
            ),
          ),
        ),
        (entries) => {
          const query = new URLSearchParams(entries);
          const asked = readQuestion(query, dimensions, now);
          expect(asked.from).toBeLessThanOrEqual(asked.to);
          expect(asked.to - asked.from).toBeLessThan(731);
          expect(() => countCells(dimensions, [], asked)).not.toThrow();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('passes midnight', () => {
    const { filters } = readQuestion(new URLSearchParams('de=22&a=2'), dimensions, now);
    expect([...(filters['hour'] ?? [])]).toEqual([22, 23, 0, 1]);
  });

  it('says the same again', () => {
    const text =
      'du=2026-03-01&au=2026-03-10&etablissement=990000010&age=85%2B&gravite=P&de=20&a=8&par=semaine&selon=groupe';
    const asked = readQuestion(new URLSearchParams(text), dimensions, now);
    expect(addressOf(asked, dimensions).toString()).toBe(text);
    expect(asked.from).toBe(parseFrenchDate('01/03/2026'));
  });
});
