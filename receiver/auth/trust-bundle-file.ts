import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { permanent } from '../../shared/runtime/errors.ts';

/** The region's signed trust bundle as `init` left it in the state folder. */
export interface TrustBundleFile {
  readonly jws: string;
  readonly version: number;
}

export function trustBundlePath(stateFolder: string): string {
  return join(stateFolder, 'trust-bundle.jws');
}

/** Throws `region-missing` before `init`. */
export async function readTrustBundle(stateFolder: string): Promise<TrustBundleFile> {
  const path = trustBundlePath(stateFolder);
  const jws = await readFile(path, 'utf8').catch((error: unknown) => {
    throw permanent('region-missing', { facts: { folder: stateFolder }, cause: error });
  });
  return { jws: jws.trim(), version: versionIn(jws, path) };
}

/** Our own file, read for its version only: agents verify the signature. */
function versionIn(jws: string, path: string): number {
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
