import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Service } from '../../shared/runtime/lifecycle.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Receipt } from '../../shared/protocol/receipts.ts';
import { isStorageFault } from '../health/disk-guard.ts';
import type { TombstoneRequest } from '../../shared/protocol/push.ts';
import type { ClaimOrder, Outbox, Settled } from '../outbox/outbox.ts';
import type { ClaimedEnvelope, EnvelopeRow } from '../outbox/rows.ts';
import type { ReceiverClient } from './receiver-client.ts';
import { judge, type Verdict } from './verdict.ts';

export interface Pusher extends Service {
  /** Something became pending. */
  nudge(): void;
  /** Why nothing travels at present; null = all is well. */
  readonly problem: () => string | null;
  /** Drops everything waited for and tries now. */
  retryNow(): void;
  /** Tombstones became due. */
  sendTombstones(): void;
}

export interface PusherDeps {
  readonly outbox: Outbox;
  readonly client: ReceiverClient;
  verifyReceipt(text: string, jws: string): Promise<Receipt>;
  signTombstone(row: EnvelopeRow): Promise<TombstoneRequest>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly inFlight: number;
  readonly order: ClaimOrder;
  /** An envelope settled for good: accepted or dead. */
  onSettled(settled: Settled): void;
  /** A new epoch was opened: these exports are to be read again. */
  onReread(exports: readonly string[]): void;
}

const envelopeBackoff = { firstMs: 2_000, maxMs: 600_000 };
const receiverBackoff = { firstMs: 1_000, maxMs: 60_000 };
const idleMs = 5_000;

type Returned =
  | Settled
  | {
      readonly kind: 'conflict';
      readonly envelope: ClaimedEnvelope;
      readonly code: string;
      readonly epoch: number;
    };

/**
 * Sends what is pending, up to `inFlight` at once. Every turn settles what came back since the last one and claims as many
 * anew, in one commit; whatever arrives during that commit waits for the next: group commit without a timer.
 */
