import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { crashPoint } from '../../../shared/runtime/crash-point.ts';
import { createLoop, type Loop } from '../../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { Store } from '../../store/store.ts';
import { composeRange } from '../compose-range.ts';
import type { DispatchTarget } from '../compose.ts';
import type { Calendar } from './cron.ts';
import { windowAt, type CalendarWindow } from './window.ts';

/**
 * The loop of one destination's calendar. When it is due, the window of days is composed anew, a facility and a transaction
 * at a time, each noted in that transaction: a process that dies in the middle goes on with the facilities that are
 * missing. Of the due times missed while the receiver was down, only the latest is made up.
 */
export interface SchedulerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly target: DispatchTarget;
  readonly calendar: Calendar;
  readonly window: CalendarWindow;
  /** Dispatches wait in the destination's queue. */
  readonly onComposed: () => void;
}

export interface Scheduler {
  readonly loop: Loop;
  /** One facility, or the end of a run; true when there is more to do at once. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const idleMs = 1000;

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { store, clock, logger, target, calendar } = deps;
  const { name: destination } = target;
  let run: { readonly dueAt: number; readonly facilities: readonly string[] } | undefined;
  /** Nothing is due before: most looks cost a comparison. */
  let quietUntil = -Infinity;
  let lookedAt = -Infinity;
  let startedAt: number | undefined;

  const open = async (now: number): Promise<typeof run> => {
    const dueAt = calendar.latest(await since(now), now);
    if (dueAt !== undefined) return { dueAt, facilities: await facilitiesLeft(dueAt) };
    quietUntil = calendar.next(now) ?? Infinity;
    return undefined;
  };

  /**
   * A destination that never ran owes nothing of the time before it was there. What ran, or began, under a clock that was
   * ahead and was put right since does not count: the calendar would stand still until then.
   */
  const since = async (now: number): Promise<number> => {
    const known = await store.read(async (tx) => {
      const ran = (await tx.destinations.lastRun(destination, now))?.dueAt;
      return ran ?? (await tx.calendars.start(destination));
    });
    startedAt = Math.min(startedAt ?? now, now);
    if (known !== undefined) return known <= now ? known : startedAt;
    await store.transaction((tx) => tx.calendars.putStart(destination, now));
    return now;
  };

  const facilitiesLeft = (dueAt: number): Promise<readonly string[]> =>
    store.read(async (tx) => {
      const done = new Set((await tx.calendars.composed(destination, dueAt)).map(({ facility }) => facility));
      const all = (await tx.facilities.list()).map(({ finess }) => finess);
      return all.filter((finess) => target.takes(finess) && !done.has(finess));
    });

  const composeOne = async (facility: string, dueAt: number): Promise<void> => {
    const days = windowAt(deps.window, dueAt);
    if (days === undefined) return;
    const files = await store.transaction(async (tx) => {
      const range = { ...days, facility, cause: 'schedule', now: clock.now() } as const;
      const { length } = await composeRange(tx, target, range);
      await tx.calendars.putComposed(destination, dueAt, facility, length);
      return length;
    });
    crashPoint('after-calendar-facility');
    if (files > 0) deps.onComposed();
  };

  const close = async (dueAt: number): Promise<void> => {
    const facts = await store.transaction(async (tx) => {
      const composed = (await tx.calendars.composed(destination, dueAt)).filter(({ files }) => files > 0);
      const files = composed.reduce((sum, each) => sum + each.files, 0);
      const facilities = composed.length;
      await tx.destinations.putRun({ destination, dueAt, ranAt: clock.now(), facilities, files });
      return { facilities, files };
    });
    logger.info({ destination, dueAt, ...facts }, 'calendar-run');
  };

  const step = async (signal: AbortSignal): Promise<boolean> => {
    const now = clock.now();
    const wentBack = now < lookedAt;
    lookedAt = now;
    if (run === undefined && now < quietUntil && !wentBack) return false;
    run ??= await open(now);
    if (run === undefined) return false;
    const [facility, ...left] = run.facilities;
    if (facility === undefined) {
      await close(run.dueAt);
      run = undefined;
      return true;
    }
    await composeOne(facility, run.dueAt);
    run = { ...run, facilities: left };
    // A large window is a long piece of work: others get their turn.
    await setImmediate();
    return !signal.aborted;
  };

  return { step, loop: createLoop({ name: `calendar-${destination}`, idleMs, logger, step }) };
}
