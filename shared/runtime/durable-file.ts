import { open, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { foreignOwner } from './folder-owner.ts';

/**
 * Writes a file so that its final name only ever shows the whole content: temporary name in the same folder, write,
 * sync, rename, sync of the folder. Written by root, it belongs to the folder's owner.
 */
export async function writeDurably(path: string, content: Uint8Array | string, mode = 0o600): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await openOwned(temporary, mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await file.close();
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await file.close();
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** A new file to write. In another account's folder root follows no link that lies in wait under the temporary name. */
export async function openOwned(temporary: string, mode: number): Promise<FileHandle> {
  const owner = foreignOwner(dirname(temporary));
  if (owner === undefined) return open(temporary, 'w', mode);
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', mode);
  await file.chown(owner.uid, owner.gid);
  return file;
}

/** Makes renames and creations inside a folder durable. Windows has no such call: its rename is journaled. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
