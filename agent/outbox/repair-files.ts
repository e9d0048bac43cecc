import { existsSync } from 'node:fs';
import { copyFile, link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../shared/runtime/durable-file.ts';
import { systemCode } from '../../shared/runtime/errors.ts';
import { handOver, makeFolder } from '../../shared/runtime/folder-owner.ts';

/**
 * The files of a repair, beside agent.db:
 *
 *   agent.db.repairing/          copies to read from and the database being rebuilt; worth nothing after a stop
 *   agent.db.damaged-<time>      the damaged file under another name, its WAL beside it: kept for ever
 *   agent.db.rebuilt             whole and durable: from here on the repair is done, and only takes its place
 */
export interface RepairFolder {
  readonly folder: string;
  /** A copy of the damaged database, with its WAL. */
  readonly copy: string;
  readonly fresh: string;
}

export async function openRepairFolder(path: string): Promise<RepairFolder> {
  const folder = `${path}.repairing`;
  await rm(folder, { recursive: true, force: true });
  makeFolder(folder, 0o700);
  const files = { folder, copy: join(folder, 'damaged.db'), fresh: join(folder, 'fresh.db') };
  await copyDamaged(path, files);
  return files;
}

/** Reading it, SQLite may have moved the WAL into the copy: the next try begins from what is there. */
export async function copyDamaged(path: string, { copy }: Pick<RepairFolder, 'copy'>): Promise<void> {
  await rm(`${copy}-shm`, { force: true });
  await rm(`${copy}-wal`, { force: true });
  for (const ending of ['', '-wal'])
    if (existsSync(`${path}${ending}`)) await copyOwned(`${path}${ending}`, `${copy}${ending}`);
}

const headerBytes = 100;
const pageBytes = 4096;

/** Gives the copy the file header, or the whole first page, of a new database of the same tables. */
export async function graft(copy: string, fresh: string, part: 'header' | 'page'): Promise<void> {
  const good = (await readFile(fresh)).subarray(0, part === 'header' ? headerBytes : pageBytes);
  const { size } = await stat(copy);
  const head = Buffer.from(good);
  head.writeUInt32BE(Math.floor(size / pageBytes), 28);
  const file = await open(copy, 'r+');
  try {
    await file.write(head, 0, head.length, 0);
  } finally {
    await file.close();
  }
}

/** Puts the damaged file aside and the rebuilt one in its place. Answers where the damaged one lies. */
export async function swapIn(
  path: string,
  { folder, fresh }: RepairFolder,
  stamp: string,
): Promise<string | null> {
  const aside = `${path}.damaged-${stamp}`;
  for (const ending of ['', '-wal'])
    if (existsSync(`${path}${ending}`)) await sameFile(`${path}${ending}`, `${aside}${ending}`);
  await syncFolder(dirname(path));
  await rename(fresh, `${path}.rebuilt`);
  await syncFolder(dirname(path));
  await finishRepair(path);
  await rm(folder, { recursive: true, force: true });
  return existsSync(aside) ? aside : null;
}

/** A repair that was stopped just before its end takes effect. */
export async function finishRepair(path: string): Promise<void> {
  if (!existsSync(`${path}.rebuilt`)) return;
  await rm(`${path}-wal`, { force: true });
  await rm(`${path}-shm`, { force: true });
  await rename(`${path}.rebuilt`, path);
  await syncFolder(dirname(path));
}

async function sameFile(path: string, aside: string): Promise<void> {
  try {
    await link(path, aside);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    await copyOwned(path, aside);
  }
}

async function copyOwned(path: string, to: string): Promise<void> {
  await copyFile(path, to);
  handOver(to);
}
