import { z } from 'zod';

/**
 * The trust bundle: JWS PS256 signed by the region's root key (whose SPKI digest an agent pins through its enrolment
 * code; the key itself travels in the JWS header as `jwk`). Version never goes back.
 */
export const trustBundle = z.strictObject({
  v: z.literal(1),
  typ: z.literal('vaguemestre-trust-bundle'),
  region: z.string(),
  version: z.int().min(1),
  issuedAt: z.int(),
  /** PEM: the region's CA certificates, for TLS. */
  authorities: z.array(z.string()).min(1),
  /** PEM: encryption certificates of the receiver; the current one first. */
  recipients: z
    .array(
      z.strictObject({
        certificate: z.string(),
        use: z.enum(['receiver', 'recovery']),
        notBefore: z.int(),
        notAfter: z.int(),
      }),
    )
    .min(1),
  /** PEM SPKI: keys that sign receipts. */
  receiptKeys: z
    .array(z.strictObject({ kid: z.string(), publicKey: z.string(), notBefore: z.int(), notAfter: z.int() }))
    .min(1),
  suites: z.array(z.int()).min(1),
});
export type TrustBundle = z.infer<typeof trustBundle>;
