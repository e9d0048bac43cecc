import type { Clock } from '../../../shared/runtime/clock.ts';
import { crashPoint } from '../../../shared/runtime/crash-point.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import type { DeliveryState, DispatchRow } from '../../store/dispatch-table.ts';
import type { Store, StoreTx } from '../../store/store.ts';
import { deliveryReceipts, type SignedFor } from '../delivery/delivery-receipts.ts';
import { findDispatch } from '../find-dispatch.ts';
import { composedAgain } from '../replay.ts';
import type { AgencyReply } from './answer-source.ts';

export interface AnswerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly sign: (texts: readonly string[]) => Promise<string>;
}

export interface RecordedAnswers {
  /** To sign and put in the same transaction. */
  readonly receipts: readonly SignedFor[];
  /** What they changed: dispatches as they stood before, and what is said of them now. */
  readonly changed: readonly { readonly before: DispatchRow; readonly reply: AgencyReply }[];
  /** Replies to nothing this destination was sent, or not yet. */
  readonly unknown: readonly AgencyReply[];
}

export type CommittedAnswers = Omit<RecordedAnswers, 'receipts'> & {
  /** Agents that have new receipts. */
  readonly agents: ReadonlySet<string>;
};

/** Answers and their signed receipts, all or nothing. */
export async function commitAnswers(
  { store, clock, random, sign }: AnswerDeps,
  destination: string,
  replies: readonly AgencyReply[],
): Promise<CommittedAnswers> {
  const committed = await store.transaction(async (tx) => {
    const now = clock.now();
    const { receipts, changed, unknown } = await recordAnswers(tx, destination, replies, { now, random });
    if (receipts.length > 0) await tx.receipts.put(await sign(receipts.map(({ text }) => text)), receipts);
    crashPoint('before-answers-commit');
    return { changed, unknown, agents: new Set(receipts.map(({ agent }) => agent)) };
  });
  crashPoint('after-answers-commit');
  return committed;
}

/**
 * Every state: an answer may come before delivery knows that it succeeded, the latest answer stands, and what we had set
 * aside has reached the agency when the agency speaks of it.
 */
const answerable: readonly DeliveryState[] = [
  'waiting',
  'sending',
  'sent',
  'acknowledged',
  'refused',
  'dead',
];

/**
 * Writes an agency's answers down. A repeat of the answer already held changes nothing and gives no receipt; so does the
 * refusal of a dispatch that was composed again since. Of several answers to one dispatch given together the last one stands,
 * and is alone told: two that contradict each other and come back at every look would otherwise be told for ever.
 */
export async function recordAnswers(
  tx: StoreTx,
  destination: string,
  replies: readonly AgencyReply[],
  { now, random }: { readonly now: number; readonly random: Random },
): Promise<RecordedAnswers> {
  const unknown: AgencyReply[] = [];
  const said = new Map<number, { readonly before: DispatchRow; readonly reply: AgencyReply }>();
  for (const reply of replies) {
    const before = await findDispatch(tx, destination, reply.name);
    if (before === undefined || neverLeft(before)) unknown.push(reply);
    else said.set(before.id, { before, reply });
  }
  const receipts: SignedFor[] = [];
  const changed = [...said.values()].filter(({ before, reply }) => !isRepeat(before, reply));
  for (const { before, reply } of changed) receipts.push(...(await answer(tx, before, reply, now, random)));
  return { receipts, changed, unknown };
}

/** Nobody can have what was never tried: names follow a pattern, and an answer to it is a mistake or a guess. */
function neverLeft({ state, attempts, sentAt }: DispatchRow): boolean {
  return state === 'waiting' && attempts === 0 && sentAt === null;
}

function isRepeat({ state, code }: DispatchRow, reply: AgencyReply): boolean {
  return state === reply.verdict && (code === reply.code || code === composedAgain);
}

async function answer(
  tx: StoreTx,
  row: DispatchRow,
  { verdict, code, reference }: AgencyReply,
  now: number,
  random: Random,
): Promise<readonly SignedFor[]> {
  await tx.dispatches.setDelivery(row.id, answerable, {
    ...{ state: verdict, attempts: row.attempts, nextAttemptAt: now, changedAt: now, code },
    // Who answers has it.
    ...{ sentAt: row.sentAt ?? now, ...(reference === undefined ? {} : { reference }) },
  });
  const forwarded =
    row.sentAt === null ? await deliveryReceipts(tx, row, 'forwarded', null, now, random) : [];
  return [...forwarded, ...(await deliveryReceipts(tx, row, verdict, code, now, random))];
}
