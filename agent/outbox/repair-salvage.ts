import { inTransaction, isDamage, type Sqlite, type Statement } from '../../shared/runtime/sqlite.ts';
import { anyTable } from './repair-queries.ts';

/** What could be read of one table. */
export interface SalvagedTable {
  readonly table: string;
  readonly saved: number;
  /** Rows read that no longer fit their table. */
  readonly unfit: number;
  /** Some pages could not be read: rows are missing, how many nobody knows. */
  readonly broken: boolean;
}

type Row = Readonly<Record<string, unknown>>;
type Take = (row: Row) => void;

/** Rows whose page cannot be reached from either end are looked for one by one, at most so many. */
const soughtRows = 200_000;

/**
 * Copies every row that can still be read into an empty database of the same tables: from the front as far as it goes, from
 * the back as far as it goes, and what lies between by number. Triggers are away meanwhile, foreign keys are not looked at.
 */
export function salvageTables(
  damaged: Sqlite | undefined,
  fresh: Sqlite,
  onTable: (table: string) => void,
): readonly SalvagedTable[] {
  const triggers = fresh.prepare(anyTable.triggers).all() as { name: string; sql: string }[];
  for (const { name } of triggers) fresh.exec(anyTable.dropTrigger(name));
  const tables = (fresh.prepare(anyTable.tables).all() as { name: string }[]).map(({ name }) => name);
  const salvaged = tables.map((table) => {
    onTable(table);
    if (damaged === undefined) return { table, saved: 0, unfit: 0, broken: true };
    return inTransaction(fresh, () => salvageTable(damaged, fresh, table));
  });
  for (const { sql } of triggers) fresh.exec(sql);
  return salvaged;
}

function salvageTable(damaged: Sqlite, fresh: Sqlite, table: string): SalvagedTable {
  const known = columnsOf(fresh, table).map(({ name }) => name);
  const there = columnsOf(damaged, table);
  const columns = there.map(({ name }) => name).filter((name) => known.includes(name));
  if (columns.length === 0) return { table, saved: 0, unfit: 0, broken: false };
  const put = fresh.prepare(anyTable.insert(table, columns));
  let [saved, unfit] = [0, 0];
  const take: Take = (row) => {
    try {
      const { changes } = put.run(...columns.map((column) => row[column]));
      saved += changes;
    } catch {
      // A flipped bit made it something that no such row can be.
      unfit += 1;
    }
  };
  const key = there
    .filter(({ pk }) => pk > 0)
    .sort((one, other) => one.pk - other.pk)
    .map(({ name }) => name);
  const broken = isWithoutRowid(damaged, table)
    ? scanByKey(damaged, table, columns, key, take)
    : scanByRowid(damaged, table, columns, take);
  return { table, saved, unfit, broken };
}

function columnsOf(db: Sqlite, table: string): readonly { readonly name: string; readonly pk: number }[] {
  try {
    return db.prepare(anyTable.columns).all(table) as { name: string; pk: number }[];
  } catch (error) {
    if (isUnreadable(error)) return [];
    throw error;
  }
}

function isWithoutRowid(db: Sqlite, table: string): boolean {
  return (db.prepare(anyTable.isWithoutRowid).get(table) as { wr: number } | undefined)?.wr === 1;
}

/** Rows already there are passed over by the insert. */
function scanByKey(
  db: Sqlite,
  table: string,
  columns: readonly string[],
  key: readonly string[],
  take: Take,
): boolean {
  const most = rowsAtMost(db);
  const scan = (order: 'asc' | 'desc'): boolean => {
    let n = 0;
    return readOn(db, anyTable.scanKey(table, columns, key, order), (row) => {
      take(row);
      n += 1;
      return n < most;
    });
  };
  if (scan('asc')) return false;
  scan('desc');
  return true;
}

function scanByRowid(db: Sqlite, table: string, columns: readonly string[], take: Take): boolean {
  let front = -Infinity;
  const whole = readOn(db, anyTable.scanRowid(table, columns, 'asc'), (row) => {
    const rowid = Number(row['rowid:']);
    if (rowid <= front) return false;
    front = rowid;
    take(row);
    return true;
  });
  if (whole) return false;
  let back = Infinity;
  readOn(db, anyTable.scanRowid(table, columns, 'desc'), (row) => {
    const rowid = Number(row['rowid:']);
    if (rowid >= back || rowid <= front) return false;
    back = rowid;
    take(row);
    return true;
  });
  seekBetween(db, anyTable.seekRowid(table, columns), front, back, take);
  return true;
}

function seekBetween(db: Sqlite, sql: string, front: number, back: number, take: Take): void {
  const seek = prepared(db, sql);
  if (seek === undefined) return;
  const from = front === -Infinity ? 1 : front + 1;
  const to = Math.min(back - 1, from + soughtRows);
  for (let rowid = from; rowid <= to; rowid += 1) {
    try {
      const row = seek.get(rowid);
      if (row !== undefined) take(row);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
}

/** Hands on row after row until `more` says enough or the file cannot be read; true: to the very end. */
function readOn(db: Sqlite, sql: string, more: (row: Row) => boolean): boolean {
  const statement = prepared(db, sql);
  if (statement === undefined) return false;
  try {
    for (const row of statement.iterate()) if (!more(row)) return false;
    return true;
  } catch (error) {
    if (isUnreadable(error)) return false;
    throw error;
  }
}

function prepared(db: Sqlite, sql: string): Statement<Row> | undefined {
  try {
    return db.prepare<unknown[], Row>(sql);
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** Beside plain damage: a schema that names what is not there, numbers that are too large for what they stand for. */
export function isUnreadable(error: unknown): boolean {
  return (
    isDamage(error) ||
    error instanceof RangeError ||
    (error instanceof Error &&
      /^(SQLITE_(ERROR|IOERR_SHORT_READ|TOOBIG|NOMEM|FORMAT|MISMATCH|CONSTRAINT)|ERR_)/.test(
        String((error as Error & { code?: unknown }).code),
      ))
  );
}

/** A page holds no more rows than this; a file that leads in circles would give more. */
function rowsAtMost(db: Sqlite): number {
  try {
    return Number(db.pragma('page_count', { simple: true })) * 1024;
  } catch {
    return soughtRows;
  }
}
