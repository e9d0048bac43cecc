import { createPrivateKey, type KeyObject } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { syncFolder } from '../../shared/runtime/durable-file.ts';
import { Fault, permanent, systemCode } from '../../shared/runtime/errors.ts';
import {
  hasSchemaOf,
  isDamage,
  isWhole,
  knowsSchema,
  openSqlite,
  schemaVersion,
  type Migrations,
} from '../../shared/runtime/sqlite.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { takeLock } from '../serve-lock.ts';
import { stateFolder } from '../state-folder.ts';
import { unpackArchive, type ArchivedFile } from './archive.ts';
import { checkSeal, type SealedBackup } from './backup-file.ts';
import { roomFault } from './disk-room.ts';
import { markName, writeMark, type RestoredMark } from './restored-mark.ts';
import { openBackup } from './seal-backup.ts';
import { inWorkFolder } from './work-folder.ts';

export interface BackupToOpen {
  readonly file: string;
  readonly recoveryKeyFile: string;
  /** SPKI digest that the region's root must have, as `init` printed it. */
  readonly root: string | undefined;
  readonly migrations: Migrations;
}

export interface OpenedBackup extends SealedBackup {
  readonly files: readonly ArchivedFile[];
}

/**
 * The backup laid out in a folder that is gone when `look` is done: proof that it would bring the region back. `work`: where,
 * on a disk that may hold patients' data.
 */
export async function tryBackup<T>(
  from: BackupToOpen,
  work: string,
  look: (state: string) => Promise<T>,
): Promise<{ readonly opened: OpenedBackup; readonly seen: T }> {
  return laidOut(from, join(work, checkFolder), async (folder, opened) => ({
    opened,
    seen: await look(folder),
  }));
}

/**
 * The region of a backup in a state folder that is empty or not there: wholly, or not at all. It is laid out inside, checked,
 * and put in its place, the keys last: a folder without them is no region, and what a killed restore left in one is taken
 * away by the next. Run as root, it is given to the folder's owner. Throws `restore-folder-not-empty`,
 * `restore-folder-unwritable`, and what `tryBackup` throws.
 */
export async function restoreBackup(
  from: BackupToOpen,
  to: string,
  markOf: (opened: OpenedBackup) => Promise<RestoredMark>,
): Promise<OpenedBackup> {
  const target = resolve(to);
  const place = join(target, restoreFolder);
  const isNew = await prepareTarget(target);
  try {
    return await laidOut(from, place, async (folder, opened) => {
      await writeMark(folder, await markOf(opened));
      if (process.getuid?.() === 0) await giveTo(folder, await stat(target));
      await syncTree(folder);
      crashPoint('restore-checked');
      await putInPlace(folder, target);
      return opened;
    });
  } catch (error) {
    // Only when it is empty.
    if (isNew) await rmdir(target).catch(() => undefined);
    throw error;
  }
}

const checkFolder = 'restore-check.tmp';
const restoreFolder = 'restore.tmp';
const keysFolder = 'keys';
/** What a restore lays beside the keys. */
const beside: readonly string[] = ['receiver.db', markName, 'settings', 'trust-bundle.jws'];

/** Under the lock: what lies there by one of these names is a killed restore's. */
async function putInPlace(folder: string, target: string): Promise<void> {
  await clear(target, [checkFolder, ...beside]);
  try {
    for (const name of beside) {
      await rename(join(folder, name), join(target, name));
      crashPoint('restore-halfway');
    }
    await syncFolder(target);
    await rename(join(folder, keysFolder), join(target, keysFolder));
  } catch (error) {
    await clear(target, beside);
    throw folderFault(target, error);
  }
  await syncFolder(target);
  crashPoint('restore-placed');
}

async function clear(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}

