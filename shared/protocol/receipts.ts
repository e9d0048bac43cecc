import { z } from 'zod';

/**
 * Receipts: signed statements by the receiver. A receipt is the exact JSON text sent; a proof is a JWS (PS256) over the
 * SHA-256 digests of every receipt of one group commit, so that one signature covers them all without showing one
 * hospital another's receipts. `stored` is per envelope, all others per export.
 */
const count = z.int().min(0);
const isoDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const base = { v: z.literal(1), id: z.uuid(), agent: z.string(), /** epoch ms */ at: z.int() };
const ofExport = { ...base, export: z.uuid(), feed: z.string(), facility: z.string(), part: z.string() };

export const listedFinding = z.strictObject({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  field: z.string().nullable(),
  line: z.int().nullable(),
  record: z.int().nullable(),
});

/** A dispatch as the hospital sees it: days of visits `from` to `to`, both included. */
export const receiptDispatch = z.strictObject({
  name: z.string(),
  from: isoDay,
  to: isoDay,
  destination: z.string(),
});

export const storedReceipt = z.strictObject({
  ...base,
  kind: z.literal('stored'),
  envelope: z.uuid(),
  digest: z.string(),
  feed: z.string(),
  epoch: z.int(),
  seq: z.int(),
  /** The receiver's ledger head after this envelope: highest sequence with nothing missing before it. */
  head: z.strictObject({ seq: z.int(), digest: z.string() }),
});

export const processedReceipt = z.strictObject({
  ...ofExport,
  kind: z.literal('processed'),
  /** applied: in the store; held: applied but removals suspended, or not applied (see hold); duplicate: the original answers. */
  result: z.enum(['applied', 'held', 'duplicate']),
  hold: z.enum(['removals', 'rekeying', 'second-source', 'facility-unknown']).nullable(),
  trusted: z.boolean(),
  window: z.strictObject({ from: isoDay, to: isoDay }).nullable(),
  accepted: count,
  rejected: count,
  added: count,
  updated: count,
  removed: count,
  unchanged: count,
  stale: count,
  suspended: count,
  /** What only the receiver can see: the agent has its own findings already. At most 1,000 listed. */
  findingsTotal: count,
  findings: z.array(listedFinding).max(1000),
  /** Dispatches composed by this export, or those in force for its days when it changed nothing. */
  dispatches: z.array(receiptDispatch).max(2000),
  /** duplicate: the export whose processing answers. */
  original: z.uuid().nullable(),
});

export const rejectedReceipt = z.strictObject({
  ...base,
  kind: z.literal('rejected'),
  /** Null when the envelope could not even be opened. */
  export: z.uuid().nullable(),
  envelope: z.uuid(),
  code: z.string(),
});

/** Removals once suspended: confirmed (applied), kept (dropped), or superseded by a newer export; a day at a time. */
export const decidedReceipt = z.strictObject({
  ...ofExport,
  kind: z.literal('decided'),
  decision: z.enum(['confirmed', 'kept', 'superseded']),
  /** By this decision: over an export's decisions it adds up. */
  removed: count,
  /** The export's removals still suspended, on other days; it stays held until there are none. */
  pending: count,
  dispatches: z.array(receiptDispatch).max(2000),
});

export const deliveryReceipt = z.strictObject({
  ...ofExport,
  kind: z.enum(['forwarded', 'acknowledged', 'refused']),
  dispatch: z.string(),
  /** Days of visits it carries, both included. */
  from: isoDay,
  to: isoDay,
  destination: z.string(),
  /** refused: the agency's code. */
  code: z.string().nullable(),
});

export const receipt = z.discriminatedUnion('kind', [
  storedReceipt,
  processedReceipt,
  rejectedReceipt,
  decidedReceipt,
  deliveryReceipt,
]);
export type Receipt = z.infer<typeof receipt>;
export type StoredReceipt = z.infer<typeof storedReceipt>;
export type ProcessedReceipt = z.infer<typeof processedReceipt>;
export type DeliveryReceipt = z.infer<typeof deliveryReceipt>;

/** Payload of the proof's JWS: base64url SHA-256 of each receipt's text. */
export const proofClaims = z.strictObject({
  v: z.literal(1),
  typ: z.literal('vaguemestre-receipts'),
  /** epoch ms */
  iat: z.int(),
  digests: z.array(z.string().length(43)).min(1).max(4096),
});

/** How receipts travel: texts as signed, each with its position in the receiver's log, and the proofs that cover them. */
export const receiptPage = z.strictObject({
  receipts: z.array(z.strictObject({ cursor: z.int(), text: z.string(), proof: z.int() })).max(500),
  proofs: z.array(z.strictObject({ id: z.int(), jws: z.string() })).max(500),
  /** Ask next for receipts after this one. */
  cursor: z.int(),
  more: z.boolean(),
});
export type ReceiptPage = z.infer<typeof receiptPage>;
