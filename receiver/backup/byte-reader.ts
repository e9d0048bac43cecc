import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';

/** A file from its start, in pieces of known length, hashed as it is read. */
export interface ByteReader {
  readonly name: string;
  /** Fewer than asked for only at the end of the file. */
  read(bytes: number): Promise<Buffer>;
  /** SHA-256 of all that was read so far. */
  digest(): Buffer;
  position(): number;
}

/** Throws `backup-unreadable` when the file's medium does. */
export function createByteReader(file: FileHandle, name: string): ByteReader {
  const hash = createHash('sha256');
  let position = 0;
  return {
    name,
    position: () => position,
    digest: () => hash.copy().digest(),
    read: async (bytes) => {
      const buffer = Buffer.allocUnsafe(bytes);
      let filled = 0;
      while (filled < bytes) {
        const { bytesRead } = await file
          .read(buffer, filled, bytes - filled, position)
          .catch((error: unknown) => {
            const facts = { file: name, reason: systemCode(error) ?? '' };
            throw permanent('backup-unreadable', { facts, cause: error });
          });
        if (bytesRead === 0) break;
        filled += bytesRead;
        position += bytesRead;
      }
      const found = buffer.subarray(0, filled);
      hash.update(found);
      return found;
    },
  };
}
