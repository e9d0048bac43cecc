import { dayOf, dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { mondayOf } from '../quality/analyse.ts';
import { weekText } from '../reports/iso-week.ts';

/**
 * The periods that counts are given for: ISO weeks, and months made of whole ones. A month is the weeks whose Thursday lies
 * in it, as a year of weeks is the weeks whose Thursday lies in the year: whatever is asked, every answer is a sum of the
 * same published weeks, and no two answers can be subtracted to get at part of one.
 */
export interface Span {
  /** "2026-W47", "2026-11" */
  readonly name: string;
  readonly mondays: readonly Day[];
}

export interface Lattice {
  readonly spans: readonly Span[];
  /** Days asked for that are of no whole span, or of a week that is not over. */
  readonly leftOut: number;
}

/** Days of Paris, `to` included. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
}

/**
 * The spans asked for that are over. A month is asked for by its calendar days or by its weeks; a week of which a part is asked
 * for is not given.
 */
export function latticeOf({ from, to }: Period, by: 'week' | 'month', now: number): Lattice {
  const today = dayOfInstant(now);
  const found: Span[] = [];
  let given = 0;
  for (const span of by === 'week' ? weeksOf(from) : monthsOf(from)) {
    const [first, last] = [span.mondays[0] ?? from, (span.mondays.at(-1) ?? from) + 6];
    if (first > to || last >= today) break;
    const calendar = by === 'week' ? undefined : calendarOf(span.name);
    const isAsked =
      (first >= from && last <= to) || (calendar !== undefined && calendar.from >= from && calendar.to <= to);
    if (!isAsked) continue;
    found.push(span);
    given += Math.min(last, to) - Math.max(first, from) + 1;
  }
  return { spans: found, leftOut: to - from + 1 - given };
}

/** The days of "2026-11" as calendars have them. */
function calendarOf(month: string): Period | undefined {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const from = dayOf(year, number, 1);
  const next = number === 12 ? dayOf(year + 1, 1, 1) : dayOf(year, number + 1, 1);
  return from === undefined || next === undefined ? undefined : { from, to: (next - 1) as Day };
}

function* weeksOf(from: Day): Generator<Span> {
  for (let monday = mondayOf(from); ; monday = (monday + 7) as Day)
    yield { name: weekText(monday), mondays: [monday] };
}

function* monthsOf(from: Day): Generator<Span> {
  let monday = mondayOf(from);
  // Back to where its month begins.
  while (monthOf((monday - 7) as Day) === monthOf(monday)) monday = (monday - 7) as Day;
  for (;;) {
    const name = monthOf(monday);
    const mondays: Day[] = [];
    for (; monthOf(monday) === name; monday = (monday + 7) as Day) mondays.push(monday);
    yield { name, mondays };
  }
}

/** "2026-11": of the week's Thursday. */
function monthOf(monday: Day): string {
  return dayToIso((monday + 3) as Day).slice(0, 7);
}
