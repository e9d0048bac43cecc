import { brotliCompressSync } from 'node:zlib';
import { createCmsWriter } from '../../../shared/envelope/cms.ts';
import { genesis, type SealFields } from '../../../shared/envelope/header.ts';
import { signDigest } from '../../../shared/envelope/keys.ts';
import { parseEnvelope, type ParsedEnvelope } from '../../../shared/envelope/open.ts';
import { createSealer, envelopeLabel, type Sealer } from '../../../shared/envelope/seal.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { testKey } from '../../golden/envelope/vector.ts';

export const keys = {
  receiver: testKey('receiver'),
  recovery: testKey('recovery'),
  seal: testKey('seal'),
  other: testKey('other'),
};

export const fields: SealFields = {
  id: '0192b7a0-1111-7222-8333-444455556666',
  agent: '11111111-2222-4333-8444-555555555555',
  feed: 'ed-visits',
  epoch: 1,
  seq: 1,
  prev: genesis,
  created: 1_794_000_000_000,
  schema: 1,
};

export function testSealer(): Sealer {
  return createSealer({
    recipients: [keys.receiver.certificate, keys.recovery.certificate],
    signer: keys.seal,
    random: systemRandom,
  });
}

export async function sealText(text: string, change: Partial<SealFields> = {}): Promise<Buffer> {
  const sealer = testSealer();
  return sealer.seal({ ...fields, ...change }, await sealer.compress(Buffer.from(text, 'utf8'))).bytes;
}

/** An envelope by a signer who breaks the rules inside: any header bytes, any inner plaintext. */
export async function forge(header: Buffer, inner: Buffer, signer = keys.seal): Promise<Buffer> {
  const cms = Buffer.concat(
    createCmsWriter([keys.receiver.certificate, keys.recovery.certificate]).write([inner], {
      key: systemRandom.bytes(32),
      nonce: systemRandom.bytes(12),
    }),
  );
  return frame(header, cms, signer);
}

/** Any header and CMS, signed. */
export async function frame(header: Buffer, cms: Buffer, signer = keys.seal): Promise<Buffer> {
  const unsigned = Buffer.concat([Buffer.from('VGM1'), u32(header.length), header, u32(cms.length), cms]);
  const { digest } = parseEnvelope(Buffer.concat([unsigned, Buffer.alloc(384)]));
  return Buffer.concat([
    unsigned,
    await signDigest(envelopeLabel, Buffer.from(digest, 'hex'), signer.privateKey),
  ]);
}

export function inner(headerDigest: Buffer, body: Buffer, length = body.length): Buffer {
  const content = Buffer.concat([headerDigest, u32(length), body]);
  return Buffer.concat([content, Buffer.alloc((4096 - (content.length % 4096)) % 4096)]);
}

export function brotli(text: string): Buffer {
  return brotliCompressSync(Buffer.from(text, 'utf8'));
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export async function parsedText(text: string): Promise<ParsedEnvelope> {
  return parseEnvelope(await sealText(text));
}

/** The code of the Fault it ends with; anything else fails the test. */
export async function faultOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return asFault(error).code;
  }
  return 'none';
}
