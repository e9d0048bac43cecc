import { dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
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

export function latticeOf({ from, to }: Period, by: 'week' | 'month', now: number): Lattice {
  const lastOver = (mondayOf(dayOfInstant(now)) - 1) as Day;
  const spans = by === 'week' ? weeksOf(from) : monthsOf(from);
  const found: Span[] = [];
  for (const span of spans) {
    const last = (span.mondays.at(-1) ?? 0) + 6;
    if (last > to || last > lastOver) break;
    if ((span.mondays[0] ?? 0) >= from) found.push(span);
  }
  const given = found.reduce((sum, { mondays }) => sum + mondays.length * 7, 0);
  return { spans: found, leftOut: to - from + 1 - given };
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
