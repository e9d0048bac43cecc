import { hash, type X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants } from 'node:zlib';
import { permanent } from '../runtime/errors.ts';
import type { Random } from '../runtime/random.ts';
import { createCmsWriter } from './cms.ts';
import { printHeader, type EnvelopeHeader, type SealFields } from './header.ts';
import {
  fingerprint,
  readCertificate,
  requireRsa3072,
  signatureBytes,
  signDigest,
  type CertifiedKey,
} from './keys.ts';

/**
 * An envelope on the wire and on disk:
 *
 *   "VGM1"
 *   u32be header length (≤ 4 KiB)   header: UTF-8 JSON, see header.ts
 *   u32be CMS length                CMS AuthEnvelopedData, DER, see cms.ts
 *   384 bytes                       RSA-PSS-3072, SHA-256, salt 32, by the agent's seal key, over
 *                                   "vaguemestre-envelope-v1" ‖ 0 ‖ SHA-256(everything before)
 *
 * That SHA-256 is the envelope's digest: what the ledger chains on and what receipts name.
 *
 * Plaintext inside the CMS:
 *
 *   32 bytes SHA-256(header) | u32be length | brotli | zeros to a multiple of 4 KiB
 *
 * so that a header cannot be put on another's content even by someone who can sign, and sizes say little.
 */
export const envelopeMagic = Buffer.from('VGM1', 'latin1');
export const envelopeLabel = 'vaguemestre-envelope-v1';
export const envelopeLimits = {
  envelopeBytes: 4 * 1024 * 1024,
  plaintextBytes: 16 * 1024 * 1024,
  blockBytes: 4096,
} as const;
/** SHA-256(header) and the length before the compressed body. */
export const innerPrefixBytes = 36;

export interface Sealed {
  /** Lower-case hex, known at once: the next envelope chains on it while this one is being signed. */
  readonly digest: string;
  /** The whole envelope, once signed. */
  readonly bytes: Promise<Buffer>;
}

export interface Sealer {
  /** On the threadpool (a small one at once). Throws `envelope-too-large` above 16 MiB. */
  compress(plaintext: Buffer): Promise<Buffer>;
  /** Throws `envelope-too-large` when the envelope would exceed 4 MiB. */
  seal(fields: SealFields, compressed: Buffer): Sealed;
}

export interface SealerDeps {
  /** Certificates (or their PEM): the receiver's current key and the region's recovery key. */
  readonly recipients: readonly (X509Certificate | string)[];
  readonly signer: CertifiedKey;
  readonly random: Random;
}

/** Throws `key-unsuitable`, `certificate-malformed`. */
export function createSealer({ recipients, signer, random }: SealerDeps): Sealer {
  const certificates = recipients.map((recipient) =>
    typeof recipient === 'string' ? readCertificate(recipient) : recipient,
  );
  requireRsa3072(signer.privateKey);
  const cms = createCmsWriter(certificates);
  const fixed = {
    zip: 'br',
    recipients: certificates.map(fingerprint),
    signer: fingerprint(signer.certificate),
  } as const;

  return {
    compress: async (plaintext) => {
      if (plaintext.length > envelopeLimits.plaintextBytes) throw tooLarge(envelopeLimits.plaintextBytes);
      const options = {
        chunkSize: Math.max(4096, plaintext.length >> 2),
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 5,
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
          [constants.BROTLI_PARAM_SIZE_HINT]: plaintext.length,
          [constants.BROTLI_PARAM_LGWIN]: 19,
        },
      };
      // One-record envelopes: the threadpool's round trip costs more than the 0.02 ms of work.
      return plaintext.length <= 8192 ? brotliCompressSync(plaintext, options) : compress(plaintext, options);
    },
    seal: (fields, compressed) => {
      const header = printHeader(completeHeader(fields, fixed));
      const prefix = Buffer.allocUnsafe(innerPrefixBytes);
      hash('sha256', header, 'buffer').copy(prefix);
      prefix.writeUInt32BE(compressed.length, 32);
      const padding = zeros.subarray(0, paddingBytes(innerPrefixBytes + compressed.length));
      const chunks = cms.write([prefix, compressed, padding], {
        key: random.bytes(32),
        nonce: random.bytes(12),
      });
      const envelope = Buffer.concat([
        envelopeMagic,
        u32(header.length),
        header,
        u32(chunks.reduce((sum, chunk) => sum + chunk.length, 0)),
        ...chunks,
        Buffer.allocUnsafe(signatureBytes),
      ]);
      if (envelope.length > envelopeLimits.envelopeBytes) throw tooLarge(envelopeLimits.envelopeBytes);
      const signedBytes = envelope.length - signatureBytes;
      const digest = hash('sha256', envelope.subarray(0, signedBytes), 'buffer');
      return {
        digest: digest.toString('hex'),
        bytes: signDigest(envelopeLabel, digest, signer.privateKey).then((signature) => {
          signature.copy(envelope, signedBytes);
          return envelope;
        }),
      };
    },
  };
}

const compress = promisify(brotliCompress);
const zeros = Buffer.alloc(envelopeLimits.blockBytes);

/** Keys in the header's fixed order, whatever order the caller's object has. */
function completeHeader(
  { id, agent, feed, epoch, seq, prev, created, schema }: SealFields,
  fixed: Pick<EnvelopeHeader, 'zip' | 'recipients' | 'signer'>,
): EnvelopeHeader {
  return { v: 1, suite: 1, id, agent, feed, epoch, seq, prev, created, schema, ...fixed };
}

export function paddingBytes(length: number): number {
  return (envelopeLimits.blockBytes - (length % envelopeLimits.blockBytes)) % envelopeLimits.blockBytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function tooLarge(limit: number): Error {
  return permanent('envelope-too-large', { facts: { limit } });
}
