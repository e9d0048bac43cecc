import { z } from 'zod';

/**
 * The enrolment listener (TLS, no client certificate). The code a person carries:
 *
 *   vgm1.<agent uuid without dashes>.<token, 160 bits>.<SHA-256 of the region root's SPKI>.<checksum, 4 characters>
 *
 * (token, digest and checksum in Crockford's base32; the checksum is the start of the SHA-256 of the three parts' bytes).
 *
 *   GET  /v1/trust            → the trust bundle (JWS), verified against the digest in the code; its CA then verifies TLS
 *   POST /v1/enrolments       EnrolmentRequest → EnrolmentGrant
 *
 * The token never travels: HMAC over the requests one way, over the answer the other way, under different labels. tokenKey =
 * HMAC-SHA-256(token, `vaguemestre-enrol-token-v1`).
 */
export const enrolmentRequest = z.strictObject({
  v: z.literal(1),
  agent: z.uuid(),
  /** PEM certificate requests; subject and extensions are taken from the receiver's database, only the key counts. */
  tlsRequest: z.string().max(8192),
  sealRequest: z.string().max(8192),
  /** base64url HMAC-SHA-256(tokenKey, `vaguemestre-enrol-request-v1\0` ‖ agent ‖ \0 ‖ tlsRequest ‖ \0 ‖ sealRequest) */
  mac: z.string(),
});
export type EnrolmentRequest = z.infer<typeof enrolmentRequest>;

/** What an enrolled agent holds. */
export const agentGrant = z.strictObject({
  agent: z.uuid(),
  name: z.string(),
  tlsCertificate: z.string(),
  sealCertificate: z.string(),
  /** JWS, see trust bundle. */
  bundle: z.string(),
  /** Base64url 32-byte HMAC key per facility, the same for all its agents. */
  facilities: z.array(z.strictObject({ finess: z.string(), name: z.string(), key: z.string() })),
  ingestUrl: z.string(),
  /** Per feed: epoch to use next and the head to chain from. */
  ledgers: z.array(z.strictObject({ feed: z.string(), epoch: z.int(), seq: z.int(), digest: z.string() })),
});
export type AgentGrant = z.infer<typeof agentGrant>;

export const enrolmentGrant = z.strictObject({
  /** JSON text of AgentGrant, exactly as authenticated. */
  grant: z.string(),
  /** base64url HMAC-SHA-256(tokenKey, `vaguemestre-enrol-grant-v1\0` ‖ grant) */
  mac: z.string(),
});
/** Answered with 202: the same request is welcome later, once a second person has let the machine in. */
export const awaitingApproval = 'enrolment-awaits-approval';

export type EnrolmentGrant = z.infer<typeof enrolmentGrant>;
