import { stat } from 'node:fs/promises';
import type { Finding } from '../../shared/feeds/feed.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import type { ExportRow } from '../outbox/rows.ts';
import { bundleSql, countOf, isTableName } from './support-queries.ts';
import type { Veil } from './veil.ts';

export interface DatabaseFacts {
  readonly database: unknown;
  readonly exports: unknown;
  readonly errors: unknown;
  readonly findings: unknown;
}

const listedExports = 1000;

/** What agent.db says of itself and of its last exports: counts, states, codes, ids. Never a path, never a value. */
export async function databaseFacts(
  db: AgentDatabase,
  path: string,
  { veil, fields }: { readonly veil: Veil; readonly fields: ReadonlySet<string> },
): Promise<DatabaseFacts> {
  const tables = db.all<{ name: string; sql: string }>(bundleSql.tables);
  const rows = db.all<ListedExport>(bundleSql.lastExports, listedExports);
  return {
    database: {
      bytes: await sizeOf(path),
      walBytes: await sizeOf(`${path}-wal`),
      version: db.db.pragma('user_version', { simple: true }),
      tables: tables
        .filter(({ name }) => isTableName(name))
        .map(({ name, sql }) => ({ name, rows: db.get<{ n: number }>(countOf(name))?.n ?? 0, sql })),
    },
    exports: rows.map((row) => exportFacts(row, veil, fields)),
    errors: { byCode: db.all(bundleSql.errorCodes), byOutcome: db.all(bundleSql.outcomes) },
    findings: countFindings(db.all<{ listed: string }>(bundleSql.findings, listedExports), fields),
  };
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

/** Paths are not even read. */
type ListedExport = Omit<ExportRow, 'path' | 'movedTo' | 'digest'> & { readonly moved: number };

function exportFacts(row: ListedExport, veil: Veil, fields: ReadonlySet<string>): unknown {
  return { ...row, name: veil.name(row.name), errorFacts: factsOf(row.errorFacts, fields) };
}

/** Numbers, and what is a name of the common schema or a code. */
function factsOf(text: string | null, fields: ReadonlySet<string>): unknown {
  if (text === null) return null;
  try {
    const facts = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      Object.entries(facts).filter(
        ([key, value]) =>
          typeof value === 'number' ||
          (key === 'field' && fields.has(String(value))) ||
          (key === 'reason' && /^E[A-Z]{2,20}$/.test(String(value))),
      ),
    );
  } catch {
    return null;
  }
}

/** A field's name may be a cell of an export read with the wrong mapping: only known ones are said. */
function countFindings(
  listed: readonly { readonly listed: string }[],
  fields: ReadonlySet<string>,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { listed: text } of listed) {
    for (const { rule, field } of JSON.parse(text) as readonly Finding[]) {
      const label = field === null ? rule : `${rule} ${fields.has(field) ? field : '(other)'}`;
      counts[label] = (counts[label] ?? 0) + 1;
    }
  }
  return counts;
}
