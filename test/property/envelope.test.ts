import { hash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCms } from '../../shared/envelope/cms.ts';
import { openEnvelope, parseEnvelope, verifyEnvelope } from '../../shared/envelope/open.ts';
import { Fault } from '../../shared/runtime/errors.ts';
import { readRequest } from '../../receiver/pki/requests.ts';
import { createRequest } from '../../shared/envelope/request.ts';
import { parseSlice, printSlice, type Slice } from '../../shared/protocol/slice.ts';
import { fields, frame, keys, sealText, testSealer } from '../unit/envelope/sealed.ts';

const { publicKey } = keys.seal.certificate;
let envelope: Buffer;

beforeAll(async () => {
  envelope = await sealText('{"facility":"990000010"}\n'.repeat(20));
});

/** What a receiver does; 'accepted', 'refused' (a coded Fault or a false signature), or the error that escaped. */
async function receive(bytes: Buffer, checkSignature = true): Promise<string> {
  try {
    const parsed = parseEnvelope(bytes);
    if (checkSignature && !(await verifyEnvelope(parsed, publicKey))) return 'refused';
    await openEnvelope(parsed, keys.receiver);
    return 'accepted';
  } catch (error) {
    return error instanceof Fault && error.code.startsWith('envelope-')
      ? 'refused'
      : `escaped: ${String(error)}`;
  }
}

function flip(bytes: Buffer, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

test('the envelope itself is accepted, so that a refusal below means something', async () => {
  expect(await receive(envelope)).toBe('accepted');
});

test('no envelope with one bit flipped anywhere is accepted, and the refusal is always a coded fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(envelope.length * 8 - 1), async (bit) => {
      expect(await receive(flip(envelope, bit))).toBe('refused');
    }),
    { numRuns: 700 },
  );
});

test('every byte of the frame, header and CMS structure is covered, flipped one by one', async () => {
  const { cms } = parseEnvelope(envelope);
  const contentAt = envelope.indexOf(readCms(cms).content);
  for (let at = 0; at < contentAt; at += 1)
    expect(await receive(flip(envelope, at * 8 + (at % 8)))).toBe('refused');
});

describe('behind a signature, for an agent whose seal key was stolen', () => {
  test('a flipped bit of the CMS part is still refused: structure, encrypted content and tag', async () => {
    const { headerBytes, cms } = parseEnvelope(envelope);
    const parts = readCms(cms);
    // Its own encrypted key and the other recipient's part aside: one cannot be altered unseen, the other is not read.
    const others = parts.recipients.map(({ encryptedKey }) => cms.indexOf(encryptedKey));
    await fc.assert(
      fc.asyncProperty(fc.nat(cms.length * 8 - 1), async (bit) => {
        const byte = bit >> 3;
        fc.pre(!others.some((start) => byte >= start && byte < start + 384));
        const result = await receive(await frame(headerBytes, flip(cms, bit)), false);
        // The name of the recovery recipient is not ours to judge; nothing of the plaintext can change by it.
        expect(['refused', ...(isRecoveryName(cms, byte) ? ['accepted'] : [])]).toContain(result);
      }),
      { numRuns: 300 },
    );
  });

  test('a header never opens on the content of another envelope', async () => {
    const sealer = testSealer();
    const compressed = await sealer.compress(Buffer.from('x'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 1e9 }), async (seq) => {
        const { headerBytes } = parseEnvelope(await sealer.seal({ ...fields, seq }, compressed).bytes);
        const { cms } = parseEnvelope(envelope);
        expect(await receive(await frame(headerBytes, cms))).toBe('refused');
      }),
      { numRuns: 20 },
    );
  });

  test('hostile bytes in place of the CMS part are refused, and never escape as another error', async () => {
    const { headerBytes, cms } = parseEnvelope(envelope);
    const mutated = fc
      .array(fc.record({ at: fc.nat(cms.length - 1), value: fc.nat(255) }), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const bytes = Buffer.from(cms);
        for (const { at, value } of changes) bytes[at % 700] = value;
        return bytes;
      });
    const random = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, random), async (bytes) => {
        expect(await receive(withoutSignature(headerBytes, bytes), false)).not.toContain('escaped');
      }),
      { numRuns: 500 },
    );
  });
});

