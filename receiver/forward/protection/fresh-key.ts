import type { Clock } from '../../../shared/runtime/clock.ts';
import { transient } from '../../../shared/runtime/errors.ts';
import { hasExpired, keyPlace, type AgencyKey, type SealedDestination } from './agency-key.ts';
import { readAgencyKeyFile } from './key-files.ts';
import type { Protection } from './protection.ts';

/** A key that has passed every check, ready to seal. */
export interface SealingKey {
  readonly key: AgencyKey;
  readonly id: string;
  seal(name: string, content: Buffer): Promise<Buffer>;
}

/**
 * Protection by the key that is in its file now: the file is looked at before every sealing (a few kB; 0.1 ms), so that
 * nothing is sealed for a key that was taken away, replaced or revoked while the receiver runs, and one whose life was
 * prolonged goes on without a restart.
 *
 * Sealing throws what `load` throws, and the transient `agency-key-renewed` when the file now asks for something else to be
 * sealed for, another subkey of the same key: open the protection again.
 */
export async function createFreshProtection(options: {
  readonly settings: SealedDestination;
  readonly suffix: Protection['suffix'];
  readonly clock: Clock;
  /** From the bytes of the key's file; throws the faults of keys. */
  readonly load: (bytes: Buffer) => Promise<SealingKey>;
}): Promise<Protection> {
  const { settings, suffix, clock, load } = options;
  const place = keyPlace(settings);
  let bytes = await readAgencyKeyFile(place);
  let current = await load(bytes);
  const { id } = current;

  const refresh = async (): Promise<void> => {
    const found = await readAgencyKeyFile(place);
    if (found.equals(bytes) && !hasExpired(current.key.expiresAt, clock.now())) return;
    const next = await load(found);
    if (next.id !== id) throw transient('agency-key-renewed', { facts: place });
    bytes = found;
    current = next;
  };

  return {
    id,
    suffix,
    fingerprint: current.key.fingerprint,
    get expiresAt() {
      return current.key.expiresAt;
    },
    seal: async (name, content) => {
      await refresh();
      return current.seal(name, content);
    },
  };
}
