import { dayFromIso, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { mondayOf } from '../quality/analyse.ts';

/** Weeks as ISO 8601 counts them: from Monday, of the year that holds their Thursday. */
export interface IsoWeek {
  readonly year: number;
  readonly week: number;
}

export function isoWeekOf(day: Day): IsoWeek {
  const thursday = (mondayOf(day) + 3) as Day;
  const year = Number(dayToIso(thursday).slice(0, 4));
  const first = dayFromIso(`${year}-01-01`) ?? thursday;
  return { year, week: Math.floor((thursday - first) / 7) + 1 };
}

/** Undefined for the 53rd of a year that has 52. */
export function mondayOfWeek({ year, week }: IsoWeek): Day | undefined {
  const fourth = dayFromIso(`${String(year).padStart(4, '0')}-01-04`);
  if (fourth === undefined || week < 1 || week > 53) return undefined;
  const monday = (mondayOf(fourth) + (week - 1) * 7) as Day;
  return isoWeekOf(monday).year === year ? monday : undefined;
}

/** "2026-W47" */
export function weekText(day: Day): string {
  const { year, week } = isoWeekOf(day);
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** The Monday of "2026-W47"; undefined when it is none. */
export function mondayFromText(text: string): Day | undefined {
  const [, year, week] = /^(\d{4})-W(\d{2})$/.exec(text) ?? [];
  return year === undefined || week === undefined
    ? undefined
    : mondayOfWeek({ year: Number(year), week: Number(week) });
}

/**
 * The same weekday of the same week a year before; 52 weeks before where there is no such week. Of a period that begins in a
 * 53rd week, all days are taken 52 weeks before: no day stands for two.
 */
export function yearBefore(day: Day, from: Day = day): Day {
  const same = (of: Day): Day | undefined => {
    const { year, week } = isoWeekOf(of);
    return mondayOfWeek({ year: year - 1, week });
  };
  const monday = same(from) === undefined ? undefined : same(day);
  return monday === undefined ? ((day - 364) as Day) : ((monday + (day - mondayOf(day))) as Day);
}
