import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { permanent, systemCode } from './errors.ts';
import { foreignOwner, handOver } from './folder-owner.ts';

/**
 * The only door to SQLite. WAL with synchronous=FULL on every open, read back, because better-sqlite3 reports NORMAL
 * when it reopens a file; an answer other than the one asked for stops the start.
 */
export type Sqlite = Database.Database;
export type Statement<Row = unknown> = Database.Statement<unknown[], Row>;

/** SQL, in order; number = position + 1 = user_version. Forward only; never edit one that has been released. */
export type Migrations = readonly string[];

export interface OpenOptions {
  readonly migrations: Migrations;
  /**
   * Oldest schema (count of migrations) whose program can still work on this one, because all that came since only added
   * to it: what lets a program be put back to the version before. Default: none but this one.
   */
  readonly worksFrom?: number;
  readonly readonly?: boolean;
  /** Page cache; default 16 MB. */
  readonly cacheKib?: number;
}

export function openSqlite(path: string, options: OpenOptions): Sqlite {
  if (options.readonly !== true) makeOwned(path);
  const db = new Database(path, { readonly: options.readonly ?? false });
  try {
    setAndCheck(db, 'busy_timeout', 10_000);
    if (options.readonly !== true) {
      if (db.pragma('user_version', { simple: true }) === 0) db.pragma('auto_vacuum = incremental');
      setAndCheck(db, 'journal_mode', 'wal');
      setAndCheck(db, 'synchronous', 2, 'FULL');
      setAndCheck(db, 'temp_store', 2, 'MEMORY');
      // The WAL is grown once and kept: appending costs twice an overwrite (the file's size is journaled too).
      db.pragma('journal_size_limit = 67108864');
      db.pragma('wal_autocheckpoint = 4000');
    }
    setAndCheck(db, 'foreign_keys', 1, 'ON');
    db.pragma(`cache_size = -${options.cacheKib ?? 16_000}`);
    if (options.readonly !== true) migrate(db, options);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite gives the files beside a database to its owner; the database itself must be there to have one. */
function makeOwned(path: string): void {
  if (path === ':memory:' || foreignOwner(dirname(path)) === undefined) return;
  try {
    closeSync(openSync(path, 'wx'));
    handOver(path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** For reading what is left of a damaged file: nothing is migrated, and a schema that does not hold is put up with. */
export function openDamaged(path: string): Sqlite {
  const db = new Database(path);
  try {
    db.pragma('writable_schema = on');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Whether the tables are those that the migrations make. SQLite's own checks do not look at their text: a bit flipped there
 * leaves a file that is whole, and statements that fail.
 */
export function hasSchemaOf(db: Sqlite, migrations: Migrations): boolean {
  // A newer program has added to it: it is that program's to judge.
  if (Number(db.pragma('user_version', { simple: true })) > migrations.length) return true;
  const fresh = new Database(':memory:');
  try {
    for (const sql of migrations) fresh.exec(sql);
    return schemaOf(db) === schemaOf(fresh);
  } finally {
    fresh.close();
  }
}

function schemaOf(db: Sqlite): string {
  const query = `select type, name, tbl_name, sql from sqlite_schema where name not like 'sqlite%' order by type, name`;
  return JSON.stringify(db.prepare(query).all());
}

/** SQLite says that the file is not what it wrote. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(systemCode(error) ?? '');
}

/** 16 MB a step: between two, the thread does other things. */
const pagesPerStep = 4096;

/**
 * A copy of the whole database as it stands at this instant, made beside whoever writes to it. The transaction held open for
 * as long keeps the copy to one state: without it, every write of another process would start it from the beginning. Rejects
 * with SQLITE_FULL or SQLITE_IOERR when there is no room for it.
 */
export async function backupTo(db: Sqlite, path: string): Promise<void> {
  db.exec('begin');
  try {
    db.prepare('select count(*) from sqlite_schema').get();
    await db.backup(path, { progress: () => pagesPerStep });
  } finally {
    db.exec('rollback');
  }
}

/** Which program wrote the tables, and which may work on them (see `worksFrom`). */
export interface SchemaVersion {
  readonly version: number;
  readonly floor: number;
}

export function schemaVersion(db: Sqlite): SchemaVersion {
  return {
    version: Number(db.pragma('user_version', { simple: true })),
    floor: Number(db.pragma('application_id', { simple: true })),
  };
}

/** Whether a program that knows so many migrations may open it. */
export function knowsSchema({ version, floor }: SchemaVersion, known: number): boolean {
  return version <= known || (floor > 0 && floor <= known);
}

/** Reads every page and every index: minutes for tens of gigabytes. */
export function isWhole(db: Sqlite): boolean {
  try {
    return db.pragma('integrity_check(1)', { simple: true }) === 'ok';
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

/** Runs `work` in one immediate transaction: all or nothing, durable when it returns. */
export function inTransaction<T>(db: Sqlite, work: () => T): T {
  return db.transaction(work).immediate();
}

function setAndCheck(
  db: Sqlite,
  pragma: string,
  expected: string | number,
  written: string | number = expected,
): void {
  db.pragma(`${pragma} = ${written}`);
  const found: unknown = db.pragma(pragma, { simple: true });
  if (found !== expected)
    throw permanent('database-pragma', { facts: { pragma, found: String(found), expected } });
}

/**
 * The floor lies in `application_id`, which is written in the same page as the version and can be read whatever the tables
 * have become.
 */
function migrate(db: Sqlite, { migrations, worksFrom = migrations.length }: OpenOptions): void {
  const schema = schemaVersion(db);
  const { version } = schema;
  if (version > migrations.length) {
    if (knowsSchema(schema, migrations.length)) return;
    throw permanent('database-newer', { facts: { found: version, known: migrations.length } });
  }
  migrations.slice(version).forEach((sql, index) => {
    inTransaction(db, () => {
      db.exec(sql);
      db.pragma(`user_version = ${version + index + 1}`);
      db.pragma(`application_id = ${Math.min(worksFrom, version + index + 1)}`);
    });
  });
}
