import type { BackoffPolicy } from '../../../shared/runtime/backoff.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import type { DestinationRow } from '../../store/destination-tables.ts';
import type { DispatchRow, SealedContent } from '../../store/dispatch-table.ts';
import type { Store, StoreTx } from '../../store/store.ts';
import type { DeliveryReport, OutgoingFile } from '../destination.ts';
import type { Parcels } from '../parcel.ts';
import { pauseOf } from '../pause.ts';
import { approvalsOf, approversNeeded } from '../protection/approvals.ts';
import {
  closedBreaker,
  failed,
  filesAllowed,
  passed,
  trying,
  type Breaker,
  type Failure,
} from './breaker.ts';
import { deliveryReceipts, type SignedFor } from './delivery-receipts.ts';

/**
 * The queue of one destination in the store: what may be tried now is claimed, and what came of it is written down with
 * its receipts, all or nothing.
 */
export interface QueueDeps {
  readonly name: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly sign: (texts: readonly string[]) => Promise<string>;
  readonly retry: BackoffPolicy & { readonly attempts: number | undefined };
}

export interface Claimed {
  readonly row: DispatchRow;
  /** As it travels. */
  readonly file: OutgoingFile;
}

const batchFiles = 32;
const batchBytes = 32 * 1024 * 1024;

/** Throws what sealing throws, and `agency-key-unapproved`. */
export async function claim(deps: QueueDeps, parcels: Parcels | undefined): Promise<readonly Claimed[]> {
  const { name, store, clock } = deps;
  const now = clock.now();
  if (parcels === undefined) return store.transaction((tx) => markSending(tx, name, now));
  const found = await store.read((tx) => lookUp(tx, name, now, parcels));
  if (found.length === 0) return [];
  // Sealed outside the transaction: nobody waits for it.
  const sealed: { readonly row: DispatchRow; readonly made: OutgoingFile; readonly fresh: boolean }[] = [];
  let bytes = 0;
  for (const { row, kept, content } of found) {
    if (sealed.length > 0 && bytes > batchBytes) break;
    const made = kept ?? (await parcels.make(row.name, content));
    bytes += made.content.length;
    sealed.push({ row, made, fresh: kept === undefined });
  }
  return store.transaction(async (tx) => {
    const claimed: Claimed[] = [];
    // Sealing takes its time: a person may have paused the destination meanwhile.
    if ((await allowed(tx, name, now)) === 0) return claimed;
    for (const { row, made, fresh } of sealed) {
      if (!(await startSending(tx, row, now))) continue;
      if (fresh) await tx.dispatches.putSealed(row.id, { ...made, protection: parcels.id });
      claimed.push({ row: { ...row, attempts: row.attempts + 1 }, file: made });
    }
    await startTrying(tx, name, now);
    return claimed;
  });
}

interface Due {
  readonly row: DispatchRow;
  readonly content: Buffer;
  /** What was sealed for the same form and key before. */
  readonly kept: SealedContent | undefined;
}

async function lookUp(tx: StoreTx, name: string, now: number, parcels: Parcels): Promise<readonly Due[]> {
  const limit = await allowed(tx, name, now);
  if (limit === 0) return [];
  const rows = await tx.dispatches.due(name, limit);
  const due: Due[] = [];
  for (const row of rows) {
    const content = await tx.dispatches.content(row.id);
    if (content === undefined) break;
    const sealed = await tx.dispatches.sealed(row.id);
    due.push({ row, content, kept: sealed?.protection === parcels.id ? sealed : undefined });
  }
  if (due.length > 0 && parcels.key !== undefined) await requireApproval(tx, name, parcels.key);
  return due;
}

/** Throws `agency-key-unapproved`. */
export async function requireApproval(tx: StoreTx, destination: string, key: string): Promise<void> {
  const people = approvalsOf(await tx.destinations.approvals(destination), key);
  if (people.length < approversNeeded) {
    throw permanent('agency-key-unapproved', {
      facts: { destination, fingerprint: key, approvals: people.length, needed: approversNeeded },
    });
  }
}

async function allowed(tx: StoreTx, name: string, now: number): Promise<number> {
  const row = await tx.destinations.get(name);
  if (row === undefined) return batchFiles;
  return pauseOf(row, now) === undefined ? filesAllowed(row, now, batchFiles) : 0;
}

/** Without sealing: contents are read where they are marked. */
async function markSending(tx: StoreTx, name: string, now: number): Promise<readonly Claimed[]> {
  const claimed: Claimed[] = [];
  let bytes = 0;
  const limit = await allowed(tx, name, now);
  if (limit === 0) return [];
  for (const row of await tx.dispatches.due(name, limit)) {
    const content = await tx.dispatches.content(row.id);
    if (content === undefined) break;
    bytes += content.length;
    if (claimed.length > 0 && bytes > batchBytes) break;
    await startSending(tx, row, now);
    const file = { name: row.name, content, digest: row.digest };
    claimed.push({ row: { ...row, attempts: row.attempts + 1 }, file });
  }
  await startTrying(tx, name, now);
  return claimed;
}

function startSending(tx: StoreTx, row: DispatchRow, now: number): Promise<boolean> {
  return tx.dispatches.setDelivery(row.id, ['waiting'], {
    ...{ state: 'sending', attempts: row.attempts + 1, nextAttemptAt: now, changedAt: now, code: null },
  });
}

