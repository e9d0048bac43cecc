import Database from 'better-sqlite3';
import { permanent, systemCode } from './errors.ts';

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
  readonly readonly?: boolean;
  /** Page cache; default 16 MB. */
  readonly cacheKib?: number;
}

export function openSqlite(path: string, options: OpenOptions): Sqlite {
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
    if (options.readonly !== true) migrate(db, options.migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
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

function migrate(db: Sqlite, migrations: Migrations): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw permanent('database-newer', { facts: { found: version, known: migrations.length } });
  }
  migrations.slice(version).forEach((sql, index) => {
    inTransaction(db, () => {
      db.exec(sql);
      db.pragma(`user_version = ${version + index + 1}`);
    });
  });
}
