import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { asFault, systemCode } from '../../shared/runtime/errors.ts';
import { peekHeader, type BackupHeader } from './backup-file.ts';

const suffix = '.vgm-backup';
const stamp = String.raw`\d{8}T\d{6}Z`;

/** `vaguemestre-region-exemple-20270131T041500Z.vgm-backup`: names sort by date. */
export function backupName(region: string, at: number): string {
  const second = new Date(Math.floor(at / 1000) * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  return `vaguemestre-${slugOf(region)}-${second}${suffix}`;
}

export function isBackupName(name: string): boolean {
  return name.endsWith(suffix) && !name.startsWith('.');
}

export function sumName(name: string): string {
  return `${name}.sha256`;
}

/** Says whose it is: regions of like names may share a folder. */
export function partName(name: string, rootDigest: string): string {
  return `.${name}.${rootDigest.slice(0, 16)}.part`;
}

function slugOf(region: string): string {
  const slug = region
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return slug === '' ? 'region' : slug;
}

/**
 * Keeps the `keep` latest of this region, `newest` among them whatever the clock said when the others were made. Answers the
 * names removed. A file that is not a backup of this very region (by its root key) stays.
 */
export async function removeOlder(
  folder: string,
  {
    keep,
    newest,
    rootDigest,
  }: { readonly keep: number; readonly newest: string; readonly rootDigest: string },
): Promise<readonly string[]> {
  const ours = (await backupsOf(folder, rootDigest)).filter(({ name }) => name !== newest);
  const gone = ours.slice(Math.max(1, keep) - 1).map(({ name }) => name);
  for (const name of gone) {
    await unlinkIfThere(join(folder, name));
    await unlinkIfThere(join(folder, sumName(name)));
  }
  return gone;
}

/** Backups of the region that has this root key, the latest first; none where there is no folder. */
export async function backupsOf(
  folder: string,
  rootDigest: string,
): Promise<readonly { readonly name: string; readonly createdAt: number }[]> {
  const ours: { readonly name: string; readonly createdAt: number }[] = [];
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter(isBackupName)) {
    const header = await headerOf(join(folder, name));
    if (header?.root === rootDigest) ours.push({ name, createdAt: header.createdAt });
  }
  return ours.sort((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? 1 : -1));
}

/** What a killed run of this region left: files half written, and sums of backups that never came. */
export async function sweep(
  folder: string,
  { region, rootDigest }: { readonly region: string; readonly rootDigest: string },
): Promise<void> {
  const name = `vaguemestre-${slugOf(region)}-${stamp}\\${suffix}`;
  const part = new RegExp(`^\\.${name}\\.${rootDigest.slice(0, 16)}\\.part$`);
  const sum = new RegExp(`^(${name})\\.sha256(\\.tmp)?$`);
  for (const found of await readdir(folder)) {
    const of = sum.exec(found)?.[1];
    const isLone = of !== undefined && !(await isThere(join(folder, of)));
    if (part.test(found) || isLone) await unlinkIfThere(join(folder, found));
  }
}

async function headerOf(path: string): Promise<BackupHeader | undefined> {
  try {
    return await peekHeader(path);
  } catch (error) {
    if (asFault(error).code === 'unexpected') throw error;
    return undefined;
  }
}

export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
}
