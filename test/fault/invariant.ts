import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqlite, type Sqlite } from '../../shared/runtime/sqlite.ts';
import { readRpuXml, replay } from '../support/rpu-text.ts';
import { canonical, expectedVisits, planExport } from './feed-plan.ts';

/**
 * What must be true once everything has gone through, judged from outside: from the databases, read only, and from the
 * files the agency holds. set(source records) = set(records at the receiver) ∪ set(reported rejects), each once.
 */
export interface Verdict {
  readonly lost: number;
  readonly duplicated: number;
  readonly halfWritten: number;
  readonly records: number;
  readonly faults: readonly string[];
}

/** Whether something of the agent's is on its way at this instant. */
export function inFlight(where: { readonly agentState: string; readonly drop: string }): boolean {
  if (readdirSync(where.drop).some((name) => name.endsWith('.xml'))) return true;
  return withDatabase(join(where.agentState, 'agent.db'), (db) => unsettled(db) > 0);
}

/** Whether nothing is on its way any more, at either end. */
export function settled(where: {
  readonly agentState: string;
  readonly drop: string;
  readonly receiverState: string;
}): boolean {
  if (inFlight(where)) return false;
  return withDatabase(join(where.receiverState, 'receiver.db'), (db) => {
    const busy = count(db, `select count(*) n from envelope where state in ('stored', 'opened')`);
    return busy + count(db, `select count(*) n from dispatch where state in ('waiting', 'sending')`) === 0;
  });
}

export function judge(options: {
  readonly facilities: number;
  readonly counts: readonly number[];
  readonly out: string;
  readonly agentState: string;
  readonly receiverState: string;
}): Verdict {
  const faults: string[] = [];
  const planned = options.counts.flatMap((n, facility) =>
    Array.from({ length: n }, (_none, index) => planExport(facility, index)),
  );
  const expected = expectedVisits(options.facilities, options.counts);
  const files = readDelivered(join(options.out, 'oscour'), faults);
  const held = new Map<string, number>();
  for (const [finess, visits] of replay(files.map((file) => file.content))) {
    for (const visit of visits) add(held, `${finess} ${canonical(visit)}`, 1);
  }

  let lost = 0;
  let duplicated = 0;
  for (const key of new Set([...expected.keys(), ...held.keys()])) {
    const difference = (held.get(key) ?? 0) - (expected.get(key) ?? 0);
    if (difference < 0) lost -= difference;
    if (difference > 0) duplicated += difference;
  }
  const records = [...expected.values()].reduce((sum, n) => sum + n, 0);

  withDatabase(join(options.receiverState, 'receiver.db'), (db) => {
    const stored = count(db, 'select count(*) n from record');
    if (stored < records) lost += records - stored;
    if (stored > records) duplicated += stored - records;
    duplicated += count(
      db,
      `select coalesce(sum(n - 1), 0) n from (select count(*) n from receipt where kind = 'processed' group by export having count(*) > 1)`,
    );
    duplicated += count(db, `select count(*) - count(distinct name) n from dispatch`);
    const digests = new Map(
      (db.prepare(`select name, digest from dispatch`).all() as { name: string; digest: string }[]).map(
        (row) => [row.name, row.digest],
      ),
    );
    for (const { name, digest } of files)
      if (digests.get(name) !== digest) faults.push(`${name}: not what was composed`);
    const missing = [...digests.keys()].filter((name) => !files.some((file) => file.name === name));
    if (missing.length > 0) faults.push(`dispatches not delivered: ${missing.length}`);
    integrity(db, 'receiver.db', faults);
  });

  withDatabase(join(options.agentState, 'agent.db'), (db) => {
    const cut = planned.filter((each) => each.fate === 'cut').length;
    const reported = count(db, `select count(*) n from exports where outcome = 'rejected'`);
    if (reported < cut) lost += cut - reported;
    if (reported > cut) faults.push(`${reported} exports rejected, ${cut} were cut`);
    const rejects = planned.reduce((sum, each) => sum + each.rejects, 0);
    const rejected = count(
      db,
      `select coalesce(sum(rejected), 0) n from exports where outcome <> 'duplicate'`,
    );
    if (rejected < rejects) lost += rejects - rejected;
    if (rejected > rejects) duplicated += rejected - rejects;
    integrity(db, 'agent.db', faults);
  });

  const halfWritten = faults.length;
  return { lost, duplicated, halfWritten, records, faults };
}

interface Delivered {
  readonly name: string;
  readonly digest: string;
  readonly content: ReturnType<typeof readRpuXml>;
}

/** In the order they were composed: facility by facility, the name ends in a strictly increasing second. */
function readDelivered(folder: string, faults: string[]): Delivered[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .sort()
    .flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      try {
        return [
          {
            name,
            digest: createHash('sha256').update(bytes).digest('hex'),
            content: readRpuXml(bytes.toString('utf8')),
          },
        ];
      } catch {
        faults.push(`${name}: half-written`);
        return [];
      }
    });
}

function unsettled(db: Sqlite): number {
  return (
    count(db, `select coalesce(sum(n), 0) n from backlog where state in ('staged', 'pending', 'sending')`) +
    count(
      db,
      `select count(*) n from exports where state = 'reading' or (state = 'read' and outcome in ('unknown', 'processed'))`,
    )
  );
}

function integrity(db: Sqlite, name: string, faults: string[]): void {
  const answer: unknown = db.pragma('integrity_check', { simple: true });
  if (answer !== 'ok') faults.push(`${name}: ${String(answer)}`);
}

function withDatabase<T>(path: string, work: (db: Sqlite) => T): T {
  if (!existsSync(path)) throw new Error(`${path} is missing`);
  const db = openSqlite(path, { migrations: [], readonly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function count(db: Sqlite, sql: string): number {
  const row = db.prepare(sql).get() as { n: number } | undefined;
  return row?.n ?? 0;
}

function add(counts: Map<string, number>, key: string, n: number): void {
  counts.set(key, (counts.get(key) ?? 0) + n);
}
