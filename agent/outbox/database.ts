import { openSqlite, type Sqlite, type Statement } from '../../shared/runtime/sqlite.ts';
import { migrations } from './schema.ts';

/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- the caller names the row that its SQL constant gives */

/** agent.db with its statements prepared once each. */
export interface AgentDatabase {
  readonly db: Sqlite;
  readonly run: (
    sql: string,
    ...values: readonly unknown[]
  ) => { readonly changes: number; readonly id: number };
  readonly get: <Row>(sql: string, ...values: readonly unknown[]) => Row | undefined;
  readonly all: <Row>(sql: string, ...values: readonly unknown[]) => readonly Row[];
  /** All or nothing, durable when it returns. */
  readonly transaction: <T>(work: () => T) => T;
  close(): void;
}

export function openAgentDatabase(path: string, options: { readonly?: boolean } = {}): AgentDatabase {
  const db = openSqlite(path, { migrations, readonly: options.readonly ?? false, cacheKib: 4000 });
  const statements = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    db,
    run: (sql, ...values) => {
      const { changes, lastInsertRowid } = prepared(sql).run(...values);
      return { changes, id: Number(lastInsertRowid) };
    },
    // The row's shape is fixed by the SQL constant beside its type.
    get: <Row>(sql: string, ...values: readonly unknown[]) => prepared(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: readonly unknown[]) =>
      prepared(sql).all(...values) as readonly unknown[] as readonly Row[],
    transaction: (work) => db.transaction(work).immediate(),
    close: () => {
      db.close();
    },
  };
}
