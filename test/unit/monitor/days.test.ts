import { describe, expect, it } from 'vitest';
import { createDayKinds } from '../../../receiver/monitor/day-kinds.ts';
import { easterOf, holidaysOf, weekdayOf } from '../../../receiver/monitor/holidays.ts';
import { dueAt } from '../../../receiver/monitor/rhythm.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { dayAt } from '../calendar/kit.ts';

const iso = (year: number, alsaceMoselle = false): readonly string[] =>
  [...holidaysOf(year, { alsaceMoselle })].map(dayToIso).sort();

describe('days of France', () => {
  it('finds Easter of years with an early one, a late one and the ones between', () => {
    const found = [2008, 2011, 2024, 2025, 2026, 2027, 2038, 2100].map((year) => dayToIso(easterOf(year)));
    expect(found).toEqual([
      ...['2008-03-23', '2011-04-24', '2024-03-31', '2025-04-20'],
      ...['2026-04-05', '2027-03-28', '2038-04-25', '2100-03-28'],
    ]);
  });

  it('knows the eleven public holidays, and two more in Alsace-Moselle', () => {
    expect(iso(2026)).toEqual([
      ...['2026-01-01', '2026-04-06', '2026-05-01', '2026-05-08', '2026-05-14', '2026-05-25'],
      ...['2026-07-14', '2026-08-15', '2026-11-01', '2026-11-11', '2026-12-25'],
    ]);
    const more = iso(2026, true).filter((day) => !iso(2026).includes(day));
    expect(more).toEqual(['2026-04-03', '2026-12-26']);
  });

  it('counts weekdays from Monday, before 1970 too', () => {
    expect([dayAt('2026-11-22'), dayAt('2026-11-23'), dayAt('1969-12-28')].map(weekdayOf)).toEqual([6, 0, 6]);
  });

  it('takes a school holiday for its own zone, or for every zone', () => {
    const period = (zones: string[], from: string, to: string) => ({
      zones,
      from: dayAt(from),
      to: dayAt(to),
    });
    const schoolHolidays = [
      period(['A', 'C'], '2026-02-07', '2026-02-23'),
      period([], '2026-07-04', '2026-08-31'),
    ];
    const isHoliday = (zone: string | undefined, day: string) =>
      createDayKinds({ alsaceMoselle: false, zone, schoolHolidays }).of(dayAt(day)).schoolHoliday;
    expect([
      isHoliday('A', '2026-02-23'),
      isHoliday('B', '2026-02-10'),
      isHoliday(undefined, '2026-02-10'),
    ]).toEqual([true, false, false]);
    expect([isHoliday('B', '2026-07-14'), isHoliday('A', '2026-02-24')]).toEqual([true, false]);
  });

  it('expects a day at its hour of Paris on the next morning, the night of a clock change too', () => {
    const at = (day: string, before?: string) =>
      new Date(dueAt({ every: 'day', before: '04:00' }, dayAt(day), before)).toISOString();
    expect(at('2026-01-10')).toBe('2026-01-11T03:00:00.000Z');
    expect(at('2026-03-28')).toBe('2026-03-29T02:00:00.000Z');
    expect(at('2026-10-24')).toBe('2026-10-25T03:00:00.000Z');
    expect(at('2026-07-01', '10:30')).toBe('2026-07-02T08:30:00.000Z');
  });
});
