/**
 * The ledger's judgement of one arrival, pure. Per agent, feed and epoch, envelopes form a chain: `prev` is the digest of
 * the one before, genesis for the first of epoch 1, the closed epoch's head for the first of a later one.
 *
 * An envelope ahead of the head is kept: its neighbours already here, on either side, must agree with it, so that any
 * run of rows without a gap is a valid chain and the head can move over it without checking again.
 */
/** An envelope that says nothing within this distance of the head is not believed. */
const maxAhead = 10_000_000;

export interface Arrival {
  readonly id: string;
  readonly digest: string;
  readonly prev: string;
  readonly epoch: number;
  readonly seq: number;
}

export interface LedgerView {
  /** The row already known under the arrival's id, whatever its place. */
  readonly sameId: { readonly digest: string } | undefined;
  /** The current epoch and its head. */
  readonly head: { readonly epoch: number; readonly seq: number; readonly digest: string };
  /** Rows of the arrival's epoch at its own sequence, just before and just after. */
  readonly sameSeq: { readonly id: string; readonly digest: string } | undefined;
  readonly before: { readonly digest: string } | undefined;
  readonly after: { readonly prev: string } | undefined;
}

export type LedgerConflict =
  | 'ledger-id-reused'
  | 'ledger-old-epoch'
  | 'ledger-epoch-unopened'
  | 'ledger-fork'
  | 'ledger-chain-broken'
  | 'ledger-too-far-ahead';

export type LedgerVerdict =
  /** Was stored before, byte for byte: the original receipt answers. */
  | { readonly kind: 'repeat' }
  /** Fills the place just after the head, which moves. */
  | { readonly kind: 'next' }
  /** Stored; the head waits for the gap to be filled. */
  | { readonly kind: 'ahead' }
  | { readonly kind: 'conflict'; readonly code: LedgerConflict };

export function judge(arrival: Arrival, view: LedgerView): LedgerVerdict {
  const { head } = view;
  if (view.sameId !== undefined)
    return view.sameId.digest === arrival.digest ? { kind: 'repeat' } : conflict('ledger-id-reused');
  if (arrival.epoch < head.epoch) return conflict('ledger-old-epoch');
  if (arrival.epoch > head.epoch) return conflict('ledger-epoch-unopened');
  if (view.sameSeq !== undefined || arrival.seq <= head.seq) return conflict('ledger-fork');
  if (arrival.seq > head.seq + maxAhead) return conflict('ledger-too-far-ahead');
  const isNext = arrival.seq === head.seq + 1;
  const before = isNext ? head.digest : view.before?.digest;
  if (before !== undefined && before !== arrival.prev) return conflict('ledger-chain-broken');
  if (view.after !== undefined && view.after.prev !== arrival.digest) return conflict('ledger-chain-broken');
  return { kind: isNext ? 'next' : 'ahead' };
}

function conflict(code: LedgerConflict): LedgerVerdict {
  return { kind: 'conflict', code };
}
