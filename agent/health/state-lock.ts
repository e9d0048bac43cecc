import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { handOver, makeFolder } from '../../shared/runtime/folder-owner.ts';
import { openSqlite, type Sqlite } from '../../shared/runtime/sqlite.ts';

/**
 * One process at a time works on a state folder: two would read every export twice and fork the ledger. The lock is a
 * transaction held open on `<state>/agent.lock`, so the system lets go of it however the process ends; who holds it is told
 * in `<state>/agent.lock.json`, which outlives its writer and means nothing by itself.
 */
export interface StateHolder {
  readonly pid: number;
  /** Epoch ms. */
  readonly since: number;
}

/** Something to migrate to, so that opening a file already made writes nothing and need not wait for its holder. */
const migrations = ['create table if not exists holding (id integer primary key) strict'];

const lockOf = (state: string): string => join(state, 'agent.lock');
const holderOf = (state: string): string => join(state, 'agent.lock.json');

/** Answers what lets go of it. Throws `state-locked` (facts: state, pid, since). */
export function takeStateLock(state: string, clock: Clock): () => void {
  makeFolder(state, 0o700);
  const held = tryLock(lockOf(state));
  if (held === undefined) {
    const holder = readHolder(state);
    const since = holder === undefined ? '?' : new Date(holder.since).toISOString();
    throw permanent('state-locked', { facts: { state, pid: holder?.pid ?? '?', since } });
  }
  const holder: StateHolder = { pid: process.pid, since: clock.now() };
  rmSync(holderOf(state), { force: true });
  writeFileSync(holderOf(state), JSON.stringify(holder), { mode: 0o600, flag: 'wx' });
  handOver(holderOf(state));
  return () => held.close();
}

/** Whether a process works on the state now, and which: "unknown" when it could not leave its name. */
export function stateHolder(state: string): StateHolder | 'unknown' | undefined {
  if (!existsSync(lockOf(state))) return undefined;
  const held = tryLock(lockOf(state));
  if (held === undefined) return readHolder(state) ?? 'unknown';
  held.close();
  return undefined;
}

/** A transaction held open on a file; undefined: another process holds it. */
export function tryLock(file: string): Sqlite | undefined {
  let db: Sqlite | undefined;
  try {
    db = openSqlite(file, { migrations });
    db.pragma('busy_timeout = 0');
    db.exec('begin immediate');
    return db;
  } catch (error) {
    db?.close();
    if (systemCode(error) === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}

const savedHolder = z.object({ pid: z.int(), since: z.int() });

function readHolder(state: string): StateHolder | undefined {
  try {
    return savedHolder.parse(JSON.parse(readFileSync(holderOf(state), 'utf8')));
  } catch {
    return undefined;
  }
}
