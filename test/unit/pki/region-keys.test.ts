import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trustBundleOf } from '../../../receiver/pki/region-bundle.ts';
import { createRegion, loadRegion, renewServer, type Region } from '../../../receiver/pki/region-keys.ts';
import { genesis } from '../../../shared/envelope/header.ts';
import { loadPrivateKey } from '../../../shared/envelope/keys.ts';
import { openEnvelope, parseEnvelope } from '../../../shared/envelope/open.ts';
import { createSealer } from '../../../shared/envelope/seal.ts';
import { createReceiptSigner, createReceiptVerifier } from '../../../shared/protocol/receipt-proof.ts';
import { signTrustBundle, verifyTrustBundle } from '../../../shared/protocol/trust-bundle.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { faultOf, fields, keys } from '../envelope/sealed.ts';

const at = Date.UTC(2026, 10, 12);
const clock = { now: () => at, monotonic: () => 0 };
const options = { name: 'Région d’essai', hosts: ['receveur.example'], clock, random: systemRandom };
let folder: string;
let region: Region;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vgm-region-'));
  region = await createRegion(folder, options);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a region comes back from its folder, and its bundle verifies against the root its codes pin', async () => {
  const loaded = await loadRegion(folder);
  expect(loaded.rootDigest).toBe(region.rootDigest);
  expect(loaded.name).toBe('Région d’essai');
  const bundle = trustBundleOf(loaded, 3, at);
  const jws = await signTrustBundle(bundle, loaded.root.privateKey);
  expect(await verifyTrustBundle(jws, region.rootDigest, 3)).toEqual(bundle);
  expect(bundle.recipients.map(({ use }) => use)).toEqual(['receiver', 'recovery']);
});

test('an envelope sealed for the bundle opens with the receiver key and with the recovery key', async () => {
  const sealer = createSealer({
    recipients: trustBundleOf(region, 1, at).recipients.map(({ certificate }) => certificate),
    signer: keys.seal,
    random: systemRandom,
  });
  const bytes = await sealer.seal({ ...fields, prev: genesis }, await sealer.compress(Buffer.from('x')))
    .bytes;
  const recovery = await loadPrivateKey(join(folder, 'recovery/recovery.key'));
  for (const key of [region.encryption, { privateKey: recovery, certificate: region.recovery }])
    expect((await openEnvelope(parseEnvelope(bytes), key)).toString()).toBe('x');
});

test('receipts signed by the region verify with its bundle', async () => {
  const signer = createReceiptSigner({ ...region.receipts, clock });
  const jws = await signer.sign(['not a receipt']);
  const verifier = createReceiptVerifier(trustBundleOf(region, 1, at).receiptKeys);
  const error: unknown = await verifier.verify('not a receipt', jws).catch((thrown: unknown) => thrown);
  // The proof holds and covers the text; only the text itself is no receipt.
  expect((error as Error).cause).toBeInstanceOf(SyntaxError);
});

test('an existing region is never overwritten', async () => {
  const before = readFileSync(join(folder, 'root.key'), 'utf8');
  expect(await faultOf(() => createRegion(folder, options))).toBe('region-exists');
  expect(readFileSync(join(folder, 'root.key'), 'utf8')).toBe(before);
});

test.skipIf(process.platform === 'win32')('every file is readable by its owner alone', () => {
  for (const file of [
    'root.key',
    'issuing.key',
    'server.key',
    'encryption.key',
    'receipts.key',
    'recovery/recovery.key',
  ])
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
});

test('the region works on when the recovery key has been moved offline', async () => {
  const path = join(folder, 'recovery');
  const key = readFileSync(join(path, 'recovery.key'));
  rmSync(path, { recursive: true });
  expect((await loadRegion(folder)).rootDigest).toBe(region.rootDigest);
  expect(key.length).toBeGreaterThan(0);
});

test('a new server certificate names the new hosts and keeps key and root', async () => {
  const renewed = await renewServer(folder, ['autre.example', '192.0.2.9'], options);
  expect(renewed.server.certificate.subjectAltName).toContain('DNS:autre.example');
  expect(renewed.server.certificate.subjectAltName).toContain('DNS:localhost');
  expect(renewed.server.certificate.subjectAltName).toContain('IP Address:127.0.0.1');
  expect(renewed.server.certificate.publicKey.equals(region.server.certificate.publicKey)).toBe(true);
  expect(renewed.hosts).toEqual(['autre.example', '192.0.2.9']);
  expect(renewed.rootDigest).toBe(region.rootDigest);
});

test('missing, broken and over-shared files are named', async () => {
  expect(await faultOf(() => loadRegion(join(folder, 'nowhere')))).toBe('region-incomplete');
  if (process.platform !== 'win32') {
    chmodSync(join(folder, 'issuing.key'), 0o644);
    expect(await faultOf(() => loadRegion(folder))).toBe('key-file-permissions');
    chmodSync(join(folder, 'issuing.key'), 0o600);
  }
  rmSync(join(folder, 'encryption.pem'));
  expect(await faultOf(() => loadRegion(folder))).toBe('region-incomplete');
  writeFileSync(join(folder, 'region.json'), '{}');
  expect(await faultOf(() => loadRegion(folder))).toBe('region-incomplete');
});
