import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { mondayOf } from '../quality/analyse.ts';
import type { ReportKind } from '../store/report-tables.ts';
import type { ReportPeriod } from './figures/compute.ts';
import { mondayFromText, weekText } from './iso-week.ts';

/**
 * The period asked for: "2026-11-20", "2026-W47", "2026-11"; the last one that is over. Throws `report-period-invalid` and
 * `report-period-future`.
 */
export function periodAsked(kind: ReportKind, text: string | undefined, now: number): ReportPeriod {
  if (text === undefined || text === '') return periodBefore(kind, now);
  const from = startFrom[kind](text);
  if (from === undefined) throw permanent('report-period-invalid', { facts: { period: text.slice(0, 20) } });
  return begun(kind, from, text, now);
}

/** The period of this kind that this day ("2026-11-20") is in. Throws as `periodAsked`. */
export function periodHolding(kind: ReportKind, iso: string, now: number): ReportPeriod {
  if (iso === '') return periodBefore(kind, now);
  const day = dayFromIso(iso);
  if (day === undefined) throw permanent('report-period-invalid', { facts: { period: iso.slice(0, 20) } });
  return begun(kind, startOf(kind, day), iso, now);
}

/** The last whole day, week from Monday to Sunday, or month before this instant. */
export function periodBefore(kind: ReportKind, at: number): ReportPeriod {
  return periodFrom(kind, startOf(kind, (startOf(kind, dayOfInstant(at)) - 1) as Day));
}

/** "2026-11-20", "2026-W47" or "2026-11": also part of the names of files. */
export function periodText({ kind, from }: Pick<ReportPeriod, 'kind' | 'from'>): string {
  if (kind === 'weekly') return weekText(from);
  return kind === 'daily' ? dayToIso(from) : dayToIso(from).slice(0, 7);
}

const startFrom: Readonly<Record<ReportKind, (text: string) => Day | undefined>> = {
  daily: dayFromIso,
  weekly: mondayFromText,
  monthly: (text) => (/^\d{4}-\d{2}$/.test(text) ? dayFromIso(`${text}-01`) : undefined),
};

function startOf(kind: ReportKind, day: Day): Day {
  switch (kind) {
    case 'daily':
      return day;
    case 'weekly':
      return mondayOf(day);
    case 'monthly':
      return (day - Number(dayToIso(day).slice(8)) + 1) as Day;
  }
}

function begun(kind: ReportKind, from: Day, period: string, now: number): ReportPeriod {
  if (from > dayOfInstant(now)) throw permanent('report-period-future', { facts: { period } });
  return periodFrom(kind, from);
}

const lengths: Readonly<Record<ReportKind, number>> = { daily: 1, weekly: 7, monthly: 31 };

/** From a first day to the last one before the next period. */
function periodFrom(kind: ReportKind, from: Day): ReportPeriod {
  const next = startOf(kind, (from + lengths[kind]) as Day);
  return { kind, from, to: (next - 1) as Day };
}
