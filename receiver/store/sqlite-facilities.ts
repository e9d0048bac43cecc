import type { AliasRow, FacilityRow, FacilityTable } from './store.ts';
import { sql, type Statements } from './sqlite-statements.ts';

const columns = 'finess, name, key, added_at as addedAt';

export const facilitySql = {
  put: sql(`
    insert into facility (finess, name, key, added_at)
    values (?, ?, ?, ?)
        on conflict do update set name = excluded.name, key = excluded.key`),
  get: sql<FacilityRow>(`select ${columns} from facility where finess = ?`),
  list: sql<FacilityRow>(`select ${columns} from facility order by finess`),
  putAlias: sql('insert or replace into alias (old, new, from_day) values (?, ?, ?)'),
  aliases: sql<AliasRow>('select old, new as "to", from_day as "from" from alias order by old'),
} as const;

export function createFacilityTable({ all, get, run }: Statements): FacilityTable {
  return {
    put: async ({ finess, name, key, addedAt }) => {
      run(facilitySql.put, finess, name, key, addedAt);
    },
    get: async (finess) => get(facilitySql.get, finess),
    list: async () => all(facilitySql.list),
    putAlias: async ({ old, to, from }) => {
      run(facilitySql.putAlias, old, to, from);
    },
    aliases: async () => all(facilitySql.aliases),
  };
}
