import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { countersOf, sql, type Statements } from './sqlite-statements.ts';
import type { DeliveryState, DispatchRow, DispatchTable } from './store.ts';

const states: readonly DeliveryState[] = ['waiting', 'sending', 'sent', 'acknowledged', 'refused', 'dead'];
const columns = `
  id, name, destination, facility, feed, from_day as "from", to_day as "to", records, extract, digest,
  composed_at as composedAt, export, state, attempts, next_attempt_at as nextAttemptAt, changed_at as changedAt, code`;

export const dispatchSql = {
  put: sql<{ id: number }>(`
    insert into dispatch (name, destination, facility, feed, from_day, to_day, records, extract, digest, composed_at,
                          export, state, attempts, next_attempt_at, changed_at, code)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, null)
 returning id`),
  putContent: sql('insert into dispatch_content (dispatch, composed_at, content) values (?, ?, ?)'),
  get: sql<DispatchRow>(`select ${columns} from dispatch where id = ?`),
  byName: sql<DispatchRow>(`select ${columns} from dispatch where name = ? order by id`),
  content: sql<{ content: Buffer }>('select content from dispatch_content where dispatch = ?'),
  lastExtract: sql<{ extract: number | null }>(
    'select max(extract) as extract from dispatch where facility = ? and destination = ?',
  ),
  ofExport: sql<DispatchRow>(`select ${columns} from dispatch where export = ? order by id`),
  nextDestination: sql<{ destination: string | null }>(`
    select min(destination) as destination from dispatch where facility = ? and feed = ? and destination > ?`),
  covering: sql<{ id: number }>(`
    select id
      from dispatch
     where facility = ? and feed = ? and destination = ? and from_day <= ? and to_day >= ?
     order by id desc
     limit 1`),
  due: sql<DispatchRow>(
    `select ${columns} from dispatch where destination = ? and state = 'waiting' order by id limit ?`,
  ),
  setDelivery: sql(`
    update dispatch set state = ?, attempts = ?, next_attempt_at = ?, changed_at = ?, code = ? where id = ?`),
  recover: sql(`
    update dispatch set state = 'waiting', next_attempt_at = ?, changed_at = ? where state = 'sending'`),
  purge: sql(`
    delete from dispatch_content
     where dispatch in (
             select content.dispatch
               from dispatch_content as content
              cross join dispatch on dispatch.id = content.dispatch
              where content.composed_at < ? and dispatch.changed_at < ?
                and dispatch.state in ('sent', 'acknowledged')
              order by content.composed_at
              limit ?)`),
  recent: sql<DispatchRow>(`select ${columns} from dispatch order by id desc limit ?`),
} as const;

export function createDispatchTable(statements: Statements): DispatchTable {
  const { all, get, run, prepare } = statements;
  return {
    put: async (row, content) => {
      const { name, destination, facility, feed, from, to, records, extract, digest, composedAt } = row;
      const put = prepare(dispatchSql.put);
      const values = [name, destination, facility, feed, from, to, records, extract, digest, composedAt];
      const id = put.get(...values, row.export, composedAt, composedAt)?.id ?? 0;
      run(dispatchSql.putContent, id, composedAt, zstdCompressSync(content));
      return id;
    },
    get: async (id) => get(dispatchSql.get, id),
    byName: async (name) => all(dispatchSql.byName, name),
    content: async (id) => {
      const row = get(dispatchSql.content, id);
      return row === undefined ? undefined : zstdDecompressSync(row.content);
    },
    lastExtract: async (facility, destination) =>
      get(dispatchSql.lastExtract, facility, destination)?.extract ?? undefined,
    ofExport: async (exportId) => all(dispatchSql.ofExport, exportId),
    inForce: async (facility, feed, days) => {
      const ids = new Set<number>();
      for (const destination of destinationsOf(statements, facility, feed)) {
        for (const day of days) {
          const found = get(dispatchSql.covering, facility, feed, destination, day, day);
          if (found !== undefined) ids.add(found.id);
        }
      }
      return [...ids].sort((a, b) => a - b).flatMap((id) => prepare(dispatchSql.get).all(id));
    },
    due: async (destination, now, limit) => {
      const rows = all(dispatchSql.due, destination, limit);
      const waits = rows.findIndex(({ nextAttemptAt }) => nextAttemptAt > now);
      return waits === -1 ? rows : rows.slice(0, waits);
    },
    setDelivery: async (id, { state, attempts, nextAttemptAt, changedAt, code }) => {
      run(dispatchSql.setDelivery, state, attempts, nextAttemptAt, changedAt, code, id);
    },
    recover: async (now) => run(dispatchSql.recover, now, now),
    purgeContents: async (before, limit) => run(dispatchSql.purge, before, before, limit),
    recent: async (limit) => all(dispatchSql.recent, limit),
    counts: async () => countersOf(statements, 'dispatch', states),
  };
}

/** One step of the index per destination, however many dispatches there are. */
function destinationsOf({ get }: Statements, facility: string, feed: string): readonly string[] {
  const found: string[] = [];
  for (let last = ''; ;) {
    const row = get(dispatchSql.nextDestination, facility, feed, last);
    if (row === undefined || row.destination === null) return found;
    last = row.destination;
    found.push(last);
  }
}
