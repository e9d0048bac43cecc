import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentDatabase, type AgentDatabase } from '../../outbox/database.ts';
import { repairSql } from '../../outbox/repair-queries.ts';
import { failure, fine, type Check, type DoctorFinding } from './finding.ts';

/** Structure and settings of the database, and that its ledgers have no hole. `verify` is the whole proof. */
export const databaseCheck: Check = {
  name: 'database',
  run: ({ config }) => {
    if (config === undefined) return Promise.resolve([]);
    const file = join(config.state, 'agent.db');
    if (!existsSync(file)) return Promise.resolve([fine('database-none')]);
    return Promise.resolve(look(file));
  },
};

function look(file: string): readonly DoctorFinding[] {
  const database = openAgentDatabase(file, { readonly: true });
  try {
    if (database.db.pragma('quick_check(1)', { simple: true }) !== 'ok')
      return [failure('database-damaged', { file })];
    if (database.db.pragma('journal_mode', { simple: true }) !== 'wal')
      return [failure('database-damaged', { file })];
    const holes = holesOf(database);
    if (holes > 0) return [failure('database-ledger', { holes })];
    return [fine('database-fine', { mb: Math.ceil(statSync(file).size / 1024 / 1024) })];
  } finally {
    database.close();
  }
}

function holesOf({ all }: AgentDatabase): number {
  return all<{ holes: number }>(repairSql.ledgerHoles).reduce((sum, { holes }) => sum + holes, 0);
}
