import type { Socket } from 'node:net';
import type { SFTPWrapper } from 'ssh2';
import { Fault } from '../../../shared/runtime/errors.ts';
import { transferMs, unavailable, within } from './remote-wait.ts';

/** SSH_FXP_STATUS codes: draft-ietf-secsh-filexfer-02, section 7; the last three are of later drafts. */
export const status = {
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
  writeProtected: 12,
  noSpace: 14,
  quotaExceeded: 15,
} as const;

/** Every server takes requests of this size: draft 02, section 3. */
export const chunkBytes = 32_000;
/** Requests on their way at once: a line of 100 ms carries 5 MB/s. */
const inFlight = 16;

export interface SftpConnection {
  readonly destination: string;
  /** For one answer. */
  readonly ms: number;
  readonly sftp: SFTPWrapper;
  readonly socket: Socket;
}

type Start<T> = (answer: (error: Error | null | undefined, value: T) => void) => void;

export interface SftpRequests {
  readonly isOpen: () => boolean;
  /** One request and its answer; throws what the server says, or `delivery-unavailable` when it says nothing. */
  readonly ask: <T>(start: Start<T>) => Promise<T>;
  /** The same, of a request that has no answer but that it is done. */
  readonly none: (start: (answer: (error?: Error | null) => void) => void) => Promise<void>;
  /** Opens a file for work that moves about so many bytes, and closes it. */
  readonly withFile: <T>(
    path: string,
    flags: number,
    bytes: number,
    work: (handle: Buffer) => Promise<T>,
  ) => Promise<T>;
  readonly close: (handle: Buffer) => Promise<void>;
  /** The first bytes, at most this many. */
  readonly readAll: (handle: Buffer, maxBytes: number) => Promise<Buffer>;
  /** The bytes from `from` on at their place, then synced where the server can. */
  readonly writeAll: (handle: Buffer, content: Buffer, from: number) => Promise<void>;
}

/** The requests of one SFTP session, each with an end to its wait. */
export function createSftpRequests(connection: SftpConnection): SftpRequests {
  const { ms, sftp, socket } = connection;
  const { ask, isOpen } = createAsk(connection);
  const none: SftpRequests['none'] = async (start) => {
    await ask<undefined>((answer) => start((error) => answer(error, undefined)));
  };
  const close: SftpRequests['close'] = async (handle) => {
    if (isOpen()) await none((answer) => sftp.close(handle, answer));
  };
  return {
    ...{ isOpen, ask, none, close },
    withFile: async (path, flags, bytes, work) => {
      // Each request has its own patience, and all of them together too.
      const limit = setTimeout(() => socket.destroy(), transferMs(bytes, ms));
      try {
        const handle = await ask<Buffer>((answer) => sftp.open(path, flags, answer));
        try {
          return await work(handle);
        } finally {
          await close(handle);
        }
      } finally {
        clearTimeout(limit);
      }
    },
    readAll: (handle, maxBytes) => readAll({ sftp, ask }, handle, maxBytes),
    writeAll: async (handle, content, from) => {
      await inParts(content.length, from, (position) => {
        const length = Math.min(chunkBytes, content.length - position);
        return none((answer) => sftp.write(handle, content, position, length, position, answer));
      });
      await sync({ sftp, ask }, handle);
    },
  };
}

function createAsk({ destination, ms, socket }: SftpConnection): Pick<SftpRequests, 'ask' | 'isOpen'> {
  const closed = new AbortController();
  socket.once('close', () => closed.abort());
  const ask = async <T>(start: Start<T>): Promise<T> => {
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
  return { ask, isOpen: () => !closed.signal.aborted };
}

type Asking = Pick<SftpConnection, 'sftp'> & Pick<SftpRequests, 'ask'>;

async function readAll(asking: Asking, handle: Buffer, maxBytes: number): Promise<Buffer> {
  const content = Buffer.alloc(maxBytes);
  let end = maxBytes;
  await inParts(maxBytes, 0, async (from) => {
    const to = Math.min(from + chunkBytes, maxBytes);
    for (let position = from; position < to;) {
      const read = await readPart(asking, handle, content, position, to - position);
      if (read === 0) {
        end = Math.min(end, position);
        return;
      }
      position += read;
    }
  });
  return content.subarray(0, end);
}

/** How many bytes were read: 0 at the end. */
async function readPart(
  { sftp, ask }: Asking,
  handle: Buffer,
  into: Buffer,
  position: number,
  length: number,
): Promise<number> {
  try {
    return await ask<number>((answer) => sftp.read(handle, into, position, length, position, answer));
  } catch (error) {
    if (codeOf(error) === status.endOfFile) return 0;
    throw error;
  }
}

/** Where the server offers it (fsync@openssh.com): else it answers for its disk as it will. */
async function sync({ sftp, ask }: Asking, handle: Buffer): Promise<void> {
  try {
    await ask<unknown>((answer) => sftp.ext_openssh_fsync(handle, answer));
  } catch (error) {
    if (error instanceof Fault || codeOf(error) === status.failure) throw error;
  }
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
      try {
        await work(position);
      } catch (error) {
        // No other begins.
        next = Infinity;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: inFlight }, lane));
  for (const done of lanes) if (done.status === 'rejected') throw done.reason;
}

export function codeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}
