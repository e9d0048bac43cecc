import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { readRequest } from '../../../receiver/pki/requests.ts';
import { createRequest } from '../../../shared/envelope/request.ts';
import { faultOf, keys } from '../envelope/sealed.ts';
import { openssl, withOpenssl } from '../envelope/openssl.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testKeyPath } from '../../golden/envelope/vector.ts';

const { privateKey } = keys.seal;
const { publicKey } = keys.seal.certificate;
const pem = createRequest({ privateKey, publicKey }, 'Hôpital inventé');

test('a request gives the public key of its sender', () => {
  expect(readRequest(pem).equals(publicKey)).toBe(true);
});

test('a request signed by another key than its own is refused', async () => {
  const stolen = createRequest({ privateKey: keys.other.privateKey, publicKey }, 'agent');
  expect(await faultOf(() => readRequest(stolen))).toBe('request-malformed');
});

test('a key too small is refused', async () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(await faultOf(() => readRequest(createRequest(small, 'agent')))).toBe('key-unsuitable');
});

test.each([
  ['nothing', ''],
  ['another label', pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
  ['two requests', pem + pem],
  ['no DER', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'],
  ['more than 8 KiB', `${pem}${'\n'.repeat(8192)}`],
])('%s is refused', async (_, text) => {
  expect(await faultOf(() => readRequest(text))).toBe('request-malformed');
});

withOpenssl('openssl accepts our requests, and we accept its', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgm-csr-'));
  const file = join(folder, 'a.csr');
  writeFileSync(file, pem);
  const { code, stderr } = openssl('req', '-verify', '-noout', '-in', file);
  expect(code, stderr).toBe(0);
  const theirs = openssl('req', '-new', '-sha256', '-subj', '/CN=x', '-key', testKeyPath('seal', 'key'));
  rmSync(folder, { recursive: true });
  expect(readRequest(theirs.stdout.toString()).equals(publicKey)).toBe(true);
});
