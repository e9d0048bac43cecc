import { statfs } from 'node:fs/promises';
import { systemCode } from '../../shared/runtime/errors.ts';

/**
 * Keeps the disk from filling: below the floor, or after a write failed for want of space, intake stops, sources are left
 * untouched, and all resumes alone once there is room.
 */
export interface DiskGuard {
  /** Null = go on; else the code of what is wrong. */
  check(): Promise<string | null>;
  freeBytes(): Promise<number | null>;
}

/** Less than this takes no export at all, whatever floor a person has set. */
const roomBytes = 512 * 1024;

export function createDiskGuard(deps: {
  readonly folder: string;
  readonly floorBytes: number;
  readonly statfs?: (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;
}): DiskGuard {
  const ask = deps.statfs ?? ((path: string) => statfs(path));
  const freeBytes = async (): Promise<number | null> => {
    try {
      const { bavail, bsize } = await ask(deps.folder);
      return bavail * bsize;
    } catch {
      // Not every file system answers; a failed write will tell.
      return null;
    }
  };
  return {
    freeBytes,
    check: async () => {
      const free = await freeBytes();
      if (free === null) return null;
      if (free < deps.floorBytes) return 'disk-low';
      return free < roomBytes ? 'disk-full' : null;
    },
  };
}

/** Whether a write failed because there is no room (or the disk is failing): the same input will pass later. */
export function isStorageFault(error: unknown): boolean {
  const code = systemCode(error) ?? '';
  return ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'].includes(code) || /^SQLITE_(FULL|IOERR|READONLY)/.test(code);
}
