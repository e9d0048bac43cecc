import { join } from 'node:path';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { StateFolder } from '../state-folder.ts';
import { changingKeys } from './key-files.ts';
import { keysOf, type KeyRole, type RingKey } from './key-ring.ts';
import { readTrustBundle } from '../auth/trust-bundle-file.ts';
import { readRegionFile, writeRegionFile } from './region-file.ts';
import { loadRegion } from './region-keys.ts';
import { plain } from './rotate-key.ts';

/** What is public of a key that the region had, whatever has become of its private half. */
export interface KnownKey extends Pick<RingKey, 'id' | 'role' | 'from' | 'version'> {
  readonly pem: string;
  /** Its end was put to it on purpose. */
  readonly destroyed: boolean;
}

export interface LostKeys {
  readonly keys: readonly KnownKey[];
  /** Roles whose latest key was lost and has no successor yet: agents were told to use it. */
  readonly roles: readonly KeyRole[];
}

/**
 * Those of `known` that the region no longer has, adopted or not. A listener's key is none of them: agents know it by its
 * issuer, and the one before serves.
 */
export async function lostKeysOf(
  { keys: folder }: StateFolder,
  known: readonly KnownKey[],
  clock: Clock,
): Promise<LostKeys> {
  const ring = (await loadRegion(folder, clock)).keys;
  const keys = known.filter(({ id, role, destroyed }) => {
    const here = ring.find((key) => key.id === id);
    return role !== 'server' && (here === undefined || (here.destroyedAt !== null && !destroyed));
  });
  const roles = [...new Set(keys.filter(({ destroyed }) => !destroyed).map(({ role }) => role))];
  return {
    keys,
    roles: roles.filter((role) => {
      const lost = keys.filter((key) => key.role === role);
      const adopted = lost.flatMap(({ id }) => ring.filter((key) => key.id === id));
      const last = Math.max(...adopted.map(({ from }) => from));
      return adopted.length < lost.length || !keysOf(ring, role).some(({ from }) => from >= last);
    }),
  };
}

/**
 * Keys made after the backup that brought the region back are gone with the old machine. They stand among its keys as
 * destroyed: envelopes sealed for them are refused as such, so that agents send them again, and receipts that they signed can
 * still be proven. The trust bundle says so from the next rotation on.
 */
export async function adoptLostKeys(
  { folder, keys: keyFolder }: StateFolder,
  lost: readonly KnownKey[],
  clock: Clock,
): Promise<void> {
  await changingKeys(folder, async () => {
    const region = await loadRegion(keyFolder, clock);
    const missing = lost.filter(({ id }) => !region.keys.some((key) => key.id === id));
    if (missing.length === 0) return;
    for (const { id, pem } of missing) await writeDurably(join(keyFolder, `${id}.pem`), pem);
    const file = await readRegionFile(keyFolder);
    const kept = region.keys.map(plain);
    const now = Math.trunc(clock.now());
    // One that was to begin later has begun and ended: what follows it is made now.
    const added = missing.map(({ id, role, from, version }) => ({
      ...{ id, role, file: id, version },
      ...{ from: Math.min(from, now), destroyedAt: now },
    }));
    const { jws: bundle } = await readTrustBundle(folder);
    await writeRegionFile(keyFolder, { ...file, turned: { keys: [...kept, ...added], bundle } });
  });
}
