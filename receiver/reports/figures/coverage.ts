import type { CoverageState } from '../../store/report-tables.ts';
import type { Gathered } from './gathered.ts';
import { isNotAwaited, isWhole, type ReportState } from './judged-days.ts';

/** How whole a report is: what it can be trusted for. */
export interface Coverage extends CoverageState {
  /** Days of facilities by state. */
  readonly states: ReadonlyMap<ReportState, number>;
  /** Visits with at least one diagnosis, of all; null: no visit. */
  readonly coded: number | null;
}

export function coverageOf({ days, total }: Pick<Gathered, 'days' | 'total'>): Coverage {
  const states = new Map<ReportState, number>();
  for (const day of days)
    for (const [state, count] of day.states) states.set(state, (states.get(state) ?? 0) + count);
  const sum = (of: (state: ReportState) => boolean): number =>
    [...states].reduce((all, [state, count]) => all + (of(state) ? count : 0), 0);
  const expected = days.reduce((all, { expecting }) => all + expecting.expected, 0);
  const received = days.reduce((all, { expecting }) => all + expecting.received, 0);
  return {
    ...{ states, whole: sum(isWhole), notAwaited: sum(isNotAwaited) },
    incomplete: sum((state) => !isWhole(state) && !isNotAwaited(state)),
    received: expected === 0 ? null : received / expected,
    coded: total.visits === 0 ? null : total.coded / total.visits,
  };
}