test('an envelope cut at any length, or with anything after it, is refused', async () => {
  for (let length = 0; length < envelope.length; length += 1)
    expect(await receive(envelope.subarray(0, length))).toBe('refused');
  expect(await receive(Buffer.concat([envelope, Buffer.alloc(1)]))).toBe('refused');
});

test('random bytes are never an envelope', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
      expect(await receive(Buffer.concat([Buffer.from('VGM1'), bytes]))).toBe('refused');
    }),
    { numRuns: 300 },
  );
});

test('any plaintext comes back byte for byte', async () => {
  const sealer = testSealer();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 12_000 }), async (plaintext) => {
      const sealed = sealer.seal(fields, await sealer.compress(Buffer.from(plaintext)));
      const opened = await openEnvelope(parseEnvelope(await sealed.bytes), keys.receiver);
      expect(opened.equals(plaintext)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('a certificate request with any byte changed is refused with a coded fault', async () => {
  const pem = createRequest({ privateKey: keys.seal.privateKey, publicKey }, 'agent');
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  fc.assert(
    fc.property(fc.nat(der.length * 8 - 1), (bit) => {
      const changed = flip(der, bit).toString('base64');
      const text = `-----BEGIN CERTIFICATE REQUEST-----\n${changed}\n-----END CERTIFICATE REQUEST-----\n`;
      let code = 'accepted';
      try {
        readRequest(text);
      } catch (error) {
        code = error instanceof Fault ? error.code : `escaped: ${String(error)}`;
      }
      expect(['request-malformed', 'key-unsuitable']).toContain(code);
    }),
    { numRuns: 400 },
  );
});

test('a slice is read back as it was printed, and hostile text gives a coded fault', () => {
  const record = fc.record({
    record: fc.integer({ min: 1, max: 100_000_000 }),
    line: fc.integer({ min: 0, max: 100_000_000 }),
    body: fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })).map((value) => JSON.stringify(value)),
  });
  const slice = fc.record({
    head: fc.constant({
      export: '0192b7a0-0000-7000-8000-000000000001',
      slice: 1,
      facility: '990000010',
      part: '0',
      source: 'urgences',
    }),
    records: fc.array(record, { maxLength: 20 }),
    manifest: fc.constant(null),
  });
  fc.assert(
    fc.property(slice, (given: Slice) => {
      expect(parseSlice(printSlice(given))).toEqual(given);
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(slice, fc.nat(), fc.nat(255), (given: Slice, at, value) => {
      const bytes = printSlice(given);
      bytes[at % bytes.length] = value;
      try {
        parseSlice(bytes);
      } catch (error) {
        expect(error instanceof Fault ? error.code : String(error)).toBe('slice-malformed');
      }
    }),
    { numRuns: 500 },
  );
});

function isRecoveryName(cms: Buffer, byte: number): boolean {
  const recovery = readCms(cms).recipients.find((recipient) =>
    recipient.name.includes(Buffer.from(keys.recovery.certificate.serialNumber, 'hex')),
  );
  if (recovery === undefined) throw new Error('no recovery recipient');
  const start = cms.indexOf(recovery.name);
  return byte >= start && byte < start + recovery.name.length;
}

function withoutSignature(header: Buffer, cms: Buffer): Buffer {
  const lengths = [header.length, cms.length].map((value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  });
  const parts = [Buffer.from('VGM1'), lengths[0], header, lengths[1], cms, hash('sha512', cms, 'buffer')];
  return Buffer.concat([...parts.flatMap((part) => (part === undefined ? [] : [part])), Buffer.alloc(320)]);
}
