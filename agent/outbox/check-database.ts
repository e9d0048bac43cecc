import { existsSync, statSync } from 'node:fs';
import { permanent } from '../../shared/runtime/errors.ts';
import { hasSchemaOf } from '../../shared/runtime/sqlite.ts';
import { openAgentDatabase } from './database.ts';
import { finishRepair } from './repair-files.ts';
import { anyTable } from './repair-queries.ts';
import { migrations } from './schema.ts';

/** Up to this size the whole structure is read at every start: 0.1 s. A larger one is looked at table by table. */
const readWholeBytes = 32 * 1024 * 1024;

/** Before the first statement of a start: a repair that was stopped is ended, and gross damage is told at once. */
export async function requireWholeDatabase(path: string): Promise<void> {
  await finishRepair(path);
  if (!existsSync(path)) return;
  const database = openAgentDatabase(path);
  try {
    const { all, db } = database;
    const findings = hasSchemaOf(db, migrations)
      ? quickFindings(all, db.pragma.bind(db), path)
      : new Error('schema');
    if (findings !== null) throw permanent('database-damaged', { facts: { file: path }, cause: findings });
  } finally {
    database.close();
  }
}

type All = ReturnType<typeof openAgentDatabase>['all'];

function quickFindings(
  all: All,
  pragma: (source: string, options: { simple: true }) => unknown,
  path: string,
): Error | null {
  if (statSync(path).size <= readWholeBytes) {
    const said = String(pragma('quick_check(1)', { simple: true }));
    return said === 'ok' ? null : new Error('quick_check');
  }
  for (const { name } of all<{ name: string }>(anyTable.tables)) all(anyTable.first(name));
  return null;
}
