import { Fault, systemCode, transient } from '../../shared/runtime/errors.ts';

/**
 * What a failure to store means to a sender: always "try again", since what it sent is sound. A full disk has its own
 * code, because a person must make room.
 */
export function storageFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const code = systemCode(error) ?? '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return transient('receiver-storage-full', { cause: error });
  return transient('receiver-storage-failed', { cause: error });
}
