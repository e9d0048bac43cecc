import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import { createCalendar } from '../forward/calendar/cron.ts';
import { reportKinds, type ReportKind } from '../store/report-tables.ts';
import { keepReports, type KeepDeps } from './keep-reports.ts';
import { periodBefore, periodText } from './period.ts';

export interface ReportScheduler {
  readonly loop: Loop;
  /** Makes the reports of one due time; true when there may be more. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const everyMs = 30_000;

/**
 * When the calendar says so, the last period that is over becomes its reports. A due time is noted when all of its reports
 * are kept: who dies before goes on with those that are missing. Of the due times missed, the last few are made up for.
 */
export function createReportScheduler(deps: KeepDeps): ReportScheduler {
  const { store, clock, logger, config } = deps;
  const { reports } = config;

  const stepOf = async (kind: ReportKind, signal: AbortSignal): Promise<boolean> => {
    const settings = reports[kind];
    if (settings === undefined) return false;
    const now = clock.now();
    const ran = await store.read((tx) => tx.reports.schedules.ranThrough(kind));
    // Nothing is owed of the time before it was asked for; nor may a clock that was ahead hold everything up.
    if (ran === undefined || ran > now) {
      await store.transaction((tx) => tx.reports.schedules.putRan(kind, now));
      return false;
    }
    const calendar = createCalendar(settings);
    const due: number[] = [];
    for (let before = now; due.length < reports.missed; before = (due[0] ?? 0) - 1) {
      const found = calendar.latest(ran, before);
      if (found === undefined) break;
      due.unshift(found);
    }
    const [oldest] = due;
    if (oldest === undefined) return false;
    const period = periodBefore(kind, oldest);
    const made = await keepReports(deps, period, signal);
    await store.transaction((tx) => tx.reports.schedules.putRan(kind, oldest));
    logger.info({ kind, period: periodText(period), reports: made }, 'reports-made');
    return due.length > 1;
  };

  const step = async (signal: AbortSignal): Promise<boolean> => {
    let more = false;
    for (const kind of reportKinds) if (!signal.aborted && (await stepOf(kind, signal))) more = true;
    return more && !signal.aborted;
  };
  return { step, loop: createLoop({ name: 'reports', idleMs: everyMs, logger, step }) };
}
