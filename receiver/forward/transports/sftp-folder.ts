import type { Socket } from 'node:net';
import { posix } from 'node:path';
import type { SFTPWrapper, Stats } from 'ssh2';
import { Fault, transient } from '../../../shared/runtime/errors.ts';
import type { RemoteFolder } from './remote-folder.ts';
import { peerRefuses, transferMs, unavailable, within } from './remote-wait.ts';

/** SSH_FXP_STATUS codes: draft-ietf-secsh-filexfer-02, section 7; the last three are of later drafts. */
const status = {
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
  writeProtected: 12,
  noSpace: 14,
  quotaExceeded: 15,
} as const;

/** SSH_FXF_WRITE, and with CREAT and EXCL: draft 02, section 6.3. */
const openFor = { writing: 0x02, making: 0x02 | 0x08 | 0x20, reading: 0x01 } as const;

/** Every server takes requests of this size: draft 02, section 3. */
const chunkBytes = 32_000;
/** Requests on their way at once: a line of 100 ms carries 5 MB/s. */
const inFlight = 16;

export function createSftpFolder(connection: {
  readonly destination: string;
  /** For one answer. */
  readonly ms: number;
  readonly folder: string;
  readonly sftp: SFTPWrapper;
  readonly socket: Socket;
}): RemoteFolder {
  const { destination, ms, folder, sftp, socket } = connection;
  const at = (name: string): string => (folder === '.' ? name : posix.join(folder, name));
  const closed = new AbortController();
  socket.once('close', () => closed.abort());

  /** One request: its answer, or its fault. */
  const ask = async <T>(
    start: (answer: (error: Error | null | undefined, value: T) => void) => void,
  ): Promise<T> => {
    if (closed.signal.aborted) throw unavailable(destination, 'closed');
    const work = new Promise<T>((resolve, reject) => {
      start((error, value) => {
        if (error instanceof Error) reject(error);
        else resolve(value);
      });
    });
    try {
      return await within({ destination, ms, signal: closed.signal, giveUp: () => socket.destroy() }, work);
    } catch (error) {
      // The end of the connection is not the receiver's.
      if (error instanceof Fault && error.code === 'delivery-stopped')
        throw unavailable(destination, 'closed');
      throw error;
    }
  };
  const none = async (start: (answer: (error?: Error | null) => void) => void): Promise<void> => {
    await ask<undefined>((answer) => start((error) => answer(error, undefined)));
  };
  const describe = (error: unknown, work: string): Error => asFault(error, destination, work);

  /** Each request has its own patience, and all of them together too. */
  const withFile = async <T>(
    name: string,
    flags: number,
    bytes: number,
    work: (handle: Buffer) => Promise<T>,
  ): Promise<T> => {
    const limit = setTimeout(() => socket.destroy(), transferMs(bytes, ms));
    try {
      const handle = await ask<Buffer>((answer) => sftp.open(at(name), flags, answer));
      try {
        return await work(handle);
      } finally {
        await close(handle);
      }
    } finally {
      clearTimeout(limit);
    }
  };

  const close = async (handle: Buffer): Promise<void> => {
    if (!closed.signal.aborted) await none((answer) => sftp.close(handle, answer));
  };

  const readAll = async (handle: Buffer, maxBytes: number): Promise<Buffer> => {
    const content = Buffer.alloc(maxBytes);
    let end = maxBytes;
    const part = async (from: number): Promise<void> => {
      const to = Math.min(from + chunkBytes, maxBytes);
      for (let position = from; position < to;) {
        const read = await readPart(handle, content, position, to - position);
        if (read === 0) end = Math.min(end, position);
        if (read === 0) return;
        position += read;
      }
    };
    await inParts(maxBytes, 0, part);
    return content.subarray(0, end);
  };

  const readPart = async (
    handle: Buffer,
    into: Buffer,
    position: number,
    length: number,
  ): Promise<number> => {
    try {
      return await ask<number>((answer) => sftp.read(handle, into, position, length, position, answer));
    } catch (error) {
      if (codeOf(error) === status.endOfFile) return 0;
      throw error;
    }
  };

  const writeAll = async (handle: Buffer, content: Buffer, from: number): Promise<void> => {
    await inParts(content.length, from, (position) => {
      const length = Math.min(chunkBytes, content.length - position);
      return none((answer) => sftp.write(handle, content, position, length, position, answer));
    });
    await sync(handle);
  };

  /** Where the server offers it (fsync@openssh.com): else it answers for its disk as it will. */
  const sync = async (handle: Buffer): Promise<void> => {
    try {
      await ask<unknown>((answer) => sftp.ext_openssh_fsync(handle, answer));
    } catch (error) {
      if (error instanceof Fault || codeOf(error) === status.failure) throw error;
    }
  };

  /** Version 3 says "failure" for a full disk: its free space says more. */
  const fullOr = async (error: unknown): Promise<Error> => {
    if (codeOf(error) !== status.failure || closed.signal.aborted) return describe(error, 'write');
    try {
      const space: unknown = await ask((answer) => sftp.ext_openssh_statvfs(folder, answer));
      if (freeBytes(space) < chunkBytes) return diskFull(destination, error);
    } catch {
      // It does not tell.
    }
    return describe(error, 'write');
  };

  return {
    get isOpen() {
      return !closed.signal.aborted;
    },
    lanes: 4,
    ping: async () => {
      try {
        const found = await ask<Stats>((answer) => sftp.stat(folder, answer));
        if (!found.isDirectory()) throw peerRefuses.folder(destination, 'no-folder');
      } catch (error) {
        throw describe(error, 'folder');
      }
    },
    entry: async (name) => {
      try {
        const found = await ask<Stats>((answer) => sftp.lstat(at(name), answer));
        return { isFile: found.isFile(), bytes: found.size };
      } catch (error) {
        if (codeOf(error) === status.noSuchFile) return undefined;
        throw describe(error, 'stat');
      }
    },
    read: async (name, maxBytes) => {
      try {
        return await withFile(name, openFor.reading, maxBytes, (handle) => readAll(handle, maxBytes));
      } catch (error) {
        throw describe(error, 'read');
      }
    },
    write: async (name, content, from) => {
      const flags = from === 0 ? openFor.making : openFor.writing;
      try {
        await withFile(name, flags, content.length - from, (handle) => writeAll(handle, content, from));
      } catch (error) {
        throw await fullOr(error);
      }
    },
    rename: async (from, to) => {
      try {
        await none((answer) => sftp.rename(at(from), at(to), answer));
      } catch (error) {
        // It may have happened, and only its answer be lost.
        if (closed.signal.aborted)
          throw unavailable(destination, 'closed', { cause: error, ambiguous: true });
        throw describe(error, 'rename');
      }
    },
    remove: async (name) => {
      try {
        await none((answer) => sftp.unlink(at(name), answer));
      } catch (error) {
        if (codeOf(error) !== status.noSuchFile) throw describe(error, 'remove');
      }
    },
    list: async (maxNames) => {
      const names: string[] = [];
      const handle = await ask<Buffer>((answer) => sftp.opendir(folder, answer));
      try {
        while (names.length < maxNames) {
          const page = await ask<readonly { readonly filename: string }[]>((answer) =>
            sftp.readdir(handle, answer),
          );
          names.push(...page.map(({ filename }) => filename));
        }
      } catch (error) {
        if (codeOf(error) !== status.endOfFile) throw describe(error, 'list');
      } finally {
        await close(handle);
      }
      return names.slice(0, maxNames);
    },
    close: () => socket.destroy(),
  };
}

