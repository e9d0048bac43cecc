import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { countersOf, sql, type Statements } from './sqlite-statements.ts';
import type { DeliveryState, DispatchRow, DispatchTable, SealedAs, SealedContent } from './dispatch-table.ts';

const states: readonly DeliveryState[] = ['waiting', 'sending', 'sent', 'acknowledged', 'refused', 'dead'];
export const dispatchColumns = `
  id, name, destination, facility, feed, from_day as "from", to_day as "to", records, extract, digest,
  composed_at as composedAt, export, cause, format, state, attempts, next_attempt_at as nextAttemptAt,
  changed_at as changedAt, sent_at as sentAt, reference, code`;

function inDelivery(state: DeliveryState) {
  return sql<DispatchRow>(`
    select ${dispatchColumns} from dispatch where destination = ? and state = '${state}' and id > ? order by id limit ?`);
}

export const dispatchSql = {
  put: sql<{ id: number }>(`
    insert into dispatch (name, destination, facility, feed, from_day, to_day, records, extract, digest, composed_at,
                          export, cause, format, state, attempts, next_attempt_at, changed_at, code)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, null)
 returning id`),
  putContent: sql('insert into dispatch_content (dispatch, composed_at, content) values (?, ?, ?)'),
  get: sql<DispatchRow>(`select ${dispatchColumns} from dispatch where id = ?`),
  byName: sql<DispatchRow>(`select ${dispatchColumns} from dispatch where name = ? order by id`),
  named: sql<DispatchRow>(`select ${dispatchColumns} from dispatch where name = ? and destination = ?`),
  sealed: sql<SealedContent>(
    'select name, protection, digest, content from dispatch_sealed where dispatch = ?',
  ),
  // The length of a blob is in the row's header: its pages are not read.
  sealedAs: sql<SealedAs>(
    'select name, protection, digest, length(content) as bytes from dispatch_sealed where dispatch = ?',
  ),
  putSealed: sql(`
    insert into dispatch_sealed (dispatch, composed_at, name, protection, digest, content)
    select id, composed_at, ?, ?, ?, ? from dispatch where id = ?
        on conflict do update
       set name = excluded.name, protection = excluded.protection, digest = excluded.digest, content = excluded.content`),
  putSource: sql('insert into dispatch_source (dispatch, export) values (?, ?) on conflict do nothing'),
  sources: sql<{ export: string }>('select export from dispatch_source where dispatch = ?'),
  content: sql<{ content: Buffer }>('select content from dispatch_content where dispatch = ?'),
  lastExtract: sql<{ extract: number | null }>(
    'select max(extract) as extract from dispatch where facility = ? and destination = ?',
  ),
  ofExport: sql<DispatchRow>(`select ${dispatchColumns} from dispatch where export = ? order by id`),
  nextDestination: sql<{ destination: string | null }>(`
    select min(destination) as destination from dispatch where facility = ? and feed = ? and destination > ?`),
  covering: sql<{ id: number }>(`
    select id
      from dispatch
     where facility = ? and feed = ? and destination = ? and from_day <= ? and to_day >= ?
     order by id desc
     limit 1`),
  due: sql<DispatchRow>(
    `select ${dispatchColumns} from dispatch where destination = ? and state = 'waiting' order by id limit ?`,
  ),
  inDelivery: {
    waiting: inDelivery('waiting'),
    sent: inDelivery('sent'),
    acknowledged: inDelivery('acknowledged'),
    refused: inDelivery('refused'),
    dead: inDelivery('dead'),
  },
  setDelivery: sql(`
    update dispatch
       set state = ?, attempts = ?, next_attempt_at = ?, changed_at = ?, code = ?,
           sent_at = coalesce(?, sent_at), reference = coalesce(?, reference)
     where id = ? and state in (select value from json_each(?))`),
  awaited: sql<{ destination: string | null }>(`
    select min(destination) as destination from dispatch where state = 'waiting' and destination > ?`),
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
  purgeSealed: sql(`
    delete from dispatch_sealed
     where dispatch in (
             select sealed.dispatch
               from dispatch_sealed as sealed
              cross join dispatch on dispatch.id = sealed.dispatch
              where sealed.composed_at < ? and dispatch.changed_at < ?
                and dispatch.state in ('sent', 'acknowledged')
              order by sealed.composed_at
              limit ?)`),
  // One step of each partial index.
  lastSentAt: sql<{ sentAt: number | null }>(`
    select max(sent_at) as sentAt
      from dispatch
     where id in (
             (select max(id) from dispatch where destination = ? and state = 'sent'),
             (select max(id) from dispatch where destination = ? and state = 'acknowledged'),
             (select max(id) from dispatch where destination = ? and state = 'refused'))`),
  recent: sql<DispatchRow>(`select ${dispatchColumns} from dispatch order by id desc limit ?`),
} as const;

export function createDispatchTable(statements: Statements): DispatchTable {
  const { all, get, run, prepare } = statements;
  return {
    put: async (row, content, sources = []) => {
      const { name, destination, facility, feed, from, to, records, extract, digest, composedAt } = row;
      const put = prepare(dispatchSql.put);
      const values = [name, destination, facility, feed, from, to, records, extract, digest, composedAt];
      const id = put.get(...values, row.export, row.cause, row.format, composedAt, composedAt)?.id ?? 0;
      run(dispatchSql.putContent, id, composedAt, zstdCompressSync(content));
      for (const source of sources) run(dispatchSql.putSource, id, source);
      return id;
    },
    get: async (id) => get(dispatchSql.get, id),
    byName: async (name) => all(dispatchSql.byName, name),
    content: async (id) => {
      const row = get(dispatchSql.content, id);
      return row === undefined ? undefined : zstdDecompressSync(row.content);
    },
    named: async (destination, name) => get(dispatchSql.named, name, destination),
    sealed: async (id) => get(dispatchSql.sealed, id),
    sealedAs: async (id) => get(dispatchSql.sealedAs, id),
    putSealed: async (id, { name, protection, digest, content }) => {
      run(dispatchSql.putSealed, name, protection, digest, content, id);
    },
    sources: async (id) => all(dispatchSql.sources, id).map((row) => row.export),
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
    due: async (destination, limit) => all(dispatchSql.due, destination, limit),
    inDelivery: async (destination, state, after, limit) =>
      all(dispatchSql.inDelivery[state], destination, after, limit),
    setDelivery: async (id, from, change) => {
      const { state, attempts, nextAttemptAt, changedAt, code, sentAt, reference } = change;
      const said = [sentAt ?? null, reference ?? null];
      const values = [state, attempts, nextAttemptAt, changedAt, code, ...said, id, JSON.stringify(from)];
      return run(dispatchSql.setDelivery, ...values) === 1;
    },
    recover: async (now) => run(dispatchSql.recover, now, now),
    purgeContents: async (before, limit) =>
      run(dispatchSql.purge, before, before, limit) + run(dispatchSql.purgeSealed, before, before, limit),
    recent: async (limit) => all(dispatchSql.recent, limit),
    counts: async () => countersOf(statements, 'dispatch', states),
    lastSentAt: async (destination) =>
      get(dispatchSql.lastSentAt, destination, destination, destination)?.sentAt ?? undefined,
    countsOf: async (destination) => countersOf(statements, `delivery.${destination}`, states),
    awaited: async () => {
      const found: string[] = [];
      for (let last = ''; ;) {
        const next = get(dispatchSql.awaited, last)?.destination ?? null;
        if (next === null) return found;
        last = next;
        found.push(next);
      }
    },
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
