import type { Random } from '../../../shared/runtime/random.ts';
import type { DeliveryState, DispatchRow } from '../../store/dispatch-table.ts';
import type { StoreTx } from '../../store/store.ts';
import { deliveryReceipts, type SignedFor } from '../delivery/delivery-receipts.ts';
import { composedName } from '../parcel.ts';
import type { AgencyReply } from './answer-source.ts';

export interface RecordedAnswers {
  /** To sign and put in the same transaction. */
  readonly receipts: readonly SignedFor[];
  /** Replies to nothing this destination was sent. */
  readonly unknown: readonly string[];
}

/** An answer may come before delivery knows that it succeeded, and the latest answer stands. */
const answerable: readonly DeliveryState[] = ['waiting', 'sending', 'sent', 'acknowledged', 'refused'];

/** Writes an agency's answers down. A repeat of the answer already held changes nothing and gives no receipt. */
export async function recordAnswers(
  tx: StoreTx,
  destination: string,
  replies: readonly AgencyReply[],
  { now, random }: { readonly now: number; readonly random: Random },
): Promise<RecordedAnswers> {
  const receipts: SignedFor[] = [];
  const unknown: string[] = [];
  for (const reply of replies) {
    const row =
      (await tx.dispatches.named(destination, reply.name)) ??
      (await tx.dispatches.named(destination, composedName(reply.name)));
    if (row === undefined) unknown.push(reply.name);
    else receipts.push(...(await answer(tx, row, reply, now, random)));
  }
  return { receipts, unknown };
}

async function answer(
  tx: StoreTx,
  row: DispatchRow,
  { verdict, code, reference }: AgencyReply,
  now: number,
  random: Random,
): Promise<readonly SignedFor[]> {
  if (row.state === verdict && row.code === code) return [];
  const moved = await tx.dispatches.setDelivery(row.id, answerable, {
    ...{ state: verdict, attempts: row.attempts, nextAttemptAt: now, changedAt: now, code },
    // Who answers has it.
    ...{ sentAt: row.sentAt ?? now, ...(reference === undefined ? {} : { reference }) },
  });
  if (!moved) return [];
  const forwarded =
    row.sentAt === null ? await deliveryReceipts(tx, row, 'forwarded', null, now, random) : [];
  return [...forwarded, ...(await deliveryReceipts(tx, row, verdict, code, now, random))];
}
