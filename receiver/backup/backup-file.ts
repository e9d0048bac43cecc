import { createPublicKey, type KeyObject } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { requireRsa3072, signatureBytes, verifyDigest } from '../../shared/envelope/keys.ts';
import { verifyTrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { createByteReader, type ByteReader } from './byte-reader.ts';

/**
 * A backup on disk: what is said in clear, the archive sealed for the region's recovery key, and who says so.
 *
 *   "VGMBKP1\n"
 *   u32be length | header, UTF-8 JSON, signed as sent
 *   frames: u8 last (0, 1) | u32be length, at most 1 MiB | AES-256-GCM ciphertext | tag, 16
 *   RSA-PSS-3072, SHA-256, by the key of the region's receipts over "vaguemestre-backup-v1\0" ‖ SHA-256(everything before)
 *
 * The key of the frames is made for this file and wrapped (RSA-OAEP-SHA256) for the recovery key. The nonce of a frame is its
 * number, from 0; its associated data is SHA-256(magic ‖ length ‖ header) ‖ u64be number ‖ u8 last: a frame that is missing,
 * moved, repeated or taken from another file does not open. The header carries the region's trust bundle: the root signed it,
 * and it names the key that signed the backup.
 */
export const magic = Buffer.from('VGMBKP1\n', 'latin1');
export const frameBytes = 1024 * 1024;
export const tagBytes = 16;
export const signatureLabel = 'vaguemestre-backup-v1';
const maxHeaderBytes = 512 * 1024;
const digest = /^[0-9a-f]{64}$/;

export const backupHeader = z.strictObject({
  format: z.literal('vaguemestre-backup'),
  v: z.literal(1),
  region: z.string().min(1).max(80),
  /** Epoch ms. */
  createdAt: z.int().min(0),
  /** Version of the program that made it. */
  product: z.string().max(40),
  /** Of receiver.db: see `worksFrom` in shared/runtime/sqlite.ts. */
  schema: z.strictObject({ version: z.int().min(1), floor: z.int().min(0) }),
  /** SPKI digest of the recovery key that opens it. */
  recoveryKey: z.string().regex(digest),
  /** The frames' key, wrapped; base64. */
  contentKey: z.base64(),
  /** SPKI digest of the region's root key, as enrolment codes carry it. */
  root: z.string().regex(digest),
  /** The region's trust bundle (JWS), and which of its receipt keys signed. */
  bundle: z.string(),
  signer: z.string().max(100),
});
export type BackupHeader = z.infer<typeof backupHeader>;

export interface SealedBackup {
  readonly header: BackupHeader;
  readonly bytes: number;
  readonly frames: number;
}

export interface Frame {
  readonly number: number;
  readonly last: boolean;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** What every frame is bound to. */
export function opening(header: BackupHeader): Buffer {
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  return Buffer.concat([magic, u32(text.length), text]);
}

export function frameNonce(number: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 4);
  return nonce;
}

export function frameData(openingDigest: Buffer, number: number, last: boolean): Buffer {
  const place = Buffer.alloc(9);
  place.writeBigUInt64BE(BigInt(number), 0);
  place[8] = last ? 1 : 0;
  return Buffer.concat([openingDigest, place]);
}

export function frameHead(last: boolean, bytes: number): Buffer {
  return Buffer.concat([Buffer.from([last ? 1 : 0]), u32(bytes)]);
}

/**
 * Reads the whole file once and answers what it says of itself, when it is complete and its signature holds. Nothing is
 * decrypted. Throws `backup-unreadable`, `backup-foreign`, `backup-format-newer`, `backup-truncated`, `backup-altered`.
 */
export async function checkSeal(path: string): Promise<SealedBackup> {
  return withFile(path, async (reader) => {
    const header = await readHeader(reader);
    let frames = 0;
    for await (const { number } of readFrames(reader)) frames = number + 1;
    const signed = reader.digest();
    const signature = await take(reader, signatureBytes);
    const rest = await reader.read(1);
    const key = await signerOf(header, path);
    if (rest.length > 0 || !verifyDigest(signatureLabel, signed, signature, key))
      throw permanent('backup-altered', { facts: { file: path } });
    return { header, bytes: reader.position(), frames };
  });
}

/** The header alone, unproven: for telling one's own files from others. Throws as `checkSeal`. */
export async function peekHeader(path: string): Promise<BackupHeader> {
  return withFile(path, readHeader);
}

/** Frames in order, to the one that says it is the last; `openingDigest` is what they are bound to. */
export async function* framesOf(path: string): AsyncGenerator<Frame & { readonly openingDigest: Buffer }> {
  const file = await openFile(path);
  try {
    const reader = createByteReader(file, path);
    await readHeader(reader);
    const openingDigest = reader.digest();
    for await (const frame of readFrames(reader)) yield { ...frame, openingDigest };
  } finally {
    await file.close();
  }
}

async function withFile<T>(path: string, work: (reader: ByteReader) => Promise<T>): Promise<T> {
  const file = await openFile(path);
  try {
    return await work(createByteReader(file, path));
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((error: unknown) => {
    const facts = { file: path, reason: systemCode(error) ?? '' };
    throw permanent('backup-unreadable', { facts, cause: error });
  });
}

async function readHeader(reader: ByteReader): Promise<BackupHeader> {
  const facts = { file: reader.name };
  if (!(await reader.read(magic.length)).equals(magic)) throw permanent('backup-foreign', { facts });
  const length = (await take(reader, 4)).readUInt32BE();
  if (length > maxHeaderBytes) throw permanent('backup-foreign', { facts });
  const text = (await take(reader, length)).toString('utf8');
  const version = versionIn(text);
  if (version > 1) throw permanent('backup-format-newer', { facts: { ...facts, version } });
  try {
    return backupHeader.parse(JSON.parse(text));
  } catch (error) {
    throw permanent('backup-foreign', { facts, cause: error });
  }
}

/** The key that the bundle names, when the root that the header names signed the bundle. */
async function signerOf({ root, bundle, signer }: BackupHeader, path: string): Promise<KeyObject> {
  try {
    const { receiptKeys } = await verifyTrustBundle(bundle, root, 0);
    const key = createPublicKey(receiptKeys.find(({ kid }) => kid === signer)?.publicKey ?? '');
    requireRsa3072(key);
    return key;
  } catch (error) {
    throw permanent('backup-altered', { facts: { file: path }, cause: error });
  }
}

function versionIn(header: string): number {
  try {
    return z.looseObject({ v: z.int() }).parse(JSON.parse(header)).v;
  } catch {
    return 1;
  }
}

async function* readFrames(reader: ByteReader): AsyncGenerator<Frame> {
  for (let number = 0; ; number += 1) {
    const head = await take(reader, 5);
    const [kind = 2] = head;
    const bytes = head.readUInt32BE(1);
    if (kind > 1 || bytes > frameBytes) throw permanent('backup-altered', { facts: { file: reader.name } });
    const ciphertext = await take(reader, bytes);
    const tag = await take(reader, tagBytes);
    yield { number, last: kind === 1, ciphertext, tag };
    if (kind === 1) return;
  }
}

async function take(reader: ByteReader, bytes: number): Promise<Buffer> {
  const found = await reader.read(bytes);
  if (found.length < bytes) throw permanent('backup-truncated', { facts: { file: reader.name } });
  return found;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
