import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { readRegionFile, regionPath } from '../pki/region-file.ts';
import { stateFolder } from '../state-folder.ts';

/** The region's signed trust bundle: as the last rotation of a key left it, else as `init` did. */
export interface TrustBundleFile {
  readonly jws: string;
  readonly version: number;
}

export function trustBundlePath(stateFolder: string): string {
  return join(stateFolder, 'trust-bundle.jws');
}

/** Throws `region-missing` before `init`. */
export async function readTrustBundle(folder: string): Promise<TrustBundleFile> {
  const { keys } = stateFolder(folder);
  const turned = (await readIfThere(regionPath(keys))) === undefined ? undefined : await bundleOf(keys);
  if (turned !== undefined) return turned;
  const path = trustBundlePath(folder);
  const jws = await readIfThere(path);
  if (jws === undefined) throw permanent('region-missing', { facts: { folder } });
  return { jws: jws.trim(), version: versionIn(jws, path) };
}

async function bundleOf(keys: string): Promise<TrustBundleFile | undefined> {
  const { turned } = await readRegionFile(keys);
  return turned === undefined
    ? undefined
    : { jws: turned.bundle, version: versionIn(turned.bundle, regionPath(keys)) };
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}

/** Our own file, read for its version only: agents verify the signature. */
export function versionIn(jws: string, path: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (
      typeof claims === 'object' &&
      claims !== null &&
      'version' in claims &&
      typeof claims.version === 'number'
    )
      return claims.version;
  } catch (error) {
    throw permanent('trust-bundle-unreadable', { facts: { path }, cause: error });
  }
  throw permanent('trust-bundle-unreadable', { facts: { path } });
}
