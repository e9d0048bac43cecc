import type { Sqlite, Statement } from '../../shared/runtime/sqlite.ts';

/** A text and the row it answers, declared side by side. */
export interface Query<Row> {
  readonly text: string;
  /** Never there: only carries the type. */
  readonly row?: Row;
}

export function sql<Row = unknown>(text: string): Query<Row> {
  return { text };
}

/** Prepared statements of one connection, kept for its life. */
export interface Statements {
  readonly all: <Row>(query: Query<Row>, ...values: readonly unknown[]) => Row[];
  readonly get: <Row>(query: Query<Row>, ...values: readonly unknown[]) => Row | undefined;
  /** Answers the number of rows changed. */
  readonly run: (query: Query<unknown>, ...values: readonly unknown[]) => number;
  readonly prepare: <Row>(query: Query<Row>) => Statement<Row>;
  /** Prepared anew each time: some pragmas act when they are prepared. Answers its first value. */
  readonly pragma: (text: string) => unknown;
}

export function createStatements(db: Sqlite): Statements {
  const kept = new Map<Query<unknown>, Statement>();
  const prepare = <Row>(query: Query<Row>): Statement<Row> => {
    let statement = kept.get(query);
    if (statement === undefined) {
      statement = db.prepare(query.text);
      kept.set(query, statement);
    }
    return statement as Statement<Row>;
  };
  return {
    prepare,
    pragma: (text) => db.pragma(text, { simple: true }),
    all: (query, ...values) => prepare(query).all(...values),
    get: (query, ...values) => prepare(query).get(...values),
    run: (query, ...values) => prepare(query).run(...values).changes,
  };
}

export const counterSql = {
  read: sql<{ value: number }>('select value from counter where name = ?'),
  add: sql<{ value: number }>(`
    insert into counter values (?, ?)
        on conflict do update set value = value + excluded.value
 returning value`),
} as const;

/** Counters by state, kept by triggers: no page ever counts rows. */
export function countersOf<State extends string>(
  statements: Statements,
  prefix: string,
  states: readonly State[],
): Readonly<Record<State, number>> {
  const counts = states.map((state) => {
    const row = statements.get(counterSql.read, `${prefix}.${state}`);
    return [state, row?.value ?? 0] as const;
  });
  return Object.fromEntries(counts) as Record<State, number>;
}
