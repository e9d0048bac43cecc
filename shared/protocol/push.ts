import { z } from 'zod';

/**
 * The ingest listener (TLS 1.3, client certificate), HTTP/1.1 keep-alive:
 *
 *   POST /v1/envelopes        body: one envelope, application/octet-stream          → 200 PushAnswer
 *   POST /v1/tombstones       TombstoneRequest                                      → 200 PushAnswer
 *   GET  /v1/receipts?after=N&wait=S   held open up to S seconds (≤ 25) when empty  → 200 ReceiptPage
 *   POST /v1/heartbeat        HeartbeatRequest                                      → 200 HeartbeatAnswer
 *   GET  /v1/scorecards/FINESS        a facility's week, to be left at the hospital   → 200 ScorecardAnswer
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

const isoDay = z.iso.date();
const requestId = z.string().min(1).max(40);

const rejectedExport = z.strictObject({
  export: z.uuid(),
  source: z.string(),
  digest: z.string(),
  code: z.string(),
  line: z.int().nullable(),
  record: z.int().nullable(),
  at: z.int(),
});

/** What an agent found of days that were asked for. `sent`: exports that hold them are given again; `absent`: none does. */
export const askedAnswer = z.object({
  request: requestId,
  sent: z.array(isoDay).max(60),
  absent: z.array(isoDay).max(60),
});
export type AskedAnswer = z.infer<typeof askedAnswer>;

/**
 * What the agent says of itself every minute. Members added later are optional, and unknown ones are passed over at both
 * ends, so that an older agent and a newer region understand each other.
 */
export const heartbeatRequest = z.object({
  version: z.string(),
  /** The agent's clock, epoch ms. */
  at: z.int(),
  /** Agent's clock minus receiver's, ms, from the answer before, half the way there and back taken off. */
  clockOffsetMs: z.int().nullable().optional(),
  /** When the first of the agent's certificates ends, epoch ms. */
  certificateUntil: z.int().optional(),
  /** Per feed: the ledger's head, how many envelopes wait, since when (epoch ms). */
  feeds: z.array(
    z.strictObject({
      feed: z.string(),
      epoch: z.int(),
      seq: z.int(),
      pending: z.int(),
      oldestPendingAt: z.int().nullable(),
    }),
  ),
  /** Where the agent's state lies; null = the file system does not say. */
  freeDiskBytes: z.number().nullable(),
  /** Code of why no export is taken at present. */
  paused: z.string().nullable(),
  /** Since when, epoch ms. */
  pausedSince: z.int().nullable().optional(),
  /** Exports rejected at the agent since the last heartbeat that was answered: rule and position, never content. */
  rejectedExports: z.array(rejectedExport).max(100),
  bundleVersion: z.int(),
  /** An update that the agent gave up at that instant (epoch ms): the version before it runs again. */
  rolledBack: z.object({ version: z.string().max(40), at: z.int() }).optional(),
  /** Answers to days asked for, since the last heartbeat that was answered. Absent: an agent that cannot be asked. */
  asked: z.array(askedAnswer).max(100).optional(),
});
export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;

/** Days of a part without a record and without a trusted window, between its first day and yesterday. */
export const lackingPart = z.object({
  facility: z.string(),
  feed: z.string(),
  part: z.string(),
  days: z.array(isoDay).max(60),
});
export type LackingPart = z.infer<typeof lackingPart>;

/**
 * Days that a person of the region wants to be given again, whether the region holds them or not. `facilities`: the numbers
 * under which they may have been sent.
 */
export const askedDays = z.object({
  request: requestId,
  facilities: z.array(z.string()).min(1).max(20),
  feed: z.string(),
  part: z.string(),
  days: z.array(isoDay).min(1).max(60),
});
export type AskedDays = z.infer<typeof askedDays>;

export const heartbeatAnswer = z.object({
  /** The receiver's clock, epoch ms. */
  at: z.int(),
  /** Trust bundle (JWS) when newer than the one named. */
  bundle: z.string().nullable(),
  facilities: z.array(z.strictObject({ finess: z.string(), key: z.string() })),
  heads: z.array(z.strictObject({ feed: z.string(), epoch: z.int(), seq: z.int(), digest: z.string() })),
  /** What the region would like to be given again, of the parts this agent's sources feed day by day. */
  lacking: z.array(lackingPart).max(1000).optional(),
  /** Said again until the agent has answered it. */
  asked: z.array(askedDays).max(100).optional(),
  /** The last week (its Monday) of which a facility's scorecard is there to be fetched. */
  scorecards: z
    .array(z.object({ facility: z.string(), week: isoDay }))
    .max(1000)
    .optional(),
});
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>;

/** A text and the proof that the region signed it, as receipts have them. */
export const scorecardAnswer = z.object({ text: z.string().max(400_000), proof: z.string() });
export type ScorecardAnswer = z.infer<typeof scorecardAnswer>;

/** What that text holds, as JSON: a file of figures, and the same to be read. Rules, lines and counts only. */
export const scorecardText = z.object({
  v: z.literal(1),
  facility: z.string().regex(/^[0-9AB]{9}$/),
  week: isoDay,
  csv: z.string(),
  fr: z.string(),
  en: z.string(),
});
export type ScorecardText = z.infer<typeof scorecardText>;
