/**
 * The life of an envelope in the outbox, and, apart from it, what became of its export.
 *
 *                 ┌───── receiver restored ────┐
 *                 ▼                            │
 *   staged ──▶ pending ──▶ sending ──────▶ accepted
 *     │           ▲            │
 *     ▼           └── retry ───┤
 *   (deleted)                  └─────▶ dead
 *
 * staged: its export is still being read. accepted: a verified `stored` receipt is here. dead: permanently refused, a
 * signed tombstone fills its place in the ledger.
 */
export const envelopeStates = ['staged', 'pending', 'sending', 'accepted', 'dead'] as const;
export type EnvelopeState = (typeof envelopeStates)[number];

const transitions: Readonly<Record<EnvelopeState, readonly EnvelopeState[]>> = {
  staged: ['pending'],
  pending: ['sending'],
  sending: ['pending', 'accepted', 'dead'],
  accepted: ['pending'],
  dead: [],
};

export function mayMove(from: EnvelopeState, to: EnvelopeState): boolean {
  return transitions[from].includes(to);
}

/** Moved only by receipts; for the last three, the worst over the destinations is shown. */
export const outcomes = [
  'unknown',
  'processed',
  'rejected',
  'held',
  'duplicate',
  'forwarded',
  'acknowledged',
  'refused',
] as const;
export type Outcome = (typeof outcomes)[number];
