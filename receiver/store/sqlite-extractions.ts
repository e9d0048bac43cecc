import type { ExtractionRow, ExtractionTable } from './extraction-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

const columns = `
  id, request, requester_kind as requesterKind, requester_id as requesterId, requester_name as requesterName,
  profile, administrator, facilities, state, asked_at as askedAt, started_at as startedAt, ended_at as endedAt,
  done, parts, rows, hidden, bytes, sha256, notes, code, expires_at as expiresAt, fetched`;

export const extractionSql = {
  add: sql(`
    insert into extraction (id, request, requester_kind, requester_id, requester_name, profile, administrator,
                            facilities, state, asked_at)
    values (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?)`),
  get: sql<StoredExtraction>(`select ${columns} from extraction where id = ?`),
  latest: sql<StoredExtraction>(`select ${columns} from extraction order by seq desc limit ?`),
  ofRequester: sql<StoredExtraction>(`
    select ${columns} from extraction where requester_kind = ? and requester_id = ? order by seq desc limit ?`),
  // Of each state by itself, so that what ended long ago is not walked.
  waitingOf: sql<{ count: number }>(`
    select count(*) as count from extraction where state = 'waiting' and +requester_kind = ? and +requester_id = ?`),
  runningOf: sql<{ count: number }>(`
    select count(*) as count from extraction where state = 'running' and +requester_kind = ? and +requester_id = ?`),
  readyOf: sql<{ count: number }>(`
    select count(*) as count
      from extraction
     where state = 'ready' and expires_at > ? and +requester_kind = ? and +requester_id = ?`),
  firstWaiting: sql<{ id: string }>(`select id from extraction where state = 'waiting' order by seq limit 1`),
  firstRunning: sql<{ id: string }>(`select id from extraction where state = 'running' order by seq limit 1`),
  claim: sql(`update extraction set state = 'running', started_at = ? where id = ? and state = 'waiting'`),
  progress: sql(`update extraction set done = ?, parts = ? where id = ? and state = 'running'`),
  finish: sql(`
    update extraction
       set state = 'ready', ended_at = ?, rows = ?, hidden = ?, bytes = ?, sha256 = ?, notes = ?, expires_at = ?,
           done = coalesce(parts, done)
     where id = ? and state = 'running'`),
  fail: sql(
    `update extraction set state = 'failed', ended_at = ?, code = ? where id = ? and state = 'running'`,
  ),
  cancel: sql(`
    update extraction set state = 'cancelled', ended_at = ? where id = ? and state in ('waiting', 'running')`),
  recover: sql(
    `update extraction set state = 'waiting', done = 0, started_at = null where state = 'running'`,
  ),
  due: sql<StoredExtraction>(`
    select ${columns}
      from extraction
     where state = 'ready' and expires_at <= ?
     order by expires_at, seq
     limit ?`),
  expire: sql(`update extraction set state = 'expired', expires_at = ? where id = ? and state = 'ready'`),
  fetched: sql('update extraction set fetched = fetched + 1 where id = ?'),
} as const;

type StoredExtraction = Omit<ExtractionRow, 'request' | 'administrator' | 'facilities' | 'notes'> & {
  readonly request: string;
  readonly administrator: number;
  readonly facilities: string | null;
  readonly notes: string | null;
};

export function createExtractionTable({ all, get, run }: Statements): ExtractionTable {
  const found = (id: string): ExtractionRow | undefined => {
    const stored = get(extractionSql.get, id);
    return stored === undefined ? undefined : rowOf(stored);
  };
  return {
    add: async (row) => {
      run(
        extractionSql.add,
        ...[row.id, JSON.stringify(row.request), row.requesterKind, row.requesterId, row.requesterName],
        ...[row.profile, row.administrator ? 1 : 0],
        ...[row.facilities === null ? null : JSON.stringify(row.facilities), row.askedAt],
      );
    },
    get: async (id) => found(id),
    list: async (requester, limit) =>
      (requester === undefined
        ? all(extractionSql.latest, limit)
        : all(extractionSql.ofRequester, requester.kind, requester.id, limit)
      ).map(rowOf),
    pendingOf: async (kind, id) =>
      (get(extractionSql.waitingOf, kind, id)?.count ?? 0) +
      (get(extractionSql.runningOf, kind, id)?.count ?? 0),
    readyOf: async (kind, id, now) => get(extractionSql.readyOf, now, kind, id)?.count ?? 0,
    hasPending: async () =>
      (get(extractionSql.firstWaiting) ?? get(extractionSql.firstRunning)) !== undefined,
    claim: async (at) => {
      const first = get(extractionSql.firstWaiting);
      if (first === undefined) return undefined;
      run(extractionSql.claim, at, first.id);
      return found(first.id);
    },
    progress: async (id, done, parts) => run(extractionSql.progress, done, parts, id) === 1,
    finish: async (id, end) =>
      (end.state === 'failed'
        ? run(extractionSql.fail, end.at, end.code, id)
        : run(
            extractionSql.finish,
            ...[end.at, end.rows, end.hidden, end.bytes, end.sha256, JSON.stringify(end.notes)],
            ...[end.expiresAt, id],
          )) === 1,
    cancel: async (id, at) => run(extractionSql.cancel, at, id) === 1,
    recover: async () => run(extractionSql.recover),
    due: async (now, limit) => all(extractionSql.due, now, limit).map(rowOf),
    expire: async (id, at) => run(extractionSql.expire, at, id) === 1,
    fetched: async (id) => {
      run(extractionSql.fetched, id);
    },
  };
}

function rowOf(stored: StoredExtraction): ExtractionRow {
  // What this table itself wrote.
  return {
    ...stored,
    request: JSON.parse(stored.request) as ExtractionRow['request'],
    administrator: stored.administrator === 1,
    facilities: stored.facilities === null ? null : (JSON.parse(stored.facilities) as readonly string[]),
    notes: stored.notes === null ? null : (JSON.parse(stored.notes) as readonly string[]),
  };
}
