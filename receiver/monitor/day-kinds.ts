import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { holidaysOf, weekdayOf } from './holidays.ts';

/** What is known of a day before anything comes: days of one kind are compared with each other. */
export interface DayKind {
  /** 0 = Monday. */
  readonly weekday: number;
  readonly holiday: boolean;
  readonly schoolHoliday: boolean;
}

export interface DayKinds {
  of(day: Day): DayKind;
}

export interface SchoolPeriod {
  /** None: every zone. */
  readonly zones: readonly string[];
  readonly from: Day;
  /** Included. */
  readonly to: Day;
}

export interface DayKindRules {
  readonly alsaceMoselle: boolean;
  readonly zone?: string | undefined;
  readonly schoolHolidays: readonly SchoolPeriod[];
}

/** Remembers what it answered: the same year is asked for again and again. */
export function createDayKinds({ alsaceMoselle, zone, schoolHolidays }: DayKindRules): DayKinds {
  const years = new Map<number, ReadonlySet<Day>>();
  const kinds = new Map<Day, DayKind>();
  const own = schoolHolidays.filter(
    ({ zones }) => zones.length === 0 || (zone !== undefined && zones.includes(zone)),
  );
  const isHoliday = (day: Day): boolean => {
    const year = Number(dayToIso(day).slice(0, 4));
    const known = years.get(year) ?? holidaysOf(year, { alsaceMoselle });
    years.set(year, known);
    return known.has(day);
  };
  return {
    of: (day) => {
      const known = kinds.get(day);
      if (known !== undefined) return known;
      const schoolHoliday = own.some(({ from, to }) => day >= from && day <= to);
      const kind = { weekday: weekdayOf(day), holiday: isHoliday(day), schoolHoliday };
      if (kinds.size > 4096) kinds.clear();
      kinds.set(day, kind);
      return kind;
    },
  };
}
