import { createCmsWriter } from '../../../shared/envelope/cms.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import {
  keyPlace,
  requireInForce,
  requireNamed,
  requireRsaSize,
  type SealedDestination,
} from './agency-key.ts';
import { readAgencyCertificate } from './certificate.ts';
import { createFreshProtection } from './fresh-key.ts';
import type { Protection } from './protection.ts';

const keyBytes = 32;
const nonceBytes = 12;

/**
 * CMS AuthEnvelopedData (AES-256-GCM, RSA-OAEP-SHA256) in DER for the agency's certificate, by the writer of our own
 * envelopes: `openssl cms -decrypt -inform DER` opens it, and its output counts only when it exits with 0.
 *
 * Throws, opening and sealing alike, the faults of `readAgencyCertificate`, `agency-key-swapped`, `agency-key-early`,
 * `agency-key-expired`; sealing also `agency-key-renewed`.
 */
export function createCmsProtection(
  settings: SealedDestination,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<Protection> {
  const place = keyPlace(settings);
  return createFreshProtection({
    ...{ settings, clock, suffix: '.p7m' },
    load: async (bytes) => {
      const { key, certificate } = readAgencyCertificate(bytes, place);
      requireNamed(key, settings);
      requireInForce(key, place, clock.now());
      const writer = createCmsWriter([certificate], ({ asymmetricKeyDetails }) =>
        requireRsaSize(asymmetricKeyDetails?.modulusLength ?? 0, place),
      );
      return {
        key,
        id: `cms:${key.fingerprint}`,
        seal: async (_name, content) =>
          Buffer.concat(
            writer.write([content], { key: random.bytes(keyBytes), nonce: random.bytes(nonceBytes) }),
          ),
      };
    },
  });
}
