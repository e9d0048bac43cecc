import type { Day } from '../../shared/runtime/paris-time.ts';
import type { CountedDay } from '../store/watch-tables.ts';
import type { DayKind, DayKinds } from './day-kinds.ts';
import { fromScale, median, quantile, robustSpread, toScale } from './statistics.ts';

/**
 * How many visits a facility should have on a day, from its own past year: the median of the same weekday, holidays apart,
 * with the tenth and ninetieth percentiles to show, and the floor under which a day is abnormally low. The floor lies
 * further out than the tenth percentile, below which one honest day in ten falls.
 */
export interface Expectation {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  /** Fewer than this is abnormally low. */
  readonly floor: number;
}

export interface VolumeModel {
  /** From the days before it only. Undefined under eight weeks of history. */
  expect(day: Day): Expectation | undefined;
}

const yearDays = 365;
const firstWeeksDays = 56;
/** Of those eight weeks, days with visits: a unit that sends one week in two can still be judged later. */
const enoughDays = 40;
const enoughOfKind = 4;
const enoughHolidays = 3;
const recentDays = 28;
const enoughRecent = 14;
/** How far the last four weeks may move what a year says: a share of the count, so that a slow loss does not become normal. */
const mostDrift = 0.2;
/** Distance of the floor in spreads: 1 honest day in 4,000 on an ordinary day. */
const floorSpreads = 3.5;
const holidaySpreads = 4.5;

interface Sample {
  readonly day: Day;
  readonly count: number;
  readonly scaled: number;
  readonly kind: DayKind;
}

/** `history` in order of days; days without visits are gaps, not zeros. */
export function createVolumeModel(history: readonly CountedDay[], kinds: DayKinds): VolumeModel {
  const samples: readonly Sample[] = history
    .filter(({ count }) => count > 0)
    .map(({ day, count }) => ({ day, count, scaled: toScale(count), kind: kinds.of(day) }));
  const answered = new Map<Day, Expectation | undefined>();
  const answer = (day: Day): Expectation | undefined => {
    const known = samples.filter((each) => each.day < day && each.day >= day - yearDays);
    const [first] = known;
    if (first === undefined || day - first.day < firstWeeksDays || known.length < enoughDays)
      return undefined;
    return expectation(known, day, kinds.of(day));
  };
  return {
    expect: (day) => {
      if (!answered.has(day)) answered.set(day, answer(day));
      return answered.get(day);
    },
  };
}

export interface VolumeModels {
  of(pair: string, history: readonly CountedDay[], kinds: DayKinds): VolumeModel;
}

/** Keeps what was learnt of each pair until its history changes: most looks learn nothing new. */
export function createVolumeModels(): VolumeModels {
  const kept = new Map<string, { readonly learnt: string; readonly model: VolumeModel }>();
  return {
    of: (pair, history, kinds) => {
      const learnt = history.map(({ day, count }) => `${day}:${count}`).join();
      const known = kept.get(pair);
      if (known?.learnt === learnt) return known.model;
      const model = createVolumeModel(history, kinds);
      kept.set(pair, { learnt, model });
      return model;
    },
  };
}

function expectation(known: readonly Sample[], day: Day, kind: DayKind): Expectation | undefined {
  const ordinary = known.filter((each) => !each.kind.holiday);
  const byWeekday = Array.from({ length: 7 }, (_none, weekday) =>
    ordinary.filter((each) => each.kind.weekday === weekday),
  );
  const middles = byWeekday.map(scaledMedian);
  const residuals = ordinary.flatMap((each) => {
    const middle = middles[each.kind.weekday];
    return middle === undefined ? [] : [{ day: each.day, value: each.scaled - middle }];
  });
  const spread = Math.max(1, robustSpread(residuals.map(({ value }) => value)));
  const recent = residuals.filter((each) => each.day >= day - recentDays).map(({ value }) => value);
  const moved = (middle: number): number => middle + driftOf(recent, middle);

  const alike = comparable(byWeekday[kind.weekday] ?? [], kind);
  if (!kind.holiday)
    return alike.length < enoughOfKind
      ? undefined
      : shape(alike, moved(scaledMedian(alike)), spread * floorSpreads);

  // A holiday may be quiet like a Sunday, or as it was last year: the lowest of these is not abnormal.
  const holidays = known.filter((each) => each.kind.holiday);
  const likely = [alike, byWeekday[6] ?? [], holidays.length < enoughHolidays ? [] : holidays].filter(
    ({ length }) => length > 0,
  );
  if (likely.length === 0) return undefined;
  const quietest = likely.reduce((one, other) => (scaledMedian(other) < scaledMedian(one) ? other : one));
  const wide = Math.max(spread, robustSpread(quietest.map(({ scaled }) => scaled)));
  return shape(quietest, moved(scaledMedian(quietest)), wide * holidaySpreads);
}

/** School holidays are compared with each other once there are enough of them. */
function comparable(sameWeekday: readonly Sample[], kind: DayKind): readonly Sample[] {
  const same = sameWeekday.filter((each) => each.kind.schoolHoliday === kind.schoolHoliday);
  return same.length >= enoughOfKind + 2 ? same : sameWeekday;
}

function driftOf(recent: readonly number[], middle: number): number {
  if (recent.length < enoughRecent) return 0;
  const count = fromScale(middle);
  const lowest = toScale(count * (1 - mostDrift)) - middle;
  const highest = toScale(count * (1 + mostDrift)) - middle;
  return Math.min(highest, Math.max(lowest, median(recent)));
}

function shape(alike: readonly Sample[], middle: number, below: number): Expectation {
  const counts = alike.map(({ count }) => count);
  return {
    median: Math.round(fromScale(middle)),
    p10: Math.round(quantile(counts, 0.1)),
    p90: Math.round(quantile(counts, 0.9)),
    floor: Math.floor(fromScale(middle - below)),
  };
}

function scaledMedian(samples: readonly Sample[]): number {
  return median(samples.map(({ scaled }) => scaled));
}
