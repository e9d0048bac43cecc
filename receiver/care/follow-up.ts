import { z } from 'zod';
import type { Clock } from '../../shared/runtime/clock.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { dayFromIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { DayRequest, RequestedDay } from '../store/care-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { numbersOf } from './asked.ts';

/**
 * Follows what was asked of facilities: a day is refilled when an export that came since covers it. A request ends when
 * every day of it came or is nowhere, or when nobody waits for it any more.
 */
export interface FollowUpDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

const everyMs = 60_000;
const most = 200;
/** After so long, what did not come is given up. */
export const patienceMs = 14 * 86_400_000;

export function createFollowUp({ store, clock, logger }: FollowUpDeps): Loop {
  return createLoop({
    name: 'follow-up',
    idleMs: everyMs,
    logger,
    step: async () => {
      // Most of the time nothing was asked: no turn of the writer's queue is spent on that.
      const open = await store.read((tx) => tx.care.requests.open(1));
      if (open.length === 0) return false;
      const closed = await store.transaction((tx) => followRequests(tx, clock.now()));
      for (const { id, facility, state } of closed)
        logger.info({ request: id, facility, state }, 'request-closed');
      return false;
    },
  });
}

export interface ClosedRequest {
  readonly id: number;
  readonly facility: string;
  readonly state: 'refilled' | 'partly' | 'given-up';
}

/** Answers those that ended. `now`: epoch ms. */
export async function followRequests(tx: StoreTx, now: number): Promise<readonly ClosedRequest[]> {
  const closed: ClosedRequest[] = [];
  for (const request of await tx.care.requests.open(most)) {
    const { id, facility } = request;
    await tx.care.requests.settleDays(id, await coveredSince(tx, request), 'refilled');
    const state = endOf(await tx.care.requests.daysOf(id), now - request.at > patienceMs);
    if (state === undefined || !(await tx.care.requests.close(id, state, now))) continue;
    closed.push({ id, facility, state });
  }
  return closed;
}

function endOf(days: readonly RequestedDay[], isOver: boolean): ClosedRequest['state'] | undefined {
  if (!isOver && days.some(({ state }) => state === 'asked')) return undefined;
  const refilled = days.filter(({ state }) => state === 'refilled').length;
  if (refilled === days.length) return 'refilled';
  return refilled > 0 ? 'partly' : 'given-up';
}

const windowed = z.object({ window: z.object({ from: z.string(), to: z.string() }).nullable() });

/** By the window of an export, or by a record that it wrote. */
async function coveredSince(tx: StoreTx, request: DayRequest): Promise<readonly Day[]> {
  const { from, to, at, feed, part } = request;
  const days = new Set<Day>();
  for (const facility of numbersOf(request.facility, await tx.facilities.aliases())) {
    for (const manifest of await tx.care.requests.takenSince({ facility, feed, part }, at)) {
      const read = windowed.safeParse(JSON.parse(manifest));
      const window = read.success ? read.data.window : null;
      const [first, last] = [dayFromIso(window?.from ?? ''), dayFromIso(window?.to ?? '')];
      if (first === undefined || last === undefined) continue;
      for (let day = Math.max(first, from); day <= Math.min(last, to); day += 1) days.add(day as Day);
    }
    for (const day of await tx.care.requests.daysWrittenSince({ facility, feed, part }, { from, to }, at))
      days.add(day);
  }
  return [...days];
}
