import type { Loop } from '../../../shared/runtime/lifecycle.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { DispatchTarget } from '../compose.ts';
import { createCalendar } from './cron.ts';
import { createScheduler, type SchedulerDeps } from './scheduler.ts';

/** One loop per destination that has a calendar. */
export function calendarLoops(
  destinations: readonly DestinationConfig[],
  targets: readonly DispatchTarget[],
  deps: Pick<SchedulerDeps, 'store' | 'clock' | 'logger' | 'onComposed'>,
): readonly Loop[] {
  return destinations.flatMap(({ name, schedule }) => {
    const target = targets.find((each) => each.name === name);
    if (schedule.kind !== 'calendar' || target === undefined) return [];
    const { cron, zone, window } = schedule;
    return [createScheduler({ ...deps, target, calendar: createCalendar({ cron, zone }), window }).loop];
  });
}
