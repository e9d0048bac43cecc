import { dayFromIso, dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { DayRun } from '../compose.ts';

/** The last days up to yesterday, or every day since the first of January or a day (yyyy-mm-dd). */
export type CalendarWindow = { readonly days: number } | { readonly since: string };

/** Days of Paris, up to the day before the due time; undefined when the window has not begun. */
export function windowAt(window: CalendarWindow, dueAt: number): DayRun | undefined {
  const to = (dayOfInstant(dueAt) - 1) as Day;
  const from = firstDay(window, to);
  return from === undefined || from > to ? undefined : { from, to };
}

function firstDay(window: CalendarWindow, to: Day): Day | undefined {
  if ('days' in window) return (to - window.days + 1) as Day;
  return dayFromIso(window.since === 'year' ? `${dayToIso(to).slice(0, 4)}-01-01` : window.since);
}
