import { statfs } from 'node:fs/promises';
import { permanent } from '../../shared/runtime/errors.ts';

/** Faults: `update-no-space`. */
export async function mustHaveRoom(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  const facts = { folder, needed: megabytes(neededBytes), free: megabytes(free) };
  throw permanent('update-no-space', { facts });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
