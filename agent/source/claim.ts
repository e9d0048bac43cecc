import { createHash } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { permanent, systemCode, transient } from '../../shared/runtime/errors.ts';
import type { Decrypt } from './decrypt.ts';
import { describeFile, sameStamp, stampOf, type FoundFile } from './scan.ts';

/** A file held open while it is read. What is read is this inode, whatever its name comes to mean meanwhile. */
export interface Claim {
  readonly size: number;
  /** Its bytes from the start, decrypted where the source says so; a chunk may be overwritten once the next is asked for. Each whole pass computes the digest anew. */
  open(): AsyncIterable<Buffer>;
  /** Lower-case hex SHA-256 of the whole content as it lies on the disk; reads to the end when no pass did. */
  digest(): Promise<string>;
  /** False when the file was changed or replaced since it was claimed: what was read must not count. */
  isUnchanged(): Promise<boolean>;
  close(): Promise<void>;
}

const chunkBytes = 128 * 1024;
/** Files up to this size are read once and served from memory. */
const wholeBytes = 4 * 1024 * 1024;

/**
 * Opens the very file the scan saw: never through a link, never a device or a pipe. Faults: `file-changed` (transient: it
 * was replaced meanwhile), `file-unreadable` (transient: rights or hardware).
 */
export async function claimFile(file: FoundFile, decrypt?: Decrypt): Promise<Claim> {
  let handle: FileHandle;
  try {
    handle = await open(file.path, constants.O_RDONLY | noFollow | nonBlocking);
  } catch (cause) {
    const reason = systemCode(cause) ?? '';
    const code = reason === 'ENOENT' || reason === 'ELOOP' ? 'file-changed' : 'file-unreadable';
    throw transient(code, { facts: { file: describeFile(file), reason }, cause });
  }
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile() || !sameStamp(stampOf(stats), file))
      throw transient('file-changed', { facts: { file: describeFile(file), reason: '' } });
    return createClaim(handle, file, stats, decrypt);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;
const nonBlocking = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

function createClaim(
  handle: FileHandle,
  file: FoundFile,
  before: BigIntStats,
  decrypt: Decrypt | undefined,
): Claim {
  let digest: string | undefined;
  let whole: Buffer | undefined;

  async function* chunks(): AsyncGenerator<Buffer> {
    if (file.size <= wholeBytes) {
      whole ??= await readWhole(handle, file);
      digest ??= createHash('sha256').update(whole).digest('hex');
      if (whole.length > 0) yield whole;
      return;
    }
    const hashing = createHash('sha256');
    // One buffer for the whole pass: fresh ones pile up outside the heap faster than they are collected.
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let position = 0; position < file.size;) {
      const wanted = chunk.subarray(0, Math.min(chunkBytes, file.size - position));
      const { bytesRead } = await readAt(handle, wanted, position, file);
      if (bytesRead === 0)
        throw transient('file-changed', { facts: { file: describeFile(file), reason: '' } });
      const read = chunk.subarray(0, bytesRead);
      hashing.update(read);
      position += bytesRead;
      yield read;
    }
    const found = hashing.digest('hex');
    if (digest !== undefined && digest !== found)
      throw transient('file-changed', { facts: { file: describeFile(file), reason: '' } });
    digest = found;
  }

  return {
    size: file.size,
    open: decrypt === undefined ? chunks : () => decrypt(chunks()),
    digest: async () => {
      if (digest === undefined) await drain(chunks());
      if (digest === undefined) throw permanent('unexpected');
      return digest;
    },
    isUnchanged: async () => {
      const after = stampOf(await handle.stat({ bigint: true }));
      const named = await lstat(file.path, { bigint: true }).catch(() => undefined);
      return (
        sameStamp(after, stampOf(before)) && named?.isFile() === true && sameStamp(stampOf(named), after)
      );
    },
    close: () => handle.close(),
  };
}

async function readWhole(handle: FileHandle, file: FoundFile): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(file.size);
  let position = 0;
  while (position < file.size) {
    const { bytesRead } = await readAt(handle, buffer.subarray(position), position, file);
    if (bytesRead === 0) throw transient('file-changed', { facts: { file: describeFile(file), reason: '' } });
    position += bytesRead;
  }
  return buffer;
}

async function readAt(
  handle: FileHandle,
  into: Buffer,
  position: number,
  file: FoundFile,
): Promise<{ readonly bytesRead: number }> {
  try {
    return await handle.read(into, 0, into.length, position);
  } catch (cause) {
    const reason = systemCode(cause) ?? '';
    throw transient('file-unreadable', { facts: { file: describeFile(file), reason }, cause });
  }
}

async function drain(chunks: AsyncIterable<Buffer>): Promise<void> {
  const pass = chunks[Symbol.asyncIterator]();
  while ((await pass.next()).done !== true);
}
