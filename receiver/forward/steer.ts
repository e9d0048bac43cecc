import { permanent } from '../../shared/runtime/errors.ts';
import type { DestinationRow } from '../store/destination-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { closedBreaker } from './delivery/breaker.ts';
import { dispatchNamed, stateFacts } from './find-dispatch.ts';
import { pauseOf } from './pause.ts';

/**
 * What a person decides about a destination's queue. Each is one change in the store: a serving receiver reads it there
 * before it takes the next file, so that what is being sent finishes, and nothing that was sent is touched.
 */

export interface PauseRequest {
  readonly person: string;
  readonly now: number;
  /** Epoch ms. */
  readonly until?: number;
  readonly reason?: string;
}

/** Nothing more is sent until it is resumed, or its end comes. A pause in force stands, under the person who asked for it first. */
export async function pauseDestination(
  tx: StoreTx,
  name: string,
  { person, now, until, reason }: PauseRequest,
): Promise<DestinationRow> {
  const row = await rowOf(tx, name);
  if (pauseOf(row, now) !== undefined) return row;
  const ends = { pausedUntil: until ?? null, pauseReason: reason ?? null };
  const paused = { ...row, pausedBy: person, pausedAt: now, ...ends };
  await tx.destinations.put(paused);
  return paused;
}

/** Answers what was paused; undefined when nothing was. */
export async function resumeDestination(tx: StoreTx, name: string): Promise<DestinationRow | undefined> {
  const row = await tx.destinations.get(name);
  if (row === undefined || row.pausedBy === null) return undefined;
  await tx.destinations.put({ ...row, pausedBy: null, pausedAt: null, pausedUntil: null, pauseReason: null });
  return row;
}

/** The breaker's wait is over: one file tries a destination that is down. */
export async function tryNow(tx: StoreTx, name: string): Promise<void> {
  const row = await tx.destinations.get(name);
  if (row !== undefined && row.nextAttemptAt > 0) await tx.destinations.put({ ...row, nextAttemptAt: 0 });
}

/**
 * A dispatch that waits leaves the queue: those behind it pass, and the agency never gets this one. Throws
 * `dispatch-unknown`, `dispatch-not-waiting`.
 */
export async function setAside(tx: StoreTx, name: string, file: string, now: number): Promise<void> {
  const row = await dispatchNamed(tx, name, file);
  const moved = await tx.dispatches.setDelivery(row.id, ['waiting'], {
    ...{ state: 'dead', attempts: row.attempts, nextAttemptAt: now, changedAt: now },
    code: 'dispatch-set-aside',
  });
  if (!moved)
    throw permanent('dispatch-not-waiting', {
      facts: { destination: name, file: row.name, ...stateFacts(row.state) },
    });
}

async function rowOf(tx: StoreTx, name: string): Promise<DestinationRow> {
  const known = await tx.destinations.get(name);
  return known ?? { name, ...closedBreaker, pausedBy: null, pausedAt: null };
}
