import { createHash } from 'node:crypto';
import { lstat, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../runtime/durable-file.ts';
import { permanent, systemCode } from '../runtime/errors.ts';
import { receiptPage } from './receipts.ts';

/**
 * What a person carries between an agent and its region when no network does. One file, big-endian:
 *
 *   "VGMCARRY" | u32 header length | header, UTF-8 JSON | entries | SHA-256 of everything before
 *   entry: u8 kind | u32 length | bytes
 *
 * From the agent (`kind` envelopes): sealed envelopes, as they would be pushed, and tombstones (TombstoneRequest). From the
 * region (`kind` answer): CarriedAnswers and CarriedReceipts. The digest tells a damaged file, not a forged one: every
 * entry proves itself, by the agent's seal key or by the region's receipt key.
 */
export const carryHeader = z.strictObject({
  v: z.literal(1),
  kind: z.enum(['envelopes', 'answer']),
  agent: z.uuid(),
  /** SHA-256 of the region's root key, hex, as pinned at enrolment. */
  region: z.string(),
  /** epoch ms */
  created: z.int(),
  entries: z.int().min(0),
  /** Receipts known to the agent; an answer goes on after them. */
  cursor: z.int().min(0),
});
export type CarryHeader = z.infer<typeof carryHeader>;

export const entryKinds = { envelope: 1, tombstone: 2, answers: 3, receipts: 4 } as const;
export type EntryKind = keyof typeof entryKinds;

export interface CarryEntry {
  readonly kind: EntryKind;
  readonly bytes: Buffer;
}

/** What the region's door said of each envelope or tombstone. `proof`: position in `proofs`. */
export const carriedAnswers = z.strictObject({
  proofs: z.array(z.string()).max(512),
  answers: z
    .array(
      z.union([
        z.strictObject({ envelope: z.uuid(), receipt: z.string(), proof: z.int().min(0) }),
        z.strictObject({ envelope: z.uuid(), refused: z.string().max(100) }),
      ]),
    )
    .max(512),
});
export type CarriedAnswers = z.infer<typeof carriedAnswers>;

/** Receipts of the region's log. `proof` signs `text`, the JSON of CarriedPage: order and place cannot be forged. */
export const carriedReceipts = z.strictObject({ text: z.string(), proof: z.string() });

export const carriedPage = z.strictObject({
  typ: z.literal('vaguemestre-carried-receipts'),
  agent: z.uuid(),
  after: z.int().min(0),
  page: receiptPage,
});
export type CarriedPage = z.infer<typeof carriedPage>;

const magic = Buffer.from('VGMCARRY');
const headerMaxBytes = 64 * 1024;
const entryMaxBytes = 16 * 1024 * 1024;
const digestBytes = 32;
const entryHeadBytes = 5;

/**
 * Writes a carry file, whole or not at all; an existing file is never replaced. Faults: `carry-file-exists`,
 * `carry-not-written` (facts: file, reason).
 */
export async function writeCarry(
  path: string,
  header: CarryHeader,
  entries: AsyncIterable<CarryEntry> | Iterable<CarryEntry>,
): Promise<void> {
  const known = await lstat(path).catch(() => undefined);
  if (known !== undefined) throw permanent('carry-file-exists', { facts: { file: path } });
  const temporary = `${path}.tmp`;
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, 'w', 0o600);
    const hashing = createHash('sha256');
    const write = async (...pieces: readonly Buffer[]): Promise<void> => {
      for (const piece of pieces) {
        hashing.update(piece);
        await file?.appendFile(piece);
      }
    };
    const head = Buffer.from(JSON.stringify(header), 'utf8');
    await write(magic, u32(head.length), head);
    for await (const { kind, bytes } of entries)
      await write(Buffer.concat([Buffer.from([entryKinds[kind]]), u32(bytes.length)]), bytes);
    await file.appendFile(hashing.digest());
    await file.sync();
    await file.close();
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await file?.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    const reason = systemCode(cause);
    if (reason === undefined) throw cause;
    throw permanent('carry-not-written', { facts: { file: path, reason }, cause });
  }
}

