import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import { parseEnvelope } from '../../../shared/envelope/open.ts';
import { testKeyPath } from '../../golden/envelope/vector.ts';
import { openssl, withOpenssl } from './openssl.ts';
import { sealText } from './sealed.ts';

const text = 'un passage inventé\n'.repeat(3000);
let folder: string;
let cms: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vgm-cms-'));
  ({ cms } = parseEnvelope(await sealText(text)));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function decrypt(bytes: Buffer, name: 'receiver' | 'recovery' | 'other'): ReturnType<typeof openssl> {
  const file = join(folder, 'cms.der');
  writeFileSync(file, bytes);
  const key = ['-inkey', testKeyPath(name, 'key'), '-recip', testKeyPath(name, 'pem')];
  return openssl('cms', '-decrypt', '-binary', '-inform', 'DER', '-in', file, ...key);
}

withOpenssl('openssl opens the CMS part with either recipient', () => {
  for (const name of ['receiver', 'recovery'] as const) {
    const { code, stdout, stderr } = decrypt(cms, name);
    expect(code, stderr).toBe(0);
    expect(stdout.length % 4096).toBe(0);
    const body = stdout.subarray(36, 36 + stdout.readUInt32BE(32));
    expect(brotliDecompressSync(body).toString('utf8')).toBe(text);
  }
});

withOpenssl('openssl refuses a changed CMS part and a key it is not for', () => {
  const changed = Buffer.from(cms);
  changed[cms.length - 40] = (changed[cms.length - 40] ?? 0) ^ 1;
  expect(decrypt(changed, 'receiver').code).not.toBe(0);
  expect(decrypt(cms, 'other').code).not.toBe(0);
});

withOpenssl('openssl reads the structure as AuthEnvelopedData with OAEP-SHA-256 recipients', () => {
  const file = join(folder, 'cms.der');
  writeFileSync(file, cms);
  const printed = openssl(
    'cms',
    '-cmsout',
    '-print',
    '-noout',
    '-inform',
    'DER',
    '-in',
    file,
  ).stdout.toString();
  expect(printed).toContain('id-smime-ct-authEnvelopedData');
  expect(printed).toContain('aes-256-gcm');
  expect(printed.match(/rsaesOaep/g)).toHaveLength(2);
});
