import type { DestinationConfig } from '../../config-destinations.ts';
import { createCalendar, type Calendar } from '../../forward/calendar/cron.ts';
import { pauseOf } from '../../forward/pause.ts';
import type { StoreTx } from '../../store/store.ts';
import type { SeenDestination } from './region-seen.ts';

/** How each configured destination fares, in the order of the settings. */
export function createDestinationLook(
  destinations: readonly DestinationConfig[],
): (tx: StoreTx, now: number) => Promise<readonly SeenDestination[]> {
  const calendars = new Map<string, Calendar>(
    destinations.flatMap(({ name, schedule }) =>
      schedule.kind === 'calendar' ? [[name, createCalendar(schedule)] as const] : [],
    ),
  );
  return async (tx, now) => {
    const found: SeenDestination[] = [];
    for (const { name, owner, feed, acknowledgement } of destinations) {
      const row = await tx.destinations.get(name);
      const pause = pauseOf(row, now);
      found.push({
        ...{ name, feed, owner: owner ?? name, acknowledges: acknowledgement.kind !== 'none' },
        ...{ breaker: row?.breaker ?? 'closed', failures: row?.failures ?? 0, code: row?.code ?? null },
        ...{ pausedBy: pause?.by ?? null, since: pause?.at ?? row?.since ?? 0 },
        nextAttemptAt: row?.nextAttemptAt ?? 0,
        nextAt: calendars.get(name)?.next(now) ?? null,
        counts: await tx.dispatches.countsOf(name),
        lastSentAt: (await tx.dispatches.lastSentAt(name)) ?? null,
        lastRun: (await tx.destinations.lastRun(name)) ?? null,
      });
    }
    return found;
  };
}
