import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { makeFolder } from '../../shared/runtime/folder-owner.ts';
import type { Random } from '../../shared/runtime/random.ts';

/**
 * What has to be remembered of patients to put a record together (movements, halves of a join) rests encrypted under a key
 * that never leaves this machine: AES-256-GCM, 12-byte random nonce ‖ ciphertext ‖ 16-byte tag. Whatever it is looked up
 * by is a keyed hash. The key file is `<state>/identity/local.key`, 32 bytes as hex, 0600.
 */
export interface Vault {
  /** `place` names the row: a blob moved to another row does not open. */
  seal(place: string, plaintext: string): Buffer;
  /** Throws `vault-damaged`. */
  open(place: string, sealed: Buffer): string;
  /** 16 bytes: the same text gives the same index, and nothing else tells the text. */
  index(label: string, text: string): Buffer;
}

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

export function createVault(key: Buffer, random: Random): Vault {
  // A key object is made ready once: 16 µs a row instead of 50.
  const derived = (label: string): KeyObject =>
    createSecretKey(
      Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `vaguemestre-local-${label}-v1`, 32)),
    );
  const sealKey = derived('seal');
  const indexKey = derived('index');
  return {
    seal: (place, plaintext) => {
      const nonce = random.bytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(place, 'utf8'));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, body, cipher.getAuthTag()]);
    },
    open: (place, sealed) => {
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealKey, sealed.subarray(0, nonceBytes))
          .setAAD(Buffer.from(place, 'utf8'))
          .setAuthTag(sealed.subarray(-tagBytes));
        const body = sealed.subarray(nonceBytes, -tagBytes);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw permanent('vault-damaged', { cause });
      }
    },
    index: (label, text) =>
      createHmac('sha256', indexKey).update(`${label}\0${text}`).digest().subarray(0, 16),
  };
}

/** Makes the key on first use. Throws `vault-key-unreadable`. */
export async function openVault(state: string, random: Random): Promise<Vault> {
  const path = keyFileOf(state);
  const known = await readKey(path);
  if (known !== undefined) return createVault(known, random);
  const key = random.bytes(keyBytes);
  makeFolder(dirname(path), 0o700);
  await writeDurably(path, key.toString('hex'), 0o600);
  return createVault(key, random);
}

/** To open what rests already: a key that is lost is not replaced, so that `doctor --repair` can see it. Throws `vault-key-unreadable`. */
export async function openOldVault(state: string, random: Random): Promise<Vault> {
  const path = keyFileOf(state);
  const key = await readKey(path);
  if (key === undefined) throw unreadable(path, undefined);
  return createVault(key, random);
}

const keyFileOf = (state: string): string => join(state, 'identity', 'local.key');

/** Undefined where there is none. */
async function readKey(path: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
  const key = Buffer.from(text.trim(), 'hex');
  if (key.length !== keyBytes) throw unreadable(path, undefined);
  return key;
}

function unreadable(path: string, cause: unknown): Error {
  return permanent('vault-key-unreadable', { facts: { file: path }, cause });
}
