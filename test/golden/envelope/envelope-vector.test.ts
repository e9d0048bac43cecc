import { expect, test } from 'vitest';
import { readCms } from '../../../shared/envelope/cms.ts';
import { openEnvelope, parseEnvelope, verifyEnvelope } from '../../../shared/envelope/open.ts';
import { createSealer } from '../../../shared/envelope/seal.ts';
import { parseSlice, printSlice } from '../../../shared/protocol/slice.ts';
import { fixedRandom, readVector, testKey, vectorEnvelope, vectorPlaintext } from './vector.ts';

const vector = readVector();
const parsed = parseEnvelope(vectorEnvelope());

test('the published envelope has the published header and digest, and its signature holds', async () => {
  expect(parsed.headerBytes.toString('utf8')).toBe(vector.header);
  expect(parsed.header).toMatchObject(vector.fields);
  expect(parsed.digest).toBe(vector.digest);
  expect(await verifyEnvelope(parsed, testKey('seal').certificate.publicKey)).toBe(true);
});

test.each(['receiver', 'recovery'] as const)('the %s key opens the published envelope', async (name) => {
  expect(await openEnvelope(parsed, testKey(name))).toEqual(vectorPlaintext());
});

test('the published plaintext is read, and printed again to the same bytes', () => {
  const slice = parseSlice(vectorPlaintext());
  expect(slice.records).toHaveLength(2);
  expect(printSlice(slice)).toEqual(vectorPlaintext());
});

test('sealing again with the same chance gives the same bytes but for the encrypted keys and the signature', async () => {
  const sealer = createSealer({
    recipients: [testKey('receiver').certificate, testKey('recovery').certificate],
    signer: testKey('seal'),
    random: fixedRandom(Buffer.from(vector.contentKey, 'hex'), Buffer.from(vector.nonce, 'hex')),
  });
  const sealed = sealer.seal(vector.fields, Buffer.from(vector.compressed, 'hex'));
  expect(withoutChance(await sealed.bytes)).toEqual(withoutChance(vectorEnvelope()));
});

function withoutChance(envelope: Buffer): Buffer {
  const bytes = Buffer.from(envelope);
  const { cms, signature } = parseEnvelope(bytes);
  signature.fill(0);
  for (const { encryptedKey } of readCms(cms).recipients) encryptedKey.fill(0);
  return bytes;
}
