import { createPublicKey, verify } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ReleaseFile } from '../../shared/release/layout.ts';
import { signedBytes } from '../../shared/release/signature.ts';
import { isVersion } from '../../shared/release/version-number.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { isPlainPath } from './update-file.ts';

const path = z.string().refine((text) => isPlainPath(text) && !/^release\.(json|sig)$/.test(text));

const releaseFile = z.object({
  release: z.literal(1),
  product: z.enum(['vaguemestre-agent', 'vaguemestre-receiver']),
  version: z.string().refine(isVersion),
  sequence: z.int().min(1),
  platform: z.string(),
  minimum: z.string().refine(isVersion),
  expiresAt: z.int(),
  downgrade: z.boolean(),
  files: z
    .array(z.object({ path, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .min(1)
    .max(2000),
});

/** The release that one of the pinned keys has signed. Faults: `update-no-keys`, `update-signature`, `update-form`. */
export function signedRelease(home: string, text: Uint8Array, signature: Uint8Array): ReleaseFile {
  const keys = pinnedKeys(home);
  if (keys.length === 0) throw permanent('update-no-keys', { facts: { folder: join(home, 'release-keys') } });
  if (!keys.some(({ pem }) => isSignedBy(pem, text, signature))) throw permanent('update-signature');
  const parsed = releaseFile.safeParse(parseJson(text));
  if (!parsed.success) throw permanent('update-form', { cause: parsed.error });
  return parsed.data;
}

/** The vendor's keys that this installation takes updates of: laid by the package, never by an update. */
export function pinnedKeys(home: string): readonly { readonly name: string; readonly pem: string }[] {
  const folder = join(home, 'release-keys');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pem'))
    .sort()
    .map((name) => ({ name, pem: readFileSync(join(folder, name), 'utf8') }));
}

function isSignedBy(pem: string, text: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' && verify(null, signedBytes(text), key, signature);
  } catch {
    // A key that is none, or a signature of another length.
    return false;
  }
}

function parseJson(text: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(text).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
