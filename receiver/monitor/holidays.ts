import { dayOf, type Day } from '../../shared/runtime/paris-time.ts';

export interface HolidayRules {
  /** Good Friday and 26 December too. */
  readonly alsaceMoselle: boolean;
}

/** Weekday of a day, 0 = Monday. */
export function weekdayOf(day: Day): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}

/** Easter Sunday (Gregorian; algorithm of Meeus, Jones and Butcher). */
export function easterOf(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  const dayOfMonth = (h + l - 7 * m + 33 * month + 19) % 32;
  return dayOf(year, month, dayOfMonth) ?? (0 as Day);
}

const fixed: readonly (readonly [number, number])[] = [
  [1, 1],
  [5, 1],
  [5, 8],
  [7, 14],
  [8, 15],
  [11, 1],
  [11, 11],
  [12, 25],
];

/** French public holidays (code du travail, L3133-1; Alsace-Moselle, L3134-13) of one year, in no order. */
export function holidaysOf(year: number, { alsaceMoselle }: HolidayRules): ReadonlySet<Day> {
  const easter = easterOf(year);
  const days = fixed.map(([month, dayOfMonth]) => dayOf(year, month, dayOfMonth));
  // Easter Monday, Ascension, Whit Monday.
  const moving = [1, 39, 50, ...(alsaceMoselle ? [-2] : [])].map((after) => (easter + after) as Day);
  const local = alsaceMoselle ? [dayOf(year, 12, 26)] : [];
  return new Set([...days, ...moving, ...local].filter((day) => day !== undefined));
}
