import { hash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { openEnvelope, parseEnvelope, verifyEnvelope } from '../../../shared/envelope/open.ts';
import { createSealer, envelopeLimits } from '../../../shared/envelope/seal.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { brotli, faultOf, fields, forge, frame, inner, keys, sealText, testSealer } from './sealed.ts';

const secret = 'une-valeur-reconnaissable-entre-toutes';
let envelope: Buffer;

beforeAll(async () => {
  envelope = await sealText(`${secret}\n`.repeat(50));
});

test('what was sealed is opened by the receiver and by the recovery key', async () => {
  const parsed = parseEnvelope(envelope);
  expect(await verifyEnvelope(parsed, keys.seal.certificate.publicKey)).toBe(true);
  for (const recipient of [keys.receiver, keys.recovery])
    expect((await openEnvelope(parsed, recipient)).toString('utf8')).toBe(`${secret}\n`.repeat(50));
});

test('an empty plaintext and a large one come back as they were', async () => {
  for (const text of ['', 'é'.repeat(200_000)]) {
    const parsed = parseEnvelope(await sealText(text));
    expect((await openEnvelope(parsed, keys.receiver)).toString('utf8')).toBe(text);
  }
});

test('the digest is known before the signature, and the next envelope chains on it', async () => {
  const sealer = testSealer();
  const compressed = await sealer.compress(Buffer.from('x'));
  const first = sealer.seal(fields, compressed);
  const second = sealer.seal({ ...fields, seq: 2, prev: first.digest }, compressed);
  expect(parseEnvelope(await first.bytes).digest).toBe(first.digest);
  expect(parseEnvelope(await second.bytes).header.prev).toBe(first.digest);
});

test('nothing of the plaintext shows in the envelope, and equal plaintexts seal to different contents', async () => {
  expect(envelope.includes(secret)).toBe(false);
  const again = await sealText(`${secret}\n`.repeat(50));
  expect(parseEnvelope(again).cms.equals(parseEnvelope(envelope).cms)).toBe(false);
});

test('sizes are rounded up to 4 KiB of content', async () => {
  const sizes = await Promise.all(['', 'a', 'abc'.repeat(900)].map((text) => sealText(text)));
  expect(new Set(sizes.map((bytes) => bytes.length)).size).toBe(1);
});

test('the agent that sealed it cannot open it, nor can anyone else', async () => {
  const parsed = parseEnvelope(envelope);
  for (const stranger of [keys.seal, keys.other])
    expect(await faultOf(() => openEnvelope(parsed, stranger))).toBe('envelope-wrong-recipient');
});

test('the right certificate with another private key opens nothing', async () => {
  const mixed = { privateKey: keys.other.privateKey, certificate: keys.receiver.certificate };
  expect(await faultOf(() => openEnvelope(parseEnvelope(envelope), mixed))).toBe('envelope-tampered');
});

test('a signature by another key does not hold', async () => {
  expect(await verifyEnvelope(parseEnvelope(envelope), keys.other.certificate.publicKey)).toBe(false);
});

test("another envelope's header on this content is refused even when it is signed", async () => {
  const { cms } = parseEnvelope(envelope);
  const { headerBytes } = parseEnvelope(await sealText('other', { seq: 9 }));
  const swapped = parseEnvelope(await frame(headerBytes, cms));
  expect(await verifyEnvelope(swapped, keys.seal.certificate.publicKey)).toBe(true);
  expect(await faultOf(() => openEnvelope(swapped, keys.receiver))).toBe('envelope-tampered');
});

test('a decompression bomb is stopped', async () => {
  const { headerBytes } = parseEnvelope(envelope);
  const bomb = brotli('0'.repeat(envelopeLimits.plaintextBytes + 1));
  expect(bomb.length).toBeLessThan(1000);
  const parsed = parseEnvelope(await forge(headerBytes, inner(sha256(headerBytes), bomb)));
  expect(await faultOf(() => openEnvelope(parsed, keys.receiver))).toBe('envelope-bomb');
});

test('a bomb too large for the short path is stopped as well', async () => {
  const { headerBytes } = parseEnvelope(envelope);
  const noise = systemRandom.bytes(20_000).toString('latin1');
  const bomb = brotli(noise + '0'.repeat(envelopeLimits.plaintextBytes));
  expect(bomb.length).toBeGreaterThan(8192);
  const parsed = parseEnvelope(await forge(headerBytes, inner(sha256(headerBytes), bomb)));
  expect(await faultOf(() => openEnvelope(parsed, keys.receiver))).toBe('envelope-bomb');
});

test.each([
  ['padding that is not zero', (d: Buffer, b: Buffer) => fillEnd(inner(d, b))],
  ['a length past the end', (d: Buffer, b: Buffer) => inner(d, b, 5000)],
  [
    'a length that leaves a whole block of padding',
    (d: Buffer, b: Buffer) => Buffer.concat([inner(d, b), Buffer.alloc(4096)]),
  ],
  ['content that is not padded', (d: Buffer, b: Buffer) => inner(d, b).subarray(0, 36 + b.length)],
  ['content shorter than its prefix', (d: Buffer) => d.subarray(0, 20)],
  ['a body that is not brotli', (d: Buffer) => inner(d, Buffer.alloc(100, 0xff))],
  ['a body cut short', (d: Buffer, b: Buffer) => inner(d, b.subarray(0, b.length - 3))],
])('%s is refused', async (_, build) => {
  const { headerBytes } = parseEnvelope(envelope);
  const bytes = await forge(headerBytes, build(sha256(headerBytes), brotli(secret.repeat(20))));
  expect(await faultOf(() => openEnvelope(parseEnvelope(bytes), keys.receiver))).toBe('envelope-malformed');
});

test('bytes after the signature are refused when parsing', async () => {
  const longer = Buffer.concat([envelope, Buffer.alloc(1)]);
  expect(await faultOf(() => parseEnvelope(longer))).toBe('envelope-malformed');
});

test('a header that names fewer recipients than the content has is refused', async () => {
  const { header, cms } = parseEnvelope(envelope);
  const one = { ...header, recipients: header.recipients.slice(0, 1) };
  const parsed = parseEnvelope(await frame(Buffer.from(JSON.stringify(one)), cms));
  expect(await faultOf(() => openEnvelope(parsed, keys.receiver))).toBe('envelope-malformed');
});

test('an envelope above 4 MiB is neither parsed nor sealed', async () => {
  expect(await faultOf(() => parseEnvelope(Buffer.alloc(envelopeLimits.envelopeBytes + 1)))).toBe(
    'envelope-too-large',
  );
  const incompressible = systemRandom.bytes(envelopeLimits.envelopeBytes);
  expect(await faultOf(() => testSealer().seal(fields, incompressible))).toBe('envelope-too-large');
});

test('a plaintext above 16 MiB is not compressed', async () => {
  const plaintext = Buffer.alloc(envelopeLimits.plaintextBytes + 1);
  expect(await faultOf(() => testSealer().compress(plaintext))).toBe('envelope-too-large');
});

test('recipients may be given as PEM, and a PEM that is no certificate is named as such', async () => {
  const options = { signer: keys.seal, random: systemRandom };
  const sealer = createSealer({ ...options, recipients: [keys.receiver.certificate.toString()] });
  const bytes = await sealer.seal(fields, await sealer.compress(Buffer.from('x'))).bytes;
  expect((await openEnvelope(parseEnvelope(bytes), keys.receiver)).toString()).toBe('x');
  expect(await faultOf(() => createSealer({ ...options, recipients: ['nothing'] }))).toBe(
    'certificate-malformed',
  );
});

function sha256(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer');
}

function fillEnd(bytes: Buffer): Buffer {
  bytes[bytes.length - 1] = 1;
  return bytes;
}
