import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { isDamage, openSqlite, type Sqlite, type Statement } from '../../shared/runtime/sqlite.ts';
import { migrations, worksFrom } from './schema.ts';

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

/**
 * Damage met at any time is `database-damaged`, which `onDamaged` hears of first: whoever runs must stop, since every further
 * attempt would meet it again.
 */
export function openAgentDatabase(
  path: string,
  options: { readonly readonly?: boolean; readonly onDamaged?: (fault: Error) => void } = {},
): AgentDatabase {
  const db = openOrSay(path, options.readonly ?? false);
  const say = (error: unknown): unknown => {
    if (!isDamage(error)) return error;
    const fault = permanent('database-damaged', { facts: { file: path }, cause: error });
    options.onDamaged?.(fault);
    return fault;
  };
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
      try {
        const { changes, lastInsertRowid } = prepared(sql).run(...values);
        return { changes, id: Number(lastInsertRowid) };
      } catch (error) {
        throw say(error);
      }
    },
    // The row's shape is fixed by the SQL constant beside its type.
    get: <Row>(sql: string, ...values: readonly unknown[]) => {
      try {
        return prepared(sql).get(...values) as Row | undefined;
      } catch (error) {
        throw say(error);
      }
    },
    all: <Row>(sql: string, ...values: readonly unknown[]) => {
      try {
        return prepared(sql).all(...values) as readonly unknown[] as readonly Row[];
      } catch (error) {
        throw say(error);
      }
    },
    transaction: (work) => {
      try {
        return db.transaction(work).immediate();
      } catch (error) {
        throw say(error);
      }
    },
    close: () => {
      db.close();
    },
  };
}

/** What a migration stumbles over (a table that is there already, a schema it cannot read) is damage as well. */
function openOrSay(path: string, readonly: boolean): Sqlite {
  try {
    return openSqlite(path, { migrations, worksFrom, readonly, cacheKib: 4000 });
  } catch (error) {
    if (isDamage(error) || /^SQLITE_(ERROR|FORMAT|MISMATCH|CONSTRAINT)/.test(systemCode(error) ?? ''))
      throw permanent('database-damaged', { facts: { file: path }, cause: error });
    throw error;
  }
}
