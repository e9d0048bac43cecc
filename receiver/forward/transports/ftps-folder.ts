import { Readable, Writable } from 'node:stream';
import { FTPError, type Client, type FTPContext } from 'basic-ftp';
import { Fault, systemCode, transient } from '../../../shared/runtime/errors.ts';
import type { RemoteFolder } from './remote-folder.ts';
import { peerRefuses, transferMs, unavailable, within } from './remote-wait.ts';

/** Replies: RFC 959, section 4.2, and RFC 3659. Some servers (pure-ftpd) say 451 of a full disk, as of any local error. */
const reply = { notThere: 550, full: [452, 552] as readonly number[] } as const;

const chunkBytes = 64 * 1024;
const never = new AbortController().signal;

export function createFtpsFolder(connection: {
  readonly destination: string;
  /** For one answer. */
  readonly ms: number;
  readonly client: Client;
}): RemoteFolder {
  const { destination, ms, client } = connection;

  const ask = async <T>(work: string, start: () => Promise<T>, longest = ms): Promise<T> => {
    if (client.closed) throw unavailable(destination, 'closed');
    try {
      return await within({ destination, ms: longest, signal: never, giveUp: () => client.close() }, start());
    } catch (error) {
      // What is neither an answer nor ours leaves the two ends in different minds.
      if (!(error instanceof FTPError)) client.close();
      throw asFault(error, destination, work);
    }
  };

  const absentOr = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (replyOf(error) === reply.notThere) return undefined;
      throw error;
    }
  };

  return {
    get isOpen() {
      return !client.closed;
    },
    // One transfer at a time is what the protocol has.
    lanes: 1,
    ping: async () => {
      await ask('noop', () => client.send('NOOP'));
    },
    entry: async (name) => {
      const bytes = await absentOr(ask('size', () => client.size(name)));
      return bytes === undefined ? undefined : { isFile: true, bytes };
    },
    read: async (name, maxBytes) => {
      const parts: Buffer[] = [];
      let total = 0;
      const into = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          total += chunk.length;
          parts.push(chunk);
          // It grew since its size was asked.
          done(total > maxBytes ? new Error('more than announced') : null);
        },
      });
      await ask('read', () => client.downloadTo(into, name), transferMs(maxBytes, ms));
      return Buffer.concat(parts);
    },
    write: async (name, content, from) => {
      if (from > 0 && from === content.length) return;
      const restore = from > 0 ? startAt(client, from) : () => undefined;
      const source = Readable.from(chunksOf(content, from));
      try {
        await ask('write', () => client.uploadFrom(source, name), transferMs(content.length - from, ms));
      } finally {
        restore();
        source.destroy();
      }
    },
    rename: async (from, to) => {
      try {
        await ask('rename', () => client.rename(from, to));
      } catch (error) {
        // It may have happened, and only its answer be lost.
        if (client.closed && error instanceof Fault && error.class === 'transient')
          throw unavailable(destination, String(error.facts['reason'] ?? 'closed'), {
            ...{ cause: error, ambiguous: true },
          });
        throw error;
      }
    },
    remove: async (name) => {
      await absentOr(ask('remove', () => client.remove(name)));
    },
    list: async (maxNames) => {
      const found = await ask('list', () => client.list());
      return found.slice(0, maxNames).map(({ name }) => name);
    },
    close: () => client.close(),
  };
}

/**
 * The next transfer starts at this place: REST goes just before the transfer command (RFC 3659, section 5.3), after the data
 * connection was agreed on. Not APPE: the end of a session that was cut may still write, at the same place, the same bytes.
 */
function startAt(client: Client, position: number): () => void {
  const agree = client.prepareTransfer;
  const resumed = async (ftp: FTPContext) => {
    const agreed = await agree(ftp);
    await client.send(`REST ${position}`);
    return agreed;
  };
  client.prepareTransfer = resumed;
  return () => {
    // The library keeps the way of agreeing that worked in the same place.
    if (client.prepareTransfer === resumed) client.prepareTransfer = agree;
  };
}

function* chunksOf(content: Buffer, from: number): Generator<Buffer> {
  for (let position = from; position < content.length; position += chunkBytes)
    yield content.subarray(position, position + chunkBytes);
}

function asFault(error: unknown, destination: string, work: string): Fault {
  if (error instanceof Fault) return error;
  if (!(error instanceof FTPError))
    return unavailable(destination, systemCode(error) ?? 'connection', { cause: error });
  const { code } = error;
  if (reply.full.includes(code))
    return transient('delivery-disk-full', { facts: { destination }, cause: error });
  const reason = `ftp-${work}-${code}`;
  return code >= 500
    ? peerRefuses.folder(destination, reason, error)
    : unavailable(destination, reason, { cause: error });
}

function replyOf(error: unknown): number | undefined {
  return error instanceof Fault && error.cause instanceof FTPError ? error.cause.code : undefined;
}
