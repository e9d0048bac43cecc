import { chmod, mkdir, rm } from 'node:fs/promises';

/**
 * A folder of one's own (0700) for what is in the making, empty at the start whatever a killed process left there, and gone at
 * the end. The caller holds the lock that makes it one's own.
 */
export async function inWorkFolder<T>(path: string, work: (folder: string) => Promise<T>): Promise<T> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  try {
    return await work(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
