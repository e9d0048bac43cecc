import type { Clock } from '../../shared/runtime/clock.ts';
import type { AgentDatabase } from './database.ts';
import { repairSql } from './repair-queries.ts';

/** What can no longer be opened. */
const sealedTables = [
  repairSql.dropJoinRows,
  repairSql.dropJoinReads,
  repairSql.dropEvents,
  repairSql.dropPatientVisits,
  repairSql.dropVisits,
  repairSql.dropPatients,
  repairSql.dropMerges,
  repairSql.dropRefused,
] as const;

/**
 * The local key is lost: what rests under it is dropped, and the exports it came from are read again. Messages that came over
 * the network can only be sent again by whoever sent them. Answers how many sealed rows went.
 */
export function emptyVault({
  database,
  clock,
}: {
  readonly database: AgentDatabase;
  readonly clock: Clock;
}): number {
  const { run, get } = database;
  const rows = get<{ n: number }>(repairSql.sealedRows)?.n ?? 0;
  run(repairSql.rereadJoined, clock.now());
  for (const sql of sealedTables) run(sql);
  return rows;
}
