import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  generateKey,
  loadPrivateKey,
  requireRsa3072,
  savePrivateKey,
  signDigest,
  spkiDigest,
  verifyDigest,
} from '../../../shared/envelope/keys.ts';
import { faultOf, keys } from './sealed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vgm-keys-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a key is generated with the size used throughout', async () => {
  const { privateKey, publicKey } = await generateKey();
  requireRsa3072(privateKey);
  requireRsa3072(publicKey);
});

test('a saved key is readable by its owner alone, and comes back', async () => {
  const path = join(folder, 'a.key');
  await savePrivateKey(path, keys.seal.privateKey);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await loadPrivateKey(path)).equals(keys.seal.privateKey)).toBe(true);
});

test.skipIf(process.platform === 'win32')('a key file others can read is refused', async () => {
  const path = join(folder, 'a.key');
  await savePrivateKey(path, keys.seal.privateKey);
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(path, mode);
    expect(await faultOf(() => loadPrivateKey(path))).toBe('key-file-permissions');
  }
});

test('a missing key file and one that holds no key are told apart', async () => {
  expect(await faultOf(() => loadPrivateKey(join(folder, 'none.key')))).toBe('key-file-missing');
  writeFileSync(join(folder, 'bad.key'), 'not a key', { mode: 0o600 });
  expect(await faultOf(() => loadPrivateKey(join(folder, 'bad.key')))).toBe('key-file-malformed');
});

test('a key of another kind or size is refused', async () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  for (const key of [small, curve]) expect(await faultOf(() => requireRsa3072(key))).toBe('key-unsuitable');
});

test('a signature holds for its label and digest only', async () => {
  const digest = Buffer.alloc(32, 1);
  const signature = await signDigest('label-a', digest, keys.seal.privateKey);
  const { publicKey } = keys.seal.certificate;
  expect(verifyDigest('label-a', digest, signature, publicKey)).toBe(true);
  expect(verifyDigest('label-b', digest, signature, publicKey)).toBe(false);
  expect(verifyDigest('label-a', Buffer.alloc(32, 2), signature, publicKey)).toBe(false);
});

test('the SPKI digest is that of the public key, whichever way it was obtained', () => {
  expect(spkiDigest(keys.seal.certificate.publicKey)).toMatch(/^[0-9a-f]{64}$/);
  expect(spkiDigest(keys.seal.certificate.publicKey)).not.toBe(spkiDigest(keys.other.certificate.publicKey));
});
