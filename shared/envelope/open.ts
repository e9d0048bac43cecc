import { hash, webcrypto, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliDecompress, brotliDecompressSync } from 'node:zlib';
import { permanent, systemCode } from '../runtime/errors.ts';
import { decryptContent, issuerAndSerial, readCms } from './cms.ts';
import { headerMaxBytes, readHeader, type EnvelopeHeader } from './header.ts';
import { fingerprint, signatureBytes, verifyDigest, type CertifiedKey } from './keys.ts';
import { envelopeLabel, envelopeLimits, envelopeMagic, innerPrefixBytes, paddingBytes } from './seal.ts';

/** Verify first, open second: nothing of a parsed envelope means anything before its signature has been checked. */
export interface ParsedEnvelope {
  readonly header: EnvelopeHeader;
  /** Lower-case hex SHA-256 of everything before the signature. */
  readonly digest: string;
  readonly headerBytes: Buffer;
  readonly cms: Buffer;
  readonly signature: Buffer;
}

/** Throws `envelope-malformed`, `envelope-too-large`. The parts point into `bytes`. */
export function parseEnvelope(bytes: Buffer): ParsedEnvelope {
  if (bytes.length > envelopeLimits.envelopeBytes)
    throw permanent('envelope-too-large', { facts: { limit: envelopeLimits.envelopeBytes } });
  if (bytes.length < 12 || !bytes.subarray(0, 4).equals(envelopeMagic)) throw malformed('magic');
  const headerLength = bytes.readUInt32BE(4);
  const cmsAt = 8 + headerLength + 4;
  if (headerLength > headerMaxBytes || cmsAt > bytes.length) throw malformed('header-length');
  const cmsLength = bytes.readUInt32BE(cmsAt - 4);
  const signatureAt = cmsAt + cmsLength;
  if (signatureAt + signatureBytes !== bytes.length) throw malformed('length');
  const headerBytes = bytes.subarray(8, 8 + headerLength);
  return {
    header: readHeader(headerBytes),
    digest: hash('sha256', bytes.subarray(0, signatureAt), 'hex'),
    headerBytes,
    cms: bytes.subarray(cmsAt, signatureAt),
    signature: bytes.subarray(signatureAt),
  };
}

/** Whether the holder of this key signed it. The caller takes the key from the certificate named by `header.signer`. */
export async function verifyEnvelope(parsed: ParsedEnvelope, publicKey: KeyObject): Promise<boolean> {
  return verifyDigest(envelopeLabel, Buffer.from(parsed.digest, 'hex'), parsed.signature, publicKey);
}

/**
 * The plaintext of a verified envelope. Throws `envelope-wrong-recipient`, `envelope-malformed`, `envelope-tampered`,
 * `envelope-bomb` (more than 16 MiB once decompressed).
 */
export async function openEnvelope(parsed: ParsedEnvelope, recipient: CertifiedKey): Promise<Buffer> {
  const mine = prepared(recipient);
  if (!parsed.header.recipients.includes(mine.fingerprint)) throw wrongRecipient();
  const parts = readCms(parsed.cms);
  if (parts.recipients.length !== parsed.header.recipients.length) throw malformed('recipients');
  const info = parts.recipients.find((candidate) => candidate.name.equals(mine.name));
  if (info === undefined) throw wrongRecipient();
  const key = await decryptKey(info.encryptedKey, mine.key);
  const inner = decryptContent(parts, key);
  return decompress(readInner(inner, parsed.headerBytes));
}

interface PreparedKey {
  readonly fingerprint: string;
  readonly name: Buffer;
  readonly key: webcrypto.CryptoKey;
}

const preparedKeys = new WeakMap<KeyObject, PreparedKey>();

function prepared({ privateKey, certificate }: CertifiedKey): PreparedKey {
  const seen = preparedKeys.get(privateKey);
  const own = fingerprint(certificate);
  if (seen?.fingerprint === own) return seen;
  const key = {
    fingerprint: own,
    name: issuerAndSerial(certificate),
    key: privateKey.toCryptoKey({ name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['decrypt']),
  };
  preparedKeys.set(privateKey, key);
  return key;
}

function readInner(inner: Buffer, headerBytes: Buffer): Buffer {
  if (inner.length < innerPrefixBytes) throw malformed('content');
  if (!inner.subarray(0, 32).equals(hash('sha256', headerBytes, 'buffer')))
    throw permanent('envelope-tampered');
  const end = innerPrefixBytes + inner.readUInt32BE(32);
  if (end + paddingBytes(end) !== inner.length) throw malformed('content-length');
  if (!inner.subarray(end).equals(zeros.subarray(0, inner.length - end))) throw malformed('padding');
  return inner.subarray(innerPrefixBytes, end);
}

/** Web Crypto costs the same CPU as privateDecrypt (0.7 ms), but on the threadpool: the event loop keeps 0.05 ms of it. */
async function decryptKey(encryptedKey: Buffer, key: webcrypto.CryptoKey): Promise<Buffer> {
  try {
    return Buffer.from(await webcrypto.subtle.decrypt({ name: 'RSA-OAEP' }, key, encryptedKey));
  } catch {
    throw permanent('envelope-tampered');
  }
}

async function decompress(body: Buffer): Promise<Buffer> {
  const limit = { maxOutputLength: envelopeLimits.plaintextBytes };
  try {
    // Below 8 KiB the trip to the threadpool costs more event-loop time than the work itself.
    if (body.length <= 8192) return brotliDecompressSync(body, { ...limit, chunkSize: 64 * 1024 });
    return await inflate(body, { ...limit, chunkSize: 256 * 1024 });
  } catch (error) {
    if (systemCode(error) === 'ERR_BUFFER_TOO_LARGE')
      throw permanent('envelope-bomb', { facts: { limit: envelopeLimits.plaintextBytes } });
    throw malformed('compression');
  }
}

const inflate = promisify(brotliDecompress);
const zeros = Buffer.alloc(envelopeLimits.blockBytes);

function malformed(where: string): Error {
  return permanent('envelope-malformed', { facts: { where } });
}

function wrongRecipient(): Error {
  return permanent('envelope-wrong-recipient');
}
