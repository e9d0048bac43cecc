import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../../shared/runtime/errors.ts';

/** Of a file system, in bytes; `free`: for whoever is not root. */
export interface Space {
  readonly free: number;
  readonly total: number;
}

const mib = 1024 * 1024;
const mostKeptFree = 1024 * mib;
const shareKeptFree = 0.05;
/** Of however small a disk: twice what the receiver says of itself that it cannot work without. */
const leastKeptFree = 128 * mib;

/**
 * Whether a file may be begun, or go on: what hospitals send comes first, and often lies on the same disk. A gibibyte stays
 * free, or a twentieth of a disk that is small. Where the system does not say, there is room until it refuses.
 */
export async function hasRoom(folder: string): Promise<boolean> {
  const space = await spaceAt(folder);
  return space === undefined || isRoomy(space);
}

export function isRoomy({ free, total }: Space): boolean {
  return free >= Math.max(leastKeptFree, Math.min(mostKeptFree, total * shareKeptFree));
}

/** Of the folder, or of the one that it will be made in. */
async function spaceAt(folder: string): Promise<Space | undefined> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return blocks === 0 ? undefined : { free: bavail * bsize, total: blocks * bsize };
  } catch (error) {
    const above = dirname(folder);
    return systemCode(error) === 'ENOENT' && above !== folder ? spaceAt(above) : undefined;
  }
}