/** An open carry file, whole and undamaged; the same bytes as long as it is open. */
export interface Carry {
  readonly header: CarryHeader;
  /** In the order written; may be asked for again. */
  entries(): AsyncGenerator<CarryEntry>;
  close(): Promise<void>;
}

/**
 * Reads the file to its end before anything of it is used. Faults: `carry-unreadable`, `carry-not-one`, `carry-cut`,
 * `carry-altered`, `carry-wrong-kind`.
 */
export async function openCarry(path: string, kind: CarryHeader['kind']): Promise<Carry> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw permanent('carry-unreadable', { facts: { file: path, reason: systemCode(cause) ?? '' }, cause });
  });
  try {
    const read = reader(file, path);
    const end = (await file.stat()).size - digestBytes;
    const { header, from } = await readHeader(read, end, path);
    if (header.kind !== kind)
      throw permanent('carry-wrong-kind', { facts: { file: path, found: header.kind } });
    let count = 0;
    const walk = places(read, from, end, path);
    while ((await walk.next()).done !== true) count += 1;
    if (count !== header.entries) throw permanent('carry-cut', { facts: { file: path } });
    if (!(await digestHolds(read, end))) throw permanent('carry-altered', { facts: { file: path } });
    return {
      header,
      entries: async function* entries() {
        for await (const { kind: name, at, length } of places(read, from, end, path))
          yield { kind: name, bytes: await read(at, length) };
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

type Read = (at: number, length: number) => Promise<Buffer>;

function reader(file: FileHandle, path: string): Read {
  return async (at, length) => {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, at + filled);
      if (bytesRead === 0) throw permanent('carry-cut', { facts: { file: path } });
      filled += bytesRead;
    }
    return bytes;
  };
}

async function readHeader(
  read: Read,
  end: number,
  path: string,
): Promise<{ readonly header: CarryHeader; readonly from: number }> {
  const facts = { file: path };
  const from = magic.length + 4;
  const isOne = end >= from && (await read(0, magic.length)).equals(magic);
  if (!isOne) throw permanent('carry-not-one', { facts });
  const length = (await read(magic.length, 4)).readUInt32BE();
  if (length > headerMaxBytes) throw permanent('carry-not-one', { facts });
  if (from + length > end) throw permanent('carry-cut', { facts });
  try {
    const header = carryHeader.parse(JSON.parse((await read(from, length)).toString('utf8')));
    return { header, from: from + length };
  } catch (cause) {
    throw permanent('carry-not-one', { facts, cause });
  }
}

interface Place {
  readonly kind: EntryKind;
  readonly at: number;
  readonly length: number;
}

async function* places(read: Read, from: number, end: number, path: string): AsyncGenerator<Place> {
  for (let at = from; at < end;) {
    if (at + entryHeadBytes > end) throw permanent('carry-cut', { facts: { file: path } });
    const head = await read(at, entryHeadBytes);
    const kind = kindOf(head.readUInt8());
    const length = head.readUInt32BE(1);
    if (kind === undefined || length > entryMaxBytes)
      throw permanent('carry-altered', { facts: { file: path } });
    if (at + entryHeadBytes + length > end) throw permanent('carry-cut', { facts: { file: path } });
    yield { kind, at: at + entryHeadBytes, length };
    at += entryHeadBytes + length;
  }
}

function kindOf(number: number): EntryKind | undefined {
  const kinds = ['envelope', 'tombstone', 'answers', 'receipts'] as const;
  return kinds.find((kind) => entryKinds[kind] === number);
}

async function digestHolds(read: Read, end: number): Promise<boolean> {
  const hashing = createHash('sha256');
  const chunk = 1024 * 1024;
  for (let at = 0; at < end; at += chunk) hashing.update(await read(at, Math.min(chunk, end - at)));
  return hashing.digest().equals(await read(end, digestBytes));
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
