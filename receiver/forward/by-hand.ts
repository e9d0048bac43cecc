import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Store, StoreTx } from '../store/store.ts';
import type { DispatchTarget } from './compose.ts';
import { pauseOf } from './pause.ts';
import { composeAgain, replay, type ReplayPreview, type ReplayRequest, type ReplayResult } from './replay.ts';
import { pauseDestination, resumeDestination, setAside, tryNow } from './steer.ts';

/** What a person does to a destination's queue: each act and its line in the audit log, both or neither. */
export interface ByHandDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** `until`: the last day of the pause. Throws `destination-paused-already`. */
export async function suspendByHand(
  { store, clock }: ByHandDeps,
  actor: Actor,
  { name, until, untilAt, reason }: SuspendRequest,
): Promise<void> {
  await store.transaction(async (tx) => {
    const now = clock.now();
    const standing = pauseOf(await tx.destinations.get(name), now);
    if (standing !== undefined)
      throw permanent('destination-paused-already', { facts: { destination: name, person: standing.by } });
    await pauseDestination(tx, name, { person: actor.name, now, until: untilAt, reason });
    const entry = { action: 'destination.suspend', subject: name, destination: name, reason };
    await appendAudit(tx, clock, actor, { ...entry, facts: { until: dayToIso(until) } });
  });
}

export interface SuspendRequest {
  readonly name: string;
  readonly until: Day;
  /** When it ends, epoch ms. */
  readonly untilAt: number;
  readonly reason: string;
}

/** False when nothing was paused. */
export async function resumeByHand(
  { store, clock }: ByHandDeps,
  actor: Actor,
  name: string,
  reason: string,
): Promise<boolean> {
  return store.transaction(async (tx) => {
    const wasPaused = pauseOf(await tx.destinations.get(name), clock.now()) !== undefined;
    const row = await resumeDestination(tx, name);
    if (row === undefined || !wasPaused) return false;
    const { waiting, sending } = await tx.dispatches.countsOf(name);
    const entry = { action: 'destination.resume', subject: name, destination: name, reason };
    await appendAudit(tx, clock, actor, { ...entry, facts: { waiting: waiting + sending } });
    return true;
  });
}

export async function tryByHand({ store, clock }: ByHandDeps, actor: Actor, name: string): Promise<void> {
  await store.transaction(async (tx) => {
    await tryNow(tx, name);
    await appendAudit(tx, clock, actor, { action: 'destination.try', subject: name, destination: name });
  });
}

/** Throws what `setAside` throws. */
export async function setAsideByHand(
  { store, clock }: ByHandDeps,
  actor: Actor,
  { destination, id, reason }: FileRequest,
): Promise<void> {
  await store.transaction(async (tx) => {
    const row = await rowOf(tx, destination, id);
    await setAside(tx, destination, row.name, clock.now());
    // What stood behind it need not wait for it any longer.
    await tryNow(tx, destination);
    await appendAudit(tx, clock, actor, {
      ...{ action: 'dispatch.set-aside', subject: row.name, destination, facility: row.facility, reason },
      facts: { records: row.records },
    });
  });
}

/** Answers the names of the new files. Throws what `composeAgain` throws. */
export async function againByHand(
  { store, clock }: ByHandDeps,
  actor: Actor,
  target: DispatchTarget,
  { destination, id, reason }: FileRequest,
): Promise<readonly string[]> {
  return store.transaction(async (tx) => {
    const row = await rowOf(tx, destination, id);
    const composed = await composeAgain(tx, target, row, clock.now());
    await tryNow(tx, destination);
    await appendAudit(tx, clock, actor, {
      ...{ action: 'dispatch.again', subject: row.name, destination, facility: row.facility, reason },
      facts: { files: composed.length, records: composed.reduce((sum, { records }) => sum + records, 0) },
    });
    return composed.map(({ name }) => name);
  });
}

export interface FileRequest {
  readonly destination: string;
  readonly id: number;
  readonly reason: string;
}

async function rowOf(tx: StoreTx, destination: string, id: number) {
  const row = await tx.dispatches.get(id);
  if (row === undefined || row.destination !== destination)
    throw permanent('dispatch-unknown', { facts: { destination, file: id } });
  return row;
}

/** `seen`: what the person was shown before confirming, for the log. Nothing composed: nothing written. */
export async function resendByHand(
  { store, clock }: ByHandDeps,
  actor: Actor,
  target: DispatchTarget,
  { request, seen, reason }: ResendRequest,
): Promise<ReplayResult> {
  const { from, to, facilities } = request;
  return replay(
    {
      ...{ store, clock },
      alongside: (tx) =>
        appendAudit(tx, clock, actor, {
          ...{ action: 'destination.resend', subject: target.name, destination: target.name, reason },
          ...(facilities?.length === 1 && facilities[0] !== undefined ? { facility: facilities[0] } : {}),
          facts: {
            ...{ from: dayToIso(from), to: dayToIso(to), facilities: seen.facilities, files: seen.files },
            ...{ records: seen.records, acknowledged: seen.acknowledgedRecords },
          },
        }),
    },
    [target],
    request,
  );
}

export interface ResendRequest {
  readonly request: ReplayRequest;
  readonly seen: ReplayPreview;
  readonly reason: string;
}
