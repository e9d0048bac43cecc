import type { X509Certificate } from 'node:crypto';
import { publicKeyPem } from '../../shared/envelope/keys.ts';
import type { TrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { keysOf, successorOf } from './key-ring.ts';
import { keyId, type Region, type RegionKey } from './region-keys.ts';

export type BundleSource = Pick<Region, 'name' | 'root' | 'recovery' | 'authorities' | 'keys'>;

/** A receipt may be signed by a process that began before the key was followed by another. */
export const lateSigningMs = 86_400_000;

/**
 * What agents are told to trust. A key is used from its `notBefore` on: an agent takes the first receiver that has begun, so
 * that one bundle tells of the next key, of the moment it takes over, and of the one before. Keys that signed receipts stay,
 * destroyed or not, for what they signed must be proven as long as it is kept.
 */
export function trustBundleOf(region: BundleSource, version: number, issuedAt: number): TrustBundle {
  const ofRole = (role: 'encryption' | 'receipts'): readonly RegionKey[] =>
    region.keys.filter((key) => key.role === role);
  const latestFirst = keysOf(region.keys, 'encryption').toReversed();
  const receivers = latestFirst.flatMap(({ id, from }) => {
    const certificate = ofRole('encryption').find((key) => key.id === id)?.certificate;
    return certificate === undefined ? [] : [recipient(certificate, 'receiver', from)];
  });
  const root = region.root.certificate;
  return {
    v: 1,
    typ: 'vaguemestre-trust-bundle',
    region: region.name,
    version,
    issuedAt,
    authorities: [...region.authorities],
    recipients: [...receivers, recipient(region.recovery, 'recovery', Date.parse(region.recovery.validFrom))],
    receiptKeys: ofRole('receipts').map((key) => {
      const next = successorOf(region.keys, key);
      return {
        kid: keyId(key.publicKey),
        publicKey: publicKeyPem(key.publicKey),
        notBefore: key.from,
        notAfter: next === undefined ? Date.parse(root.validTo) : next.from + lateSigningMs,
      };
    }),
    suites: [1],
  };
}

function recipient(
  certificate: X509Certificate,
  use: 'receiver' | 'recovery',
  notBefore: number,
): TrustBundle['recipients'][number] {
  return { certificate: certificate.toString(), use, notBefore, notAfter: Date.parse(certificate.validTo) };
}
