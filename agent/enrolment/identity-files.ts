import { createPublicKey, type KeyObject } from 'node:crypto';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { loadPrivateKey, savePrivateKey, spkiDigest } from '../../shared/envelope/keys.ts';
import { agentGrant } from '../../shared/protocol/enrolment.ts';
import { syncFolder, writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { makeFolder } from '../../shared/runtime/folder-owner.ts';

/**
 * What enrolment and renewal leave in `<state>/identity/`:
 *
 *   tls-<digest>.key, seal-<digest>.key   private keys, PEM, 0600, named by their public half: new ones never touch old ones
 *   grant.json                            everything else, and which keys are in force; written last, so that one rename
 *                                         switches from one whole identity to the next
 */
const keyFile = z.string().regex(/^(tls|seal)-[0-9a-f]{16}\.key$/);

const savedIdentity = z.strictObject({
  v: z.literal(1),
  /** Lower-case hex SHA-256 of the region root's SPKI, pinned by the enrolment code. */
  rootDigest: z.string(),
  bundleVersion: z.int(),
  /** Tells one enrolment from the next: the fingerprint of its first seal certificate. */
  enrolment: z.string(),
  keys: z.strictObject({ tls: keyFile, seal: keyFile }),
  /** PEM, newest last: `verify` proves with them what was sealed before a renewal. */
  earlierSeals: z.array(z.string()).max(100),
  grant: agentGrant,
});
export type SavedIdentity = z.infer<typeof savedIdentity>;
export type KeyFiles = SavedIdentity['keys'];

export interface IdentityKeys {
  readonly tls: KeyObject;
  readonly seal: KeyObject;
}

const folderOf = (state: string): string => join(state, 'identity');
const grantOf = (state: string): string => join(folderOf(state), 'grant.json');

/** Undefined: not enrolled. Faults: `identity-damaged`. */
export async function readIdentityFile(state: string): Promise<SavedIdentity | undefined> {
  const path = grantOf(state);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw permanent('identity-damaged', { facts: { file: path }, cause: error });
  }
  try {
    return savedIdentity.parse(JSON.parse(text));
  } catch (cause) {
    throw permanent('identity-damaged', { facts: { file: path }, cause });
  }
}

export function writeIdentityFile(state: string, saved: SavedIdentity): Promise<void> {
  return writeDurably(grantOf(state), JSON.stringify(saved, null, 2), 0o600);
}

/** Durable, and not in force before `writeIdentityFile` names them. */
export async function writeKeys(state: string, keys: IdentityKeys): Promise<KeyFiles> {
  const folder = folderOf(state);
  makeFolder(folder, 0o700);
  await syncFolder(state);
  const files = { tls: fileOf('tls', keys.tls), seal: fileOf('seal', keys.seal) };
  await savePrivateKey(join(folder, files.tls), keys.tls);
  await savePrivateKey(join(folder, files.seal), keys.seal);
  return files;
}

function fileOf(use: 'tls' | 'seal', key: KeyObject): string {
  return `${use}-${spkiDigest(createPublicKey(key)).slice(0, 16)}.key`;
}

/** Faults: those of the key files. */
export async function readKeys(state: string, { tls, seal }: KeyFiles): Promise<IdentityKeys> {
  const folder = folderOf(state);
  return {
    tls: await loadPrivateKey(join(folder, tls)),
    seal: await loadPrivateKey(join(folder, seal)),
  };
}

/** Private keys out of force are worth stealing and nothing else. Only the running agent, or enrolment, may ask for this. */
export async function dropOtherKeys(state: string, keep: KeyFiles): Promise<void> {
  const folder = folderOf(state);
  const stale = (await readdir(folder)).filter(
    (name) => /^(tls|seal)-.*\.key(\.tmp)?$/.test(name) && name !== keep.tls && name !== keep.seal,
  );
  // One that stays is named by nobody, and asked to go again next time.
  for (const name of stale) await unlink(join(folder, name)).catch(() => undefined);
}
