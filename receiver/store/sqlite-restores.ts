import type { KeptWithdrawal, RestoredRow, RestoreTable } from './restore-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

export const restoreSql = {
  get: sql<RestoredRow>(`
    select backup_at as backupAt, restored_at as restoredAt, known_until as knownUntil, withdrawn, erased,
           lost_keys as lostKeys
      from restored
     where one = 1`),
  put: sql(`
    insert or replace into restored (one, backup_at, restored_at, known_until, withdrawn, erased, lost_keys)
    values (1, ?, ?, ?, ?, ?, ?)`),
  confirm: sql('delete from restored where one = 1'),
  keep: sql('insert or ignore into kept_withdrawal (kind, name) values (?, ?)'),
  kept: sql<KeptWithdrawal>('select kind, name from kept_withdrawal order by kind, name'),
} as const;

export function createRestoreTable({ all, get, run }: Statements): RestoreTable {
  return {
    get: async () => get(restoreSql.get),
    put: async ({ backupAt, restoredAt, knownUntil, withdrawn, erased, lostKeys }) => {
      run(restoreSql.put, backupAt, restoredAt, knownUntil, withdrawn, erased, lostKeys);
    },
    confirm: async () => run(restoreSql.confirm) === 1,
    keep: async ({ kind, name }) => {
      run(restoreSql.keep, kind, name);
    },
    kept: async () => all(restoreSql.kept),
  };
}
