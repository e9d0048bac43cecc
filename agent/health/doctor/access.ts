import { constants } from 'node:fs';
import { access, open, opendir, statfs, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { systemCode } from '../../../shared/runtime/errors.ts';
import type { SourceConfig } from '../../config.ts';
import { isPassedOver } from '../../source/file-name.ts';

/**
 * What an account may do with the folders of a source, tried for real: the folder is listed, files are opened, and a file is
 * made and removed where exports will be moved to. Nothing of a file's content is read.
 */
export const folderAccess = z.object({
  source: z.string(),
  /** Why the folder cannot be listed: a system code. */
  list: z.string().nullable(),
  files: z.int(),
  /** Modification time of the oldest file that waits, epoch ms. */
  oldestAt: z.number().nullable(),
  /** Files that cannot be opened, and the first reason. */
  closed: z.int(),
  closedReason: z.string().nullable(),
  /** Folder in which nothing can be made, and why; null when everything can. */
  notWritable: z.object({ folder: z.string(), reason: z.string() }).nullable(),
  /** A file system of the network. */
  share: z.boolean(),
});
export type FolderAccess = z.infer<typeof folderAccess>;

export type AccessSource = Pick<
  SourceConfig,
  'name' | 'folder' | 'after' | 'archiveFolder' | 'quarantineFolder'
>;

/** At most so many files are looked at: the oldest of more is not worth the time. */
const filesLookedAt = 2000;
const filesOpened = 50;

export async function tryFolders(sources: readonly AccessSource[]): Promise<readonly FolderAccess[]> {
  const found: FolderAccess[] = [];
  for (const source of sources) found.push(await tryFolder(source));
  return found;
}

async function tryFolder(source: AccessSource): Promise<FolderAccess> {
  const { name, folder, after } = source;
  const seen = { files: 0, oldestAt: null as number | null, closed: 0, closedReason: null as string | null };
  const base = { source: name, share: await isShare(folder), notWritable: null };
  try {
    await lookIn(folder, seen);
  } catch (error) {
    return { ...base, ...seen, list: systemCode(error) ?? 'unexpected' };
  }
  const targets = [
    source.archiveFolder ?? join(folder, 'archive'),
    source.quarantineFolder ?? join(folder, 'quarantine'),
  ];
  const notWritable = after === 'keep' ? null : await firstNotWritable([folder, ...targets]);
  return { ...base, ...seen, list: null, notWritable };
}

async function lookIn(
  folder: string,
  seen: { files: number; oldestAt: number | null; closed: number; closedReason: string | null },
): Promise<void> {
  for await (const entry of await opendir(folder)) {
    if (!entry.isFile() || isPassedOver(Buffer.from(entry.name))) continue;
    seen.files += 1;
    if (seen.files > filesLookedAt) return;
    const path = join(folder, entry.name);
    try {
      if (seen.files > filesOpened) await access(path, constants.R_OK);
      const file = await open(path, 'r');
      const { mtimeMs } = await file.stat();
      await file.close();
      seen.oldestAt = Math.min(seen.oldestAt ?? Infinity, mtimeMs);
    } catch (error) {
      const code = systemCode(error) ?? 'unexpected';
      if (code === 'ENOENT') continue;
      seen.closed += 1;
      seen.closedReason ??= code;
    }
  }
}

async function firstNotWritable(folders: readonly string[]): Promise<FolderAccess['notWritable']> {
  for (const folder of folders) {
    const reason = await whyNotWritable(folder);
    if (reason !== null) return { folder, reason };
  }
  return null;
}

/** A folder that is not there yet is made by the agent: what counts then is the one above. */
async function whyNotWritable(folder: string): Promise<string | null> {
  const probe = join(folder, `.vaguemestre-doctor-${process.pid}.tmp`);
  try {
    await writeFile(probe, '', { flag: 'wx' });
    await unlink(probe);
    return null;
  } catch (error) {
    const code = systemCode(error) ?? 'unexpected';
    if (code === 'ENOENT' && dirname(folder) !== folder) return whyNotWritable(dirname(folder));
    return code;
  }
}

/** NFS, SMB (three generations), CIFS. */
const networkTypes = new Set([0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x73757245, 0x01021997]);

async function isShare(folder: string): Promise<boolean> {
  if (/^[\\/]{2}[^\\/]/.test(folder)) return true;
  try {
    return networkTypes.has((await statfs(folder)).type);
  } catch {
    return false;
  }
}
