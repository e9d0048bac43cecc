import { expect, it } from 'vitest';
import { yearBefore } from '../../../receiver/reports/iso-week.ts';
import { dayFromIso, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';

const day = (iso: string): Day => dayFromIso(iso) ?? (0 as Day);

/** Days of each month from 2016 to 2045: three of these years have 53 weeks and more begin in one. */
const months = Array.from({ length: 30 * 12 }, (_none, index) => {
  const first = (at: number): Day =>
    day(`${2016 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-01`);
  const [from, next] = [first(index), first(index + 1)];
  return Array.from({ length: next - from }, (_each, on) => (from + on) as Day);
});

it('is the same weekday of the same week, 52 weeks before where there is none', () => {
  const of = (iso: string, from = iso): string => dayToIso(yearBefore(day(iso), day(from)));
  expect([of('2026-11-18'), of('2026-12-31'), of('2027-01-04')]).toEqual([
    ...['2025-11-19', '2026-01-01', '2025-12-29'],
  ]);
  expect(of('2027-01-08', '2027-01-01')).toBe('2026-01-09');
});

it('gives each day of a month a day of its own, in their order', () => {
  for (const days of months) {
    const [from = 0 as Day] = days;
    const before = days.map((each) => yearBefore(each, from));
    expect(before.every((each, index) => index === 0 || each > (before[index - 1] ?? each))).toBe(true);
    // 53 weeks before, where the year before has a week more.
    expect(before.every((each, index) => [364, 371].includes((days[index] ?? 0) - each))).toBe(true);
  }
});
