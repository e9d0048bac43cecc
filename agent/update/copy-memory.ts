import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { handOver } from '../../shared/runtime/folder-owner.ts';
import { backupTo, openSqlite } from '../../shared/runtime/sqlite.ts';
import { mustHaveRoom } from './room.ts';

export interface MemoryCopy {
  /** The folder that holds it; undefined where there is no memory yet. */
  readonly copy: string | undefined;
  readonly drop: () => Promise<void>;
}

const prefix = 'selftest-';
const spareBytes = 64 * 1024 * 1024;

/**
 * A copy of the agent's memory to try a program on, made beside the running agent, in a folder of the state: as much room and
 * as narrow rights are there as the memory itself has. Faults: `update-no-space`,
 * `selftest-no-rights`.
 */
export async function copyMemory(database: string | undefined): Promise<MemoryCopy> {
  if (database === undefined || !existsSync(database))
    return { copy: undefined, drop: () => Promise.resolve() };
  const state = dirname(database);
  const journal = statSync(`${database}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  // Twice: bringing it up to date may write all of it anew.
  await mustHaveRoom(state, 2 * (statSync(database).size + journal) + spareBytes);
  const copy = await mkdtemp(join(state, prefix)).catch((cause: unknown) => {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(systemCode(cause) ?? '')) throw cause;
    throw permanent('selftest-no-rights', { facts: { folder: state }, cause });
  });
  const drop = (): Promise<void> => rm(copy, { recursive: true, force: true, maxRetries: 5 });
  try {
    const path = join(copy, basename(database));
    const db = openSqlite(database, { migrations: [], readonly: true });
    try {
      await backupTo(db, path);
    } finally {
      db.close();
    }
    // Handed over only now: while root writes, nobody else reaches into it. The file follows its folder.
    handOver(copy);
    handOver(path);
    return { copy, drop };
  } catch (error) {
    await drop();
    throw error;
  }
}

/** Copies that a stop has left. Only under the lock of an update: another trial may be using its own. */
export async function dropCopies(database: string | undefined): Promise<void> {
  if (database === undefined || !existsSync(database)) return;
  const state = dirname(database);
  for (const name of await readdir(state))
    if (name.startsWith(prefix)) await rm(join(state, name), { recursive: true, force: true });
}
