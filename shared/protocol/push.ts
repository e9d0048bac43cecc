import { z } from 'zod';

/**
 * The ingest listener (TLS 1.3, client certificate), HTTP/1.1 keep-alive:
 *
 *   POST /v1/envelopes        body: one envelope, application/octet-stream          → 200 PushAnswer
 *   POST /v1/tombstones       TombstoneRequest                                      → 200 PushAnswer
 *   GET  /v1/receipts?after=N&wait=S   held open up to S seconds (≤ 25) when empty  → 200 ReceiptPage
 *   POST /v1/heartbeat        HeartbeatRequest                                      → 200 HeartbeatAnswer
 *   POST /v1/epochs           EpochRequest: a restored agent opens a new epoch      → 200 EpochAnswer
 *   POST /v1/renewals         RenewalRequest: new certificates                      → 200 EnrolmentGrant
 *
 * Errors: ErrorAnswer with the status of its class: permanent 4xx, transient 503 (or 429) with retry-after.
 */
export const pushAnswer = z.strictObject({
  /** Text of the stored receipt and the proof that covers it. */
  receipt: z.string(),
  proof: z.string(),
});
export type PushAnswer = z.infer<typeof pushAnswer>;

export const errorAnswer = z.object({
  code: z.string(),
  class: z.enum(['transient', 'ambiguous', 'permanent']),
  /** On ledger conflicts: the receiver's head. */
  head: z.strictObject({ epoch: z.int(), seq: z.int(), digest: z.string() }).optional(),
});
export type ErrorAnswer = z.infer<typeof errorAnswer>;

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const feedName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** Says that a sequence number will never be filled, signed with the agent's seal key over the canonical text below. */
export const tombstoneRequest = z.strictObject({
  v: z.literal(1),
  agent: z.uuid(),
  feed: feedName,
  epoch: z.int().min(1),
  seq: z.int().min(1),
  envelope: z.uuid(),
  digest: sha256Hex,
  prev: sha256Hex,
  code: z.string().max(100),
  /** base64url RSA-PSS over `vaguemestre-tombstone-v1\0` ‖ SHA-256(JSON of the fields above in this order) */
  signature: z.string().max(1000),
});
export type TombstoneRequest = z.infer<typeof tombstoneRequest>;

export const epochRequest = z.strictObject({ feed: feedName, epoch: z.int().min(1) });
export const epochAnswer = z.strictObject({
  feed: z.string(),
  epoch: z.int(),
  /** Head of the epoch before: the first envelope of the new one names it as its prev. */
  prev: z.string(),
});

const rejectedExport = z.strictObject({
  export: z.uuid(),
  source: z.string(),
  digest: z.string(),
  code: z.string(),
  line: z.int().nullable(),
  record: z.int().nullable(),
  at: z.int(),
});

export const heartbeatRequest = z.strictObject({
  version: z.string(),
  at: z.int(),
  feeds: z.array(
    z.strictObject({
      feed: z.string(),
      epoch: z.int(),
      seq: z.int(),
      pending: z.int(),
      oldestPendingAt: z.int().nullable(),
    }),
  ),
  freeDiskBytes: z.number().nullable(),
  paused: z.string().nullable(),
  /** Exports rejected at the agent since the last heartbeat that was answered: rule and position, never content. */
  rejectedExports: z.array(rejectedExport).max(100),
  bundleVersion: z.int(),
});
export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;

export const heartbeatAnswer = z.strictObject({
  at: z.int(),
  /** Trust bundle (JWS) when newer than the one named. */
  bundle: z.string().nullable(),
  facilities: z.array(z.strictObject({ finess: z.string(), key: z.string() })),
  heads: z.array(z.strictObject({ feed: z.string(), epoch: z.int(), seq: z.int(), digest: z.string() })),
});
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>;