async function startTrying(tx: StoreTx, name: string, now: number): Promise<void> {
  const row = await tx.destinations.get(name);
  if (row !== undefined && row.breaker === 'open') await putBreaker(tx, name, trying(row, now));
}

export interface Settled {
  readonly agents: ReadonlySet<string>;
  /** The next batch, claimed in the same transaction when nothing has to be sealed: under load a batch costs one commit. */
  readonly next: readonly Claimed[];
  readonly breaker: { readonly before: Breaker; readonly after: Breaker };
}

/** Marks what was delivered, with its receipts, puts the rest back in the queue, and claims the next batch if asked. */
export async function settle(
  deps: QueueDeps,
  claimed: readonly Claimed[],
  report: DeliveryReport,
  claimNext: boolean,
): Promise<Settled> {
  const { name, store, clock, random, sign } = deps;
  const now = clock.now();
  return store.transaction(async (tx) => {
    const receipts: SignedFor[] = [];
    for (const each of claimed.slice(0, report.delivered))
      receipts.push(...(await settleDelivered(tx, each, report, now, random)));
    const breaker = await settleBreaker(tx, deps, report, now);
    for (const [index, { row }] of claimed.slice(report.delivered).entries())
      await putBack(tx, row, index === 0 ? report : undefined, deps, breaker.after, now);
    if (receipts.length > 0) await tx.receipts.put(await sign(receipts.map(({ text }) => text)), receipts);
    const next = claimNext ? await markSending(tx, name, now) : [];
    return { agents: new Set(receipts.map(({ agent }) => agent)), next, breaker };
  });
}

async function settleDelivered(
  tx: StoreTx,
  { row, file }: Claimed,
  { said }: DeliveryReport,
  now: number,
  random: Random,
): Promise<readonly SignedFor[]> {
  const { reference, answer } = said?.get(file.name) ?? {};
  const code = answer?.code ?? null;
  const moved = await tx.dispatches.setDelivery(row.id, ['sending'], {
    ...{ state: answer?.verdict ?? 'sent', attempts: row.attempts, nextAttemptAt: now, changedAt: now, code },
    ...{ sentAt: now, ...(reference === undefined ? {} : { reference }) },
  });
  // The agency's answer was quicker: its receipts are written already.
  if (!moved) return [];
  const forwarded = await deliveryReceipts(tx, row, 'forwarded', null, now, random);
  if (answer === undefined) return forwarded;
  return [...forwarded, ...(await deliveryReceipts(tx, row, answer.verdict, code, now, random))];
}

/** Back in the queue; set aside when the file itself is at fault for good. */
async function putBack(
  tx: StoreTx,
  row: DispatchRow,
  tried: DeliveryReport | undefined,
  { retry }: QueueDeps,
  breaker: Breaker,
  now: number,
): Promise<void> {
  const fault = tried?.fault;
  const ofFile = tried?.blame === 'file';
  const tooOften = ofFile && retry.attempts !== undefined && row.attempts >= retry.attempts;
  const dead = fault !== undefined && ofFile && (fault.class === 'permanent' || tooOften);
  await tx.dispatches.setDelivery(row.id, ['sending'], {
    state: dead ? 'dead' : 'waiting',
    // Only the one that failed has been tried; those behind it were not.
    attempts: fault === undefined ? row.attempts - 1 : row.attempts,
    nextAttemptAt: fault === undefined ? now : breaker.nextAttemptAt,
    changedAt: now,
    code: fault?.code ?? null,
  });
}

async function settleBreaker(
  tx: StoreTx,
  { name, retry, random }: QueueDeps,
  { delivered, fault, blame, retryAfterMs }: DeliveryReport,
  now: number,
): Promise<Settled['breaker']> {
  const before: Breaker = (await tx.destinations.get(name)) ?? closedBreaker;
  const opened = delivered > 0 ? passed(before, now) : before;
  // A destination that says no to one file is there.
  const answered = blame === 'file' && fault?.class === 'permanent';
  const after =
    fault === undefined
      ? opened
      : answered
        ? passed(opened, now)
        : failed(
            opened,
            failureOf(fault.code, fault.class === 'permanent', retryAfterMs),
            retry,
            now,
            random,
          );
  if (after !== before) await putBreaker(tx, name, after);
  return { before, after };
}

/** Nothing could be tried at all: no key, no folder, no login. */
export async function holdQueue(
  { name, store, clock, random, retry }: QueueDeps,
  failure: Failure,
): Promise<Settled['breaker']> {
  return store.transaction(async (tx) => {
    const before: Breaker = (await tx.destinations.get(name)) ?? closedBreaker;
    const after = failed(before, failure, retry, clock.now(), random);
    await putBreaker(tx, name, after);
    return { before, after };
  });
}

function failureOf(code: string, isPermanent: boolean, retryAfterMs: number | undefined): Failure {
  return { code, permanent: isPermanent, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

async function putBreaker(tx: StoreTx, name: string, breaker: Breaker): Promise<void> {
  const row: DestinationRow | undefined = await tx.destinations.get(name);
  const { failures, nextAttemptAt, code, since } = breaker;
  const paused = {
    ...{ pausedBy: row?.pausedBy ?? null, pausedAt: row?.pausedAt ?? null },
    ...{ pausedUntil: row?.pausedUntil ?? null, pauseReason: row?.pauseReason ?? null },
  };
  await tx.destinations.put({
    name,
    breaker: breaker.breaker,
    failures,
    nextAttemptAt,
    code,
    since,
    ...paused,
  });
}
