import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { syncFolder } from '../../shared/runtime/durable-file.ts';
import { systemCode } from '../../shared/runtime/errors.ts';
import { backupsOf, sumName } from '../backup/old-backups.ts';
import type { Store } from '../store/store.ts';
import { nothingDeleted, withGone, type DeletionDeps, type Order } from './deletion-record.ts';

export interface OldFile {
  readonly name: string;
  readonly at: number;
}

/** Plain files of a folder and of those in it, with their age; none when there is no such folder. */
export async function filesOf(folder: string): Promise<readonly OldFile[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const files: OldFile[] = [];
  for (const name of names.sort()) {
    const found = await lstat(join(folder, name)).catch(() => undefined);
    if (found?.isFile() === true) files.push({ name, at: found.mtimeMs });
  }
  return files;
}

/** Backups of this region older than this, with what stands beside them; the latest one stays whatever its age. */
export async function oldBackups(
  folder: string,
  files: readonly OldFile[],
  { before, root }: { readonly before: number; readonly root: string },
): Promise<readonly OldFile[]> {
  const [, ...others] = await backupsOf(folder, root);
  const old = new Map(
    others
      .filter(({ createdAt }) => createdAt < before)
      .flatMap(({ name, createdAt }) => [
        [name, createdAt],
        [sumName(name), createdAt],
      ]),
  );
  return files.flatMap(({ name }) => {
    const at = old.get(name);
    return at === undefined ? [] : [{ name, at }];
  });
}

/**
 * Written down before, removed, then counted: after a crash, those written down that are gone were removed by us, and the
 * others go now. A deletion never tells of a file that is still there.
 */
export async function removeFiles(
  { store, ...deps }: DeletionDeps & { readonly store: Store },
  folder: string,
  order: Order,
  old: readonly OldFile[],
): Promise<number> {
  const planned = await store.transaction(async (tx) => {
    await tx.retention.planFiles(
      order.class,
      old.map(({ name }) => name),
    );
    return tx.retention.plannedFiles(order.class);
  });
  if (planned.length === 0) return 0;
  for (const name of planned) {
    await rm(join(folder, name), { force: true });
    crashPoint('file-purged');
  }
  await syncFolder(folder);
  const ages = new Map(old.map(({ name, at }) => [name, at]));
  await store.transaction(async (tx) => {
    const open = (await tx.retention.open(order.class)) ?? nothingDeleted(order, deps);
    const gone = planned.map((name) => ({
      name,
      at: new Date(ages.get(name) ?? order.before).toISOString(),
    }));
    await tx.retention.putOpen(withGone(open, gone, { files: gone.length }));
    await tx.retention.dropPlanned(order.class);
  });
  return planned.length;
}
