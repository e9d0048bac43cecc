import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { syncFolder, writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import {
  backupTo,
  isWhole,
  openSqlite,
  schemaVersion,
  type Migrations,
  type SchemaVersion,
} from '../../shared/runtime/sqlite.ts';
import { readTrustBundle } from '../auth/trust-bundle-file.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { takeLock } from '../serve-lock.ts';
import { checkStateAccess } from '../state-access.ts';
import type { StateFolder } from '../state-folder.ts';
import { packArchive } from './archive.ts';
import { roomFault } from './disk-room.ts';
import { gather } from './gather.ts';
import { backupName, isThere, partName, removeOlder, sumName, sweep } from './old-backups.ts';
import { requireSettled } from './restored-mark.ts';
import { sealBackup } from './seal-backup.ts';
import { inWorkFolder } from './work-folder.ts';

export interface BackupMade {
  readonly file: string;
  readonly region: string;
  readonly createdAt: number;
  readonly bytes: number;
  /** Lower-case hex, also in `<file>.sha256`. */
  readonly sha256: string;
  /** Older ones that went. */
  readonly removed: readonly string[];
  /** Files that the settings name and that are not in it. */
  readonly leftOut: readonly string[];
}

export interface BackupDeps {
  readonly state: StateFolder;
  readonly migrations: Migrations;
  readonly settingsFile: string;
  readonly settings: unknown;
  readonly product: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * One sealed file of everything a lost region needs, beside whoever serves. Its name appears when it is whole and on disk;
 * `keep` then removes older ones. The database's copy, in clear, never leaves the state folder. Throws `backup-running`,
 * `restore-unsettled`, `backup-database-damaged`, `backup-disk-full`, `backup-folder-unwritable`, and what loading the region
 * throws.
 */
export async function makeBackup(
  deps: BackupDeps,
  { to, keep }: { readonly to: string; readonly keep: number | undefined },
): Promise<BackupMade> {
  const { state, clock } = deps;
  await checkStateAccess(state);
  await requireSettled(state.folder);
  const { name: regionName, rootDigest, recovery, receipts } = await loadRegion(state.keys, clock);
  const { jws: bundle } = await readTrustBundle(state.folder);
  const release = takeLock(state.backupLock, (cause) => permanent('backup-running', { cause }));
  try {
    await prepareFolder(to);
    await sweep(to, { region: regionName, rootDigest });
    const { name, createdAt } = await freeName(to, regionName, clock);
    const facts = { region: regionName, createdAt, product: deps.product, root: rootDigest, bundle };
    const keys = { recovery: recovery.publicKey, signer: receipts };
    const { bytes, sha256, leftOut } = await inWorkFolder(state.backupWork, async (work) => {
      const copy = join(work, 'receiver.db');
      const schema = await copyDatabase(deps, copy);
      crashPoint('backup-copied');
      const gathered = await gather({ ...deps, bundle, recovery: keys.recovery });
      const archive = packArchive([{ name: 'receiver.db', path: copy }, ...gathered.files]);
      const sealed = sealBackup(archive, { ...facts, schema }, { keys, random: deps.random });
      return { ...(await publish(sealed, { to, name, rootDigest })), leftOut: gathered.leftOut };
    });
    const removed = keep === undefined ? [] : await removeOlder(to, { keep, newest: name, rootDigest });
    return { file: join(to, name), region: regionName, createdAt, bytes, sha256, removed, leftOut };
  } catch (error) {
    throw roomFault(error, { to, state: state.folder });
  } finally {
    release();
  }
}

/** In the state folder, from one instant, and looked through to its last page. */
async function copyDatabase({ state, migrations }: BackupDeps, copy: string): Promise<SchemaVersion> {
  const source = openSqlite(state.database, { migrations, readonly: true });
  try {
    await backupTo(source, copy);
  } finally {
    source.close();
  }
  const copied = openSqlite(copy, { migrations, readonly: true });
  try {
    if (!isWhole(copied)) throw permanent('backup-database-damaged', { facts: { path: state.database } });
    return schemaVersion(copied);
  } finally {
    copied.close();
  }
}

/** The sum first: a backup that is there always has its own. */
async function publish(
  sealed: AsyncIterable<Buffer>,
  { to, name, rootDigest }: { readonly to: string; readonly name: string; readonly rootDigest: string },
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const part = join(to, partName(name, rootDigest));
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const handle = await open(part, 'w', 0o600);
    try {
      for await (const piece of sealed) {
        await handle.writeFile(piece);
        hash.update(piece);
        bytes += piece.length;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    crashPoint('backup-sealed');
    const sha256 = hash.digest('hex');
    await writeDurably(join(to, sumName(name)), `${sha256}  ${name}\n`);
    crashPoint('backup-summed');
    await rename(part, join(to, name));
    await syncFolder(to);
    crashPoint('backup-published');
    return { bytes, sha256 };
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw error;
  }
}

async function prepareFolder(to: string): Promise<void> {
  try {
    await mkdir(to, { recursive: true, mode: 0o700 });
    await access(to, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const facts = { folder: to, reason: systemCode(error) ?? '' };
    throw permanent('backup-folder-unwritable', { facts, cause: error });
  }
}

/** Of two backups within a second, the later says the next one. */
async function freeName(
  to: string,
  region: string,
  clock: Clock,
): Promise<{ readonly name: string; readonly createdAt: number }> {
  for (let createdAt = Math.trunc(clock.now()); ; createdAt += 1000) {
    const name = backupName(region, createdAt);
    if (!(await isThere(join(to, name)))) return { name, createdAt };
  }
}
