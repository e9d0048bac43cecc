import { stat } from 'node:fs/promises';
import { fingerprint, type CertifiedKey } from '../../shared/envelope/keys.ts';
import { createReceiptSigner } from '../../shared/protocol/receipt-proof.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { readTrustBundle, type TrustBundleFile } from '../auth/trust-bundle-file.ts';
import { stateFolder } from '../state-folder.ts';
import { regionPath } from './region-file.ts';
import { loadRegion, openersOf, type Region } from './region-keys.ts';

/** The region's keys as they are at each moment, for a process that goes on while they turn over. */
export interface LiveRegion {
  readonly region: () => Region;
  /** Its members are looked at when they are used. */
  readonly bundle: TrustBundleFile;
  readonly openers: () => readonly CertifiedKey[];
  /** Fingerprints of certificates whose key is no more. */
  readonly isDestroyed: (fingerprint: string) => boolean;
  readonly sign: (texts: readonly string[]) => Promise<string>;
  readonly loop: Loop;
}

const lookEveryMs = 1000;

/** Looks every second whether another process changed the keys: agents hear of it with their next heartbeat. */
export async function openLiveRegion(deps: {
  /** The receiver's state folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** After each change. */
  readonly onChange?: () => void;
}): Promise<LiveRegion> {
  const { folder, clock, logger } = deps;
  const { keys } = stateFolder(folder);
  const read = async () => {
    // Seen first: what changes while it is read is read again.
    const seen = await stampOf(keys);
    const bundle = await readTrustBundle(folder);
    const region = await loadRegion(keys, clock);
    const gone = region.keys.flatMap(({ destroyedAt, certificate }) =>
      destroyedAt === null || certificate === undefined ? [] : [fingerprint(certificate)],
    );
    return { seen, bundle, region, openers: openersOf(region), gone: new Set(gone) };
  };
  let current = await read();
  return {
    region: () => current.region,
    bundle: {
      get jws() {
        return current.bundle.jws;
      },
      get version() {
        return current.bundle.version;
      },
    },
    openers: () => current.openers,
    isDestroyed: (recipient) => current.gone.has(recipient),
    sign: (texts) => createReceiptSigner({ ...current.region.receipts, clock }).sign(texts),
    loop: createLoop({
      name: 'keys',
      idleMs: lookEveryMs,
      logger,
      step: async () => {
        if ((await stampOf(keys)) === current.seen) return false;
        current = await read();
        logger.info({ version: current.bundle.version }, 'keys-changed');
        deps.onChange?.();
        return false;
      },
      faultMs: () => 10 * lookEveryMs,
    }),
  };
}

/** Changes whenever the file is replaced. */
async function stampOf(keys: string): Promise<string> {
  const { ino, mtimeNs, size } = await stat(regionPath(keys), { bigint: true });
  return `${ino} ${mtimeNs} ${size}`;
}