export function createPusher(deps: PusherDeps): Pusher {
  const { outbox, client, clock, random, logger } = deps;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let returned: Returned[] = [];
  const onTheWay = new Set<number>();
  let wake = (): void => undefined;
  let nudged = false;
  let failures = 0;
  let blockedUntil = 0;
  let problem: string | null = null;
  let tombstonesAsked = false;

  const nudge = (): void => {
    nudged = true;
    wake();
  };

  /** Until something comes back, is nudged, or is due. */
  const idle = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (nudged || returned.length > 0 || stopping.signal.aborted) {
        resolve();
        return;
      }
      const timer = setTimeout(() => wake(), ms);
      wake = () => {
        clearTimeout(timer);
        wake = (): void => undefined;
        resolve();
      };
    });

  const noteReceiver = (verdict: Verdict): void => {
    if (verdict.kind !== 'retry' || verdict.scope !== 'receiver') return;
    if (clock.monotonic() < blockedUntil) return;
    failures += 1;
    const waitMs = Math.max(verdict.retryAfterMs, backoffMs(receiverBackoff, failures, random));
    blockedUntil = clock.monotonic() + waitMs;
    if (problem !== verdict.code) logger.warn({ code: verdict.code, waitMs }, 'receiver-not-reached');
    problem = verdict.code;
  };

  const noteReached = (): void => {
    if (problem !== null) logger.info('receiver-reached');
    failures = 0;
    blockedUntil = 0;
    problem = null;
  };

  const send = async (envelope: ClaimedEnvelope): Promise<Returned> => {
    crashPoint('before-send');
    const reply = await client.push(envelope.content, stopping.signal);
    crashPoint('after-send');
    if (reply.kind === 'ok') {
      const accepted = await proven(deps, envelope, reply.body.receipt, reply.body.proof);
      if (accepted !== undefined) {
        noteReached();
        return accepted;
      }
    }
    const verdict = judge(
      reply.kind === 'ok' ? { kind: 'unproven', code: 'receipt-invalid' } : reply.attempt,
    );
    if (stopping.signal.aborted) return { kind: 'retry', n: envelope.n, nextAttemptAt: 0, code: 'stopped' };
    noteReceiver(verdict);
    return returnedFrom(verdict, envelope, reply.kind === 'failed' ? reply.head?.epoch : undefined);
  };

  const returnedFrom = (verdict: Verdict, envelope: ClaimedEnvelope, epoch: number | undefined): Returned => {
    switch (verdict.kind) {
      case 'dead':
        return { kind: 'dead', n: envelope.n, export: envelope.export, code: verdict.code };
      case 'conflict':
        return { kind: 'conflict', envelope, code: verdict.code, epoch: epoch ?? envelope.epoch };
      case 'retry': {
        const waitMs =
          verdict.scope === 'receiver' ? 0 : backoffMs(envelopeBackoff, envelope.attempts, random);
        const nextAttemptAt = waitMs === 0 ? 0 : clock.now() + Math.max(waitMs, verdict.retryAfterMs);
        return { kind: 'retry', n: envelope.n, nextAttemptAt, code: verdict.code };
      }
    }
  };

  const launch = (envelope: ClaimedEnvelope): void => {
    onTheWay.add(envelope.n);
    void send(envelope)
      .catch((error: unknown): Returned => {
        logger.error({ err: error, envelope: envelope.id }, 'push-failed');
        return {
          kind: 'retry',
          n: envelope.n,
          nextAttemptAt: clock.now() + envelopeBackoff.firstMs,
          code: 'unexpected',
        };
      })
      .then((result) => {
        onTheWay.delete(envelope.n);
        returned.push(result);
        wake();
      });
  };

  /** The ledgers disagree: wait for what is on the way, then open a new epoch and read again what was not accepted. */
  const openEpoch = async (conflict: Extract<Returned, { kind: 'conflict' }>): Promise<void> => {
    const { envelope, code } = conflict;
    if ((outbox.tail(envelope.feed)?.epoch ?? 0) > envelope.epoch) return;
    logger.error({ code, feed: envelope.feed, epoch: envelope.epoch, seq: envelope.seq }, 'ledger-conflict');
    const next = Math.max(envelope.epoch, conflict.epoch) + 1;
    const reply = await client.openEpoch(envelope.feed, next, stopping.signal);
    if (reply.kind === 'failed') {
      problem = code;
      blockedUntil = clock.monotonic() + backoffMs(receiverBackoff, (failures += 1), random);
      return;
    }
    const exports = outbox.openEpoch(envelope.feed, reply.body.epoch, reply.body.prev);
    logger.warn({ feed: envelope.feed, epoch: reply.body.epoch, exports: exports.length }, 'epoch-opened');
    // What a later envelope had overtaken: the receiver can close the old ledger once it is told.
    tombstonesAsked = true;
    deps.onReread(exports);
  };

  const bury = async (): Promise<void> => {
    for (const row of outbox.tombstonesDue(16)) {
      const reply = await client.tombstone(await deps.signTombstone(row), stopping.signal);
      if (reply.kind === 'ok' || isPermanent(reply.attempt)) {
        outbox.tombstoneSent(row.n);
        continue;
      }
      noteReceiver(judge(reply.attempt));
      return;
    }
  };

  /** One commit. What came back and could not be written for want of room stays here, to be written later. */
  const write = (back: readonly Returned[], limit: number): readonly ClaimedEnvelope[] => {
    try {
      return outbox.turn(back.map(settledOf), { limit, order: deps.order });
    } catch (error) {
      if (isStorageFault(error)) returned = [...back, ...returned];
      throw error;
    }
  };

  const turn = async (): Promise<void> => {
    const back = returned;
    returned = [];
    const conflicts = back.filter((one) => one.kind === 'conflict');
    const settled = back.map(settledOf);
    const blocked = clock.monotonic() < blockedUntil || stopping.signal.aborted || conflicts.length > 0;
    const claimed = write(back, blocked ? 0 : deps.inFlight - onTheWay.size);
    for (const envelope of claimed) launch(envelope);
    for (const one of settled) if (one.kind !== 'retry') deps.onSettled(one);
    const [conflict] = conflicts;
    if (conflict !== undefined && !stopping.signal.aborted) {
      await allBack();
      await openEpoch(conflict);
    }
    if (settled.some(({ kind }) => kind === 'dead') || tombstonesAsked) {
      tombstonesAsked = false;
      await bury();
    }
  };

  const allBack = async (): Promise<void> => {
    while (onTheWay.size > 0) {
      nudged = false;
      const before = onTheWay.size;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (onTheWay.size < before) resolve();
      });
    }
    const late = returned;
    returned = [];
    write(late, 0);
    for (const one of late) if (one.kind === 'accepted' || one.kind === 'dead') deps.onSettled(one);
  };

  const waitMs = (): number => {
    const blockedMs = blockedUntil - clock.monotonic();
    if (blockedMs > 0) return Math.min(blockedMs, 60_000);
    if (onTheWay.size >= deps.inFlight) return idleMs;
    const dueAt = outbox.nextDueAt();
    return dueAt === undefined ? idleMs : Math.min(idleMs, Math.max(0, dueAt - clock.now()));
  };

  const run = async (): Promise<void> => {
    await bury().catch((error: unknown) => logger.error({ err: error }, 'push-failed'));
    while (!stopping.signal.aborted) {
      nudged = false;
      try {
        // Answers that are already here join this turn's commit.
        await new Promise((resolve) => setImmediate(resolve));
        await turn();
        await idle(waitMs());
      } catch (error) {
        logger.error({ err: error }, 'push-failed');
        await pause(1000, stopping.signal);
      }
    }
    await allBack().catch((error: unknown) => logger.error({ err: error }, 'push-failed'));
  };

  return {
    name: 'pusher',
    start: () => {
      running ??= run();
      return Promise.resolve();
    },
    stop: async () => {
      stopping.abort();
      wake();
      await running;
    },
    nudge,
    problem: () => problem,
    retryNow: () => {
      blockedUntil = 0;
      nudge();
    },
    sendTombstones: () => {
      tombstonesAsked = true;
      nudge();
    },
  };
}

function settledOf(one: Returned): Settled {
  return one.kind === 'conflict'
    ? { kind: 'retry', n: one.envelope.n, nextAttemptAt: 0, code: one.code }
    : one;
}

/** An answer counts only when its receipt, signed by the region, names exactly what was sent. */
export async function proven(
  deps: Pick<PusherDeps, 'verifyReceipt' | 'logger'>,
  envelope: EnvelopeRow,
  text: string,
  jws: string,
): Promise<Settled | undefined> {
  try {
    const receipt = await deps.verifyReceipt(text, jws);
    if (
      receipt.kind !== 'stored' ||
      receipt.envelope !== envelope.id ||
      receipt.digest !== envelope.digest ||
      receipt.feed !== envelope.feed ||
      receipt.epoch !== envelope.epoch ||
      receipt.seq !== envelope.seq
    )
      return undefined;
    return {
      kind: 'accepted',
      n: envelope.n,
      id: envelope.id,
      receipt: text,
      proof: jws,
      feed: envelope.feed,
      epoch: envelope.epoch,
      head: receipt.head,
    };
  } catch (error) {
    deps.logger.error({ err: error, envelope: envelope.id }, 'receipt-not-proven');
    return undefined;
  }
}

function isPermanent(attempt: Parameters<typeof judge>[0]): boolean {
  return judge(attempt).kind !== 'retry';
}
