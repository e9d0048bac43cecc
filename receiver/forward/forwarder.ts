import { backoffMs } from '../../shared/runtime/backoff.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { DispatchRow, Store, StoreTx } from '../store/store.ts';
import type { DeliveryReport, Destination, OutgoingFile } from './destination.ts';
import { deliveryReceipts, type SignedFor } from './delivery-receipts.ts';

/**
 * The queue of one destination: dispatches leave in the order they were composed, and none passes one that waits. What
 * was delivered when the process died is delivered again, which changes nothing at the other end.
 */
export interface ForwarderDeps {
  readonly destination: Destination;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly sign: (texts: readonly string[]) => Promise<string>;
  /** Receipts of these agents have been committed. */
  readonly onReceipts: (agents: ReadonlySet<string>) => void;
}

const batchFiles = 32;
const batchBytes = 32 * 1024 * 1024;
const idleMs = 500;
const retry = { firstMs: 1000, maxMs: 5 * 60_000 };

export interface Forwarder {
  readonly loop: Loop;
  /** One batch; true when there may be more to do at once. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

export function createForwarder(deps: ForwarderDeps): Forwarder {
  const { destination, logger } = deps;
  let opened = false;
  // A batch whose result could not be written stays ours: it is delivered again, harmlessly, before anything new.
  let claimed: readonly Claimed[] = [];

  const step = async (signal: AbortSignal): Promise<boolean> => {
    if (!opened) await destination.open();
    opened = true;
    if (claimed.length === 0) claimed = await claim(deps);
    if (claimed.length === 0) return false;
    const report = await destination.deliver(
      claimed.map(({ file }) => file),
      signal,
    );
    crashPoint('before-sent-commit');
    const { agents, next } = await settle(deps, claimed, report);
    crashPoint('after-sent-commit');
    const failed = claimed[report.delivered];
    claimed = next;
    if (agents.size > 0) deps.onReceipts(agents);
    if (report.delivered > 0)
      logger.info({ destination: destination.name, files: report.delivered }, 'dispatches-delivered');
    if (report.fault === undefined) return true;
    // Stopping is not a failure of the destination.
    if (!signal.aborted)
      logger.error(
        { err: report.fault, destination: destination.name, dispatch: failed?.row.name },
        'delivery-failed',
      );
    return false;
  };

  return { step, loop: createLoop({ name: `forwarder-${destination.name}`, idleMs, logger, step }) };
}

interface Claimed {
  readonly row: DispatchRow;
  readonly file: OutgoingFile;
}

function claim({ store, destination, clock }: ForwarderDeps): Promise<readonly Claimed[]> {
  const now = clock.now();
  // Most looks find nothing: they cost a read, not a transaction.
  return store
    .read((tx) => tx.dispatches.due(destination.name, now, 1))
    .then((due) =>
      due.length === 0 ? [] : store.transaction((tx) => markSending(tx, destination.name, now)),
    );
}

async function markSending(tx: StoreTx, destination: string, now: number): Promise<readonly Claimed[]> {
  const claimed: Claimed[] = [];
  let bytes = 0;
  for (const row of await tx.dispatches.due(destination, now, batchFiles)) {
    const content = await tx.dispatches.content(row.id);
    if (content === undefined) break;
    bytes += content.length;
    if (claimed.length > 0 && bytes > batchBytes) break;
    await tx.dispatches.setDelivery(row.id, {
      state: 'sending',
      attempts: row.attempts + 1,
      nextAttemptAt: now,
      changedAt: now,
      code: null,
    });
    claimed.push({
      row: { ...row, attempts: row.attempts + 1 },
      file: { name: row.name, content, digest: row.digest },
    });
  }
  return claimed;
}

interface Settled {
  readonly agents: ReadonlySet<string>;
  /** The next batch, claimed in the same transaction: under load a batch costs one commit. */
  readonly next: readonly Claimed[];
}

/** Marks what was delivered `sent`, with its receipts, and puts the rest back in the queue. */
async function settle(
  { store, clock, random, sign, destination }: ForwarderDeps,
  claimed: readonly Claimed[],
  { delivered, fault }: DeliveryReport,
): Promise<Settled> {
  const now = clock.now();
  return store.transaction(async (tx) => {
    const receipts: SignedFor[] = [];
    for (const { row } of claimed.slice(0, delivered)) {
      await tx.dispatches.setDelivery(row.id, {
        state: 'sent',
        attempts: row.attempts,
        nextAttemptAt: now,
        changedAt: now,
        code: null,
      });
      receipts.push(...(await deliveryReceipts(tx, row, now, random)));
    }
    for (const [index, { row }] of claimed.slice(delivered).entries()) {
      const failed = index === 0 && fault !== undefined;
      await tx.dispatches.setDelivery(row.id, {
        state: 'waiting',
        // Only the one that failed has been tried; those behind it were not.
        attempts: failed ? row.attempts : row.attempts - 1,
        nextAttemptAt: failed ? now + backoffMs(retry, row.attempts, random) : now,
        changedAt: now,
        code: failed ? fault.code : null,
      });
    }
    if (receipts.length > 0) await tx.receipts.put(await sign(receipts.map(({ text }) => text)), receipts);
    const next = fault === undefined ? await markSending(tx, destination.name, now) : [];
    return { agents: new Set(receipts.map(({ agent }) => agent)), next };
  });
}
