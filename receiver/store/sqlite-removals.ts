import type { Day } from '../../shared/runtime/paris-time.ts';
import { sql, type Statements } from './sqlite-statements.ts';
import type { Scope } from './record-scope.ts';
import type { Removal, RemovalTable } from './store.ts';

const columns = 'day, key, rank, extract, reception, export';

export const removalSql = {
  ofDay: sql<Removal>(`
    select ${columns}
      from removal
     where facility = ? and feed = ? and part = ? and day = ?
     order by key, rank`),
  days: sql<{ day: Day }>(`
    select distinct day
      from removal
     where facility = ? and feed = ? and part = ? and day between ? and ?
     order by day`),
  ofExport: sql<Scope & { readonly day: Day }>(
    'select distinct facility, feed, part, day from removal where export = ? order by facility, part, day',
  ),
  suspend: sql(`
    insert into removal (facility, feed, part, day, key, rank, extract, reception, export)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict do nothing`),
  close: sql<Removal>(`
    delete from removal
     where facility = ? and feed = ? and part = ? and day = ?
 returning ${columns}`),
  open: sql<OpenRow>(`
    select facility, feed, part, day, count(*) as count, json_group_array(distinct export) as exports
      from removal
     group by facility, feed, part, day
     order by facility, feed, part, day`),
} as const;

type OpenRow = Scope & { readonly day: Day; readonly count: number; readonly exports: string };

export function createRemovalTable({ all, prepare }: Statements): RemovalTable {
  return {
    ofDay: async ({ facility, feed, part }, day) => all(removalSql.ofDay, facility, feed, part, day),
    days: async ({ facility, feed, part }, from, to) =>
      all(removalSql.days, facility, feed, part, from, to).map(({ day }) => day),
    ofExport: async (exportId) => all(removalSql.ofExport, exportId),
    suspend: async ({ facility, feed, part }, removals) => {
      const suspend = prepare(removalSql.suspend);
      for (const { day, key, rank, extract, reception, ...origin } of removals) {
        suspend.run(facility, feed, part, day, key, rank, extract, reception, origin.export);
      }
    },
    close: async ({ facility, feed, part }, day) => all(removalSql.close, facility, feed, part, day),
    open: async () =>
      all(removalSql.open).map((row) => ({ ...row, exports: JSON.parse(row.exports) as string[] })),
  };
}
