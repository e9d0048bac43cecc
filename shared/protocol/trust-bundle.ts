import { createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { spkiDigest } from '../envelope/keys.ts';
import { permanent } from '../runtime/errors.ts';

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

const maxBundleBytes = 256 * 1024;

/** JWS PS256 by the region's root key, which travels in the protected header as `jwk`. */
export async function signTrustBundle(bundle: TrustBundle, rootKey: KeyObject): Promise<string> {
  const jwk = createPublicKey(rootKey).export({ format: 'jwk' });
  return new CompactSign(Buffer.from(JSON.stringify(trustBundle.parse(bundle)), 'utf8'))
    .setProtectedHeader({ alg: 'PS256', jwk })
    .sign(rootKey);
}

/**
 * The bundle, when the pinned root signed it and its version is at least `minVersion` (0: any). `rootDigest` is the
 * lower-case hex SHA-256 of the root's SPKI. Throws `bundle-invalid`, `bundle-rollback`.
 */
export async function verifyTrustBundle(
  jws: string,
  rootDigest: string,
  minVersion: number,
): Promise<TrustBundle> {
  const bundle = await readBundle(jws, rootDigest).catch((error: unknown) => {
    throw permanent('bundle-invalid', { cause: error });
  });
  if (bundle.version < minVersion)
    throw permanent('bundle-rollback', { facts: { version: bundle.version, known: minVersion } });
  return bundle;
}

async function readBundle(jws: string, rootDigest: string): Promise<TrustBundle> {
  if (jws.length > maxBundleBytes) throw permanent('bundle-invalid', { facts: { why: 'size' } });
  const { jwk } = decodeProtectedHeader(jws);
  if (jwk?.kty !== 'RSA' || jwk.n === undefined || jwk.e === undefined)
    throw permanent('bundle-invalid', { facts: { why: 'key' } });
  const root = createPublicKey({ key: { kty: 'RSA', n: jwk.n, e: jwk.e }, format: 'jwk' });
  if (spkiDigest(root) !== rootDigest) throw permanent('bundle-invalid', { facts: { why: 'root' } });
  const { payload } = await compactVerify(jws, root, { algorithms: ['PS256'] });
  return trustBundle.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
}
