import { permanent, systemCode } from '../shared/runtime/errors.ts';
import { openSqlite, type Sqlite } from '../shared/runtime/sqlite.ts';

/** Something to migrate to, so that opening a file already made writes nothing and need not wait for its holder. */
const migrations = ['create table serving (id integer primary key) strict'];

/**
 * One serving process per state folder: two would deliver side by side and out of order. Throws `receiver-already-serving`.
 */
export function takeServeLock(path: string): () => void {
  return takeLock(path, (cause) => permanent('receiver-already-serving', { cause }));
}

/**
 * The lock is a transaction held open on a file of its own, so the system lets go of it however the process ends. Answers
 * what lets go of it; throws `taken` while another process holds it.
 */
export function takeLock(path: string, taken: (cause: unknown) => Error): () => void {
  let db: Sqlite | undefined;
  try {
    db = openSqlite(path, { migrations });
    db.pragma('busy_timeout = 0');
    db.exec('begin immediate');
  } catch (error) {
    db?.close();
    if (systemCode(error) === 'SQLITE_BUSY') throw taken(error);
    throw error;
  }
  const held = db;
  return () => held.close();
}
