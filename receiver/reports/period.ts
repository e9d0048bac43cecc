import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { mondayOf } from '../quality/analyse.ts';
import type { ReportKind } from '../store/report-tables.ts';
import type { ReportPeriod } from './figures/compute.ts';
import { mondayFromText, weekText } from './iso-week.ts';

/** The day or week asked for: "2026-11-20", "2026-W47"; the last one that is over. Throws `report-period-...`. */
export function periodAsked(kind: ReportKind, text: string | undefined, now: number): ReportPeriod {
  if (text === undefined || text === '') return periodBefore(kind, now);
  const from = kind === 'daily' ? dayFromIso(text) : mondayFromText(text);
  if (from === undefined) throw permanent('report-period-invalid', { facts: { period: text.slice(0, 20) } });
  if (from > dayOfInstant(now)) throw permanent('report-period-future', { facts: { period: text } });
  return periodFrom(kind, from);
}

/** The last whole day, or the last whole week from Monday to Sunday, before this instant. */
export function periodBefore(kind: ReportKind, at: number): ReportPeriod {
  const today = dayOfInstant(at);
  return periodFrom(kind, (kind === 'daily' ? today - 1 : mondayOf(today) - 7) as Day);
}

function periodFrom(kind: ReportKind, from: Day): ReportPeriod {
  return { kind, from, to: (kind === 'daily' ? from : from + 6) as Day };
}

/** "2026-11-20" or "2026-W47": also part of the names of files. */
export function periodText({ kind, from }: Pick<ReportPeriod, 'kind' | 'from'>): string {
  return kind === 'daily' ? dayToIso(from) : weekText(from);
}