/** Some at once, in order of their place: a cut leaves a beginning, as servers work in order. */
async function inParts(
  bytes: number,
  from: number,
  work: (position: number) => Promise<void>,
): Promise<void> {
  let next = from;
  const lane = async (): Promise<void> => {
    while (next < bytes) {
      const position = next;
      next += chunkBytes;
      await work(position);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: inFlight }, lane));
  for (const done of lanes) if (done.status === 'rejected') throw done.reason;
}

const refusals: ReadonlySet<number | undefined> = new Set([
  status.noSuchFile,
  status.permissionDenied,
  status.unsupported,
  status.writeProtected,
]);

function asFault(error: unknown, destination: string, work: string): Fault {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  if (code === status.noSpace || code === status.quotaExceeded) return diskFull(destination, error);
  const reason = `sftp-${work}-${code ?? 'unknown'}`;
  return refusals.has(code)
    ? peerRefuses.folder(destination, reason, error)
    : unavailable(destination, reason, { cause: error });
}

function diskFull(destination: string, cause: unknown): Fault {
  return transient('delivery-disk-full', { facts: { destination }, cause });
}

function codeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}

function freeBytes(space: unknown): number {
  if (typeof space !== 'object' || space === null) return Infinity;
  if (!('f_bavail' in space && 'f_frsize' in space)) return Infinity;
  return Number(space.f_bavail) * Number(space.f_frsize);
}