async function laidOut<T>(
  { file, recoveryKeyFile, root, migrations }: BackupToOpen,
  place: string,
  then: (state: string, opened: OpenedBackup) => Promise<T>,
): Promise<T> {
  const recoveryKey = await readRecoveryKey(recoveryKeyFile);
  const sealed = await checkSeal(file);
  const { header } = sealed;
  if (root !== undefined && root.trim().toLowerCase() !== header.root)
    throw permanent('backup-other-region', {
      facts: { region: header.region, root: header.root, expected: root },
    });
  if (!knowsSchema(header.schema, migrations.length))
    throw permanent('backup-schema-newer', {
      facts: { product: header.product, found: header.schema.version, known: migrations.length },
    });
  try {
    await mkdir(place, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw folderFault(place, error);
  }
  const release = takeLock(join(place, 'lock'), (cause) =>
    permanent('restore-running', { facts: { place }, cause }),
  );
  try {
    return await inWorkFolder(join(place, 'state'), async (folder) => {
      const files = await unpackArchive(openBackup(file, header, recoveryKey), folder);
      crashPoint('restore-unpacked');
      await checkRegion(folder, { root: header.root, migrations, file });
      return then(folder, { ...sealed, files });
    });
  } catch (error) {
    throw roomFault(error, { to: dirname(place), state: dirname(place) });
  } finally {
    release();
    await rm(place, { recursive: true, force: true });
  }
}

/**
 * Kept offline: on media that know no access rights, so none are asked for. "-": from standard input, for a key that only
 * root may read while this runs as the account of the service.
 */
async function readRecoveryKey(path: string): Promise<KeyObject> {
  const pem = await (path === '-' ? buffer(process.stdin) : readFile(path)).catch((error: unknown) => {
    throw permanent('recovery-key-missing', {
      facts: { path, reason: systemCode(error) ?? '' },
      cause: error,
    });
  });
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw permanent('recovery-key-malformed', { facts: { path }, cause: error });
  }
}

/** What was sealed is what can serve: keys of the region that signed, a database whole and of a known form. */
async function checkRegion(
  folder: string,
  {
    root,
    migrations,
    file,
  }: { readonly root: string; readonly migrations: Migrations; readonly file: string },
): Promise<void> {
  const state = stateFolder(folder);
  const region = await loadRegion(state.keys);
  if (region.rootDigest !== root) {
    const facts = { region: region.name, root: region.rootDigest, expected: root };
    throw permanent('backup-other-region', { facts });
  }
  if (!databaseHolds(state.database, migrations))
    throw permanent('restore-database-damaged', { facts: { file } });
  // Empty, and of the account that looked.
  for (const trace of ['-wal', '-shm']) await rm(`${state.database}${trace}`, { force: true });
}

function databaseHolds(path: string, migrations: Migrations): boolean {
  try {
    const db = openSqlite(path, { migrations, readonly: true });
    try {
      // An older program's tables are migrated when it is served.
      return isWhole(db) && hasSchemaOf(db, migrations.slice(0, schemaVersion(db).version));
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

/** Answers whether the folder was made for this. What killed runs left in it is no obstacle; anything else is somebody's. */
async function prepareTarget(target: string): Promise<boolean> {
  try {
    const isNew = (await mkdir(target, { recursive: true, mode: 0o700 })) !== undefined;
    const found = await readdir(target);
    const isHalf = found.includes(restoreFolder) && !found.includes(keysFolder);
    const left = [checkFolder, restoreFolder, ...(isHalf ? beside : [])];
    if (found.some((name) => !left.includes(name)))
      throw permanent('restore-folder-not-empty', { facts: { folder: target } });
    return isNew;
  } catch (error) {
    throw folderFault(target, error);
  }
}

function folderFault(folder: string, error: unknown): unknown {
  if (error instanceof Fault) return error;
  return permanent('restore-folder-unwritable', {
    facts: { folder, reason: systemCode(error) ?? '' },
    cause: error,
  });
}

async function giveTo(
  folder: string,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true })) await chown(join(folder, entry), uid, gid);
}

/** Files were synced as they were written: their folders, deepest first. */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const each of folders.sort().reverse()) await syncFolder(each);
  await syncFolder(folder);
}
