import { backoffMs } from '../../shared/runtime/backoff.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { createLoop, pause, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Receipt, ReceiptPage } from '../../shared/protocol/receipts.ts';
import { keyDestroyed, type ExportBook, type ProvenReceipt } from '../outbox/export-book.ts';
import type { ReceiverClient } from './receiver-client.ts';

/** Fetches receipts by a held-open request; each is proven before its page, with its cursor, is applied in one commit. */
export function createReceiptLoop(deps: {
  readonly client: Pick<ReceiverClient, 'receipts'>;
  readonly exports: ExportBook;
  readonly verifyReceipt: (text: string, jws: string) => Promise<Receipt>;
  readonly random: Random;
  readonly logger: Logger;
  readonly waitSeconds: number;
  onApplied(exports: readonly string[]): void;
  /** Something was sealed for a key of the region that is no more: there is a newer one. */
  onKeyDestroyed(): void;
  /** The receiver answers again after it did not. */
  onReached(): void;
}): Loop {
  let failures = 0;
  return createLoop({
    name: 'receipts',
    idleMs: 1000,
    logger: deps.logger,
    step: async (signal) => {
      const cursor = deps.exports.cursor();
      // After a failure an answer at once tells that the receiver is back.
      const waitSeconds = failures > 0 ? 0 : deps.waitSeconds;
      const reply = await deps.client.receipts(cursor, waitSeconds, signal);
      if (signal.aborted) return false;
      if (reply.kind === 'failed') {
        failures += 1;
        await pause(backoffMs({ firstMs: 500, maxMs: 30_000 }, failures, deps.random), signal);
        return true;
      }
      if (failures > 0) deps.onReached();
      failures = 0;
      const page = await provenPage(reply.body, deps.verifyReceipt);
      if (page.length > 0) deps.onApplied(deps.exports.apply(page, reply.body.cursor));
      if (page.some(({ receipt }) => receipt.kind === 'rejected' && receipt.code === keyDestroyed))
        deps.onKeyDestroyed();
      return true;
    },
    faultMs: () => 10_000,
  });
}

/** Throws `receipt-invalid`. */
export async function provenPage(
  page: ReceiptPage,
  verify: (text: string, jws: string) => Promise<Receipt>,
): Promise<readonly ProvenReceipt[]> {
  const proofs = new Map(page.proofs.map(({ id, jws }) => [id, jws]));
  const proven: ProvenReceipt[] = [];
  for (const { cursor, text, proof } of page.receipts) {
    const jws = proofs.get(proof);
    if (jws === undefined) throw permanent('receipt-invalid', { facts: { cursor } });
    proven.push({ cursor, receipt: await verify(text, jws), text, jws });
  }
  return proven;
}
