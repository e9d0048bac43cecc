import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../../shared/runtime/durable-file.ts';
import { asFault, permanent, systemCode } from '../../shared/runtime/errors.ts';
import { trustBundlePath } from '../auth/trust-bundle-file.ts';
import { takeLock } from '../serve-lock.ts';
import { stateFolder } from '../state-folder.ts';
import { keyRoles } from './key-ring.ts';
import { readRegionFile } from './region-file.ts';

/** One change of the region's keys at a time. Throws `keys-being-changed`. */
export async function changingKeys<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const unlock = takeLock(`${stateFolder(folder).keys}.lock`, (cause) =>
    permanent('keys-being-changed', { cause }),
  );
  try {
    await finishLastChange(folder);
    return await work();
  } finally {
    unlock();
  }
}

/** Before serving: what a change that was cut short left over, unless one is under way. */
export async function settleKeys(folder: string): Promise<void> {
  await changingKeys(folder, async () => undefined).catch((error: unknown) => {
    if (asFault(error).code !== 'keys-being-changed') throw error;
  });
}

/**
 * Follows from `region.json`, whatever a change that was cut short left: the public copy of the bundle is the one it names,
 * and of private keys only those it names are there. Only under the lock: keys of a change under way are not named yet.
 */
export async function finishLastChange(folder: string): Promise<void> {
  const { keys } = stateFolder(folder);
  const { turned } = await readRegionFile(keys);
  if (turned !== undefined) await publishCopy(folder, turned.bundle);
  const named = turned?.keys ?? keyRoles.map((role) => ({ file: role, destroyedAt: null }));
  const wanted = new Set(
    named.flatMap(({ file, destroyedAt }) =>
      destroyedAt === null ? [`${file}.key`, `${file}.pem`] : [`${file}.pem`],
    ),
  );
  const stray = (await readdir(keys)).filter((name) => ringFile.test(name) && !wanted.has(name));
  for (const name of stray) await unlink(join(keys, name));
  if (stray.length > 0) await syncFolder(keys);
}

const ringFile = new RegExp(`^(${keyRoles.join('|')})(-[0-9a-f]{8,16})?\\.(key|pem)(\\.tmp)?$`);

/** For people and agencies, who hand it to `manifest verify`. */
export async function publishCopy(folder: string, bundle: string): Promise<void> {
  const path = trustBundlePath(folder);
  const known = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (known?.trim() !== bundle) await writeDurably(path, bundle);
}
