import { describe, expect, it } from 'vitest';
import { createDayKinds } from '../../../receiver/monitor/day-kinds.ts';
import { createVolumeModel, createVolumeModels } from '../../../receiver/monitor/expected-volume.ts';
import { weekdayOf } from '../../../receiver/monitor/holidays.ts';
import { missingStretches } from '../../../receiver/monitor/missing-hours.ts';
import type { CountedDay } from '../../../receiver/store/watch-tables.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { dayAt } from '../calendar/kit.ts';

const kinds = createDayKinds({ alsaceMoselle: false, schoolHolidays: [] });
const end = dayAt('2026-10-12');
/** Days up to the one before `end`; a small regular ripple in place of chance. */
const past = (days: number, countOn: (day: Day) => number): readonly CountedDay[] =>
  Array.from({ length: days }, (_none, index) => {
    const day = (end - days + index) as Day;
    return { day, count: countOn(day) + ((index * 7) % 11) - 5 };
  });
const usual = (day: Day): number => (weekdayOf(day) === 0 ? 120 : 100);

describe('what volume is expected', () => {
  it('is not judged under eight weeks of history', () => {
    expect(createVolumeModel(past(55, usual), kinds).expect(end)).toBeUndefined();
    expect(createVolumeModel(past(56, usual), kinds).expect(end)).toBeDefined();
    // Eight weeks ago, but hardly ever since.
    const sparse = past(100, usual).filter((_day, index) => index % 3 === 0);
    expect(createVolumeModel(sparse, kinds).expect(end)).toBeUndefined();
  });

  it('is that of the same weekday, with what is usual around it, and a floor further out', () => {
    const monday = createVolumeModel(past(300, usual), kinds).expect(end);
    expect(monday?.median).toBeGreaterThan(115);
    expect(monday?.median).toBeLessThan(125);
    expect(monday?.p10).toBeGreaterThanOrEqual(115);
    expect(monday?.p90).toBeLessThanOrEqual(125);
    expect(monday?.floor).toBeGreaterThan(60);
    expect(monday?.floor).toBeLessThan(monday?.p10 ?? 0);
  });

  it('takes no part of a day from the days after it, nor from days that never came', () => {
    const gaps = past(300, usual).map((each, index) => (index % 5 === 0 ? { ...each, count: 0 } : each));
    const model = createVolumeModel(
      [...gaps, { day: end, count: 5 }, { day: (end + 7) as Day, count: 5 }],
      kinds,
    );
    expect(model.expect(end)?.median).toBeGreaterThan(110);
  });

  it('follows a season slowly, and does not take a loss of half for one', () => {
    const halved = past(300, (day) => usual(day) * (day >= end - 40 ? 0.5 : 1));
    const floor = createVolumeModel(halved, kinds).expect(end)?.floor ?? 0;
    expect(floor).toBeGreaterThan(60);
    const season = past(300, (day) => usual(day) * (day >= end - 40 ? 0.9 : 1));
    const expected = createVolumeModel(season, kinds).expect(end);
    expect(expected?.median).toBeLessThan(115);
  });

  it('calls a public holiday low only under what Sundays and holidays make usual', () => {
    const quiet = past(300, (day) => (weekdayOf(day) === 6 ? 60 : 100));
    const model = createVolumeModel(quiet, kinds);
    const holiday = createVolumeModel(quiet, { of: (day) => ({ ...kinds.of(day), holiday: day === end }) });
    expect(holiday.expect(end)?.floor).toBeLessThan(30);
    expect(model.expect(end)?.floor).toBeGreaterThan(55);
  });

  it('compares school holidays with each other once there are enough of them', () => {
    const inSummer = (day: Day): boolean => day >= end - 100 && day < end - 40;
    const summer = past(300, (day) => (inSummer(day) ? 60 : 100));
    const marked = (today: boolean) =>
      createVolumeModel(summer, {
        of: (day) => ({ ...kinds.of(day), schoolHoliday: inSummer(day) || (today && day === end) }),
      }).expect(end);
    expect(marked(true)?.median).toBeLessThan(75);
    expect(marked(false)?.median).toBeGreaterThan(90);
  });

  it('is learnt again when history changes, and only then', () => {
    const models = createVolumeModels();
    const history = past(100, usual);
    const first = models.of('a', history, kinds);
    expect(models.of('a', [...history], kinds)).toBe(first);
    expect(models.of('a', [...history, { day: end, count: 3 }], kinds)).not.toBe(first);
  });
});

describe('hours that are missing', () => {
  const whole = Array.from({ length: 24 }, (_none, hour) => (hour < 7 ? 1 : 5));
  const days = (count: number, counts: readonly number[] = whole) =>
    Array.from({ length: count }, (_none, index) => ({ day: (end - count + index) as Day, counts }));
  const without = (from: number, to: number): readonly number[] =>
    whole.map((count, hour) => (hour >= from && hour < to ? 0 : count));
  const ordinary = { holiday: false };
  const found = (counts: readonly number[], known = days(40), kind = ordinary) =>
    missingStretches({ day: end, counts }, known, kind).map(({ from, to }) => [from, to]);

  it('are found at an end of the day, and inside it from four whole hours on', () => {
    expect(found(without(14, 24))).toEqual([[14, 24]]);
    expect(found(without(0, 12))).toEqual([[0, 12]]);
    expect(found(without(10, 14))).toEqual([[10, 14]]);
    expect(found(without(10, 13))).toEqual([]);
    expect(found(whole)).toEqual([]);
  });

  it('are told with the visits usual in them', () => {
    expect(missingStretches({ day: end, counts: without(20, 24) }, days(40), ordinary)).toEqual([
      { from: 20, to: 24, usual: 20 },
    ]);
  });

  it('are no news where the facility is used to them, where few visits come, or where little is known', () => {
    expect(found(without(14, 24), [...days(40), ...days(10, without(14, 24))])).toEqual([]);
    expect(found(without(0, 6))).toEqual([]);
    expect(found(without(14, 24), days(27))).toEqual([]);
    expect(found(without(0, 24))).toEqual([]);
  });

  it('need more to be told of on a public holiday', () => {
    const afternoon = whole.map((count, hour) => (hour >= 21 ? 0 : count));
    expect(found(afternoon)).toEqual([[21, 24]]);
    expect(found(afternoon, days(40), { holiday: true })).toEqual([]);
  });
});
