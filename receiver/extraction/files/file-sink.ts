import { createHash } from 'node:crypto';
import { openOwned } from '../../../shared/runtime/durable-file.ts';

/** What a written file is. */
export interface Written {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface FileSink {
  /** Resolves once at most a block of it is still in memory. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Everything is on the disk; the file is closed. */
  end(): Promise<Written>;
  /** Closes it as it is. */
  close(): Promise<void>;
}

const blockBytes = 256 * 1024;

/** A file written from its first byte to its last, with its digest. Throws what the system throws. */
export async function openFileSink(path: string): Promise<FileSink> {
  const file = await openOwned(path, 0o600);
  const digest = createHash('sha256');
  let [pieces, held, bytes]: [Uint8Array[], number, number] = [[], 0, 0];
  let isClosed = false;

  const flush = async (): Promise<void> => {
    const block = Buffer.concat(pieces);
    [pieces, held] = [[], 0];
    digest.update(block);
    for (let at = 0; at < block.length;) at += (await file.write(block, at)).bytesWritten;
    bytes += block.length;
  };
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await file.close();
  };
  return {
    write: async (piece) => {
      const block = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
      pieces.push(block);
      held += block.length;
      if (held >= blockBytes) await flush();
    },
    end: async () => {
      await flush();
      await file.sync();
      await close();
      return { bytes, sha256: digest.digest('hex') };
    },
    close,
  };
}
