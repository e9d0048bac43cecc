import type { Day } from '../../shared/runtime/paris-time.ts';
import { sql, type Statements } from './sqlite-statements.ts';
import type {
  CountedDay,
  DayArrival,
  DeclaredVolume,
  FeedOfFacility,
  RejectSeen,
  SeenState,
  WaitingDays,
  WatchTable,
  WatchTransition,
} from './watch-tables.ts';

const transitionColumns =
  'id, facility, feed, day, from_state as fromState, from_cause as fromCause, state, cause, at';

export const watchSql = {
  pairs: sql<FeedOfFacility>(`
    select facility, feed from part
     union
    select facility, feed from watch_declared
     union
    select facility, feed from (select distinct facility, feed from watch_history)
     order by facility, feed`),
  parts: sql<FeedOfFacility & { part: string; agent: string; source: string }>(
    'select facility, feed, part, agent, source from part order by facility, feed, part',
  ),
  counts: sql<CountedDay & { stamp: string }>(`
    select day, sum(count) as count,
           group_concat(part || ':' || count || ':' || sum0 || ':' || sum1 || ':' || sum2 || ':' || sum3, ' ') as stamp
      from day_state
     where facility = ? and feed = ? and day between ? and ?
     group by day
     order by day`),
  instants: sql<{ at: number }>('select at from record where facility = ? and feed = ? and day = ?'),
  arrivals: sql<DayArrival>(`
    select day, part, first_at as firstAt, settled_at as settledAt, settled_extract as settledExtract
      from watch_arrival
     where facility = ? and feed = ? and day between ? and ?
     order by day, part`),
  connectedAt: sql<{ at: number | null }>(
    'select min(first_at) as at from watch_arrival where facility = ? and feed = ?',
  ),
  hours: sql<{ day: Day; stamp: string; counts: string }>(`
    select day, stamp, counts from watch_hours where facility = ? and feed = ? and day between ? and ? order by day`),
  putHours: sql(
    'insert or replace into watch_hours (facility, feed, day, stamp, counts) values (?, ?, ?, ?, ?)',
  ),
  imported: sql<{ day: Day; count: number; counts: string | null; extract: number }>(`
    select day, count, counts, extract
      from watch_history
     where facility = ? and feed = ? and day between ? and ?
     order by day`),
  putImported: sql(`
    insert into watch_history (facility, feed, day, count, counts, extract)
    values (?, ?, ?, ?, ?, ?)
        on conflict do update set count = excluded.count, counts = excluded.counts, extract = excluded.extract
     where excluded.extract >= watch_history.extract`),
  declared: sql<DeclaredVolume>(
    'select facility, feed, annual, at from watch_declared order by facility, feed',
  ),
  declare: sql('insert or replace into watch_declared (facility, feed, annual, at) values (?, ?, ?, ?)'),
  agentRejects: sql<RejectSeen>(`
    select agent, source, null as facility, null as feed, code, at
      from (select * from rejected_export order by id desc limit ?)
     where at >= ?`),
  exportRejects: sql<RejectSeen>(`
    select agent, source, facility, feed, null as code, at
      from (select agent, source, facility, feed, received_at as at
              from export
             where state = 'rejected'
             order by reception desc
             limit ?)
     where at >= ?`),
  waiting: sql<WaitingDays>(`
    select facility, from_day as "from", to_day as "to", records
      from dispatch
     where destination = ? and state = 'waiting'
     order by id
     limit ?`),
  states: sql<SeenState>(`
    select facility, feed, day, state, cause, since from watch_state where day between ? and ?`),
  statesOf: sql<SeenState>(`
    select facility, feed, day, state, cause, since
      from watch_state
     where facility = ? and feed = ? and day between ? and ?
     order by day`),
  putState: sql(`
    insert or replace into watch_state (facility, feed, day, state, cause, since) values (?, ?, ?, ?, ?, ?)`),
  putTransition: sql(`
    insert into watch_transition (facility, feed, day, from_state, from_cause, state, cause, at)
    values (?, ?, ?, ?, ?, ?, ?, ?)`),
  transitionsOf: sql<WatchTransition>(`
    select ${transitionColumns}
      from watch_transition indexed by watch_transition_day
     where facility = ? and feed = ? and day = ?
     order by id
     limit ?`),
  transitions: sql<WatchTransition>(
    `select ${transitionColumns} from watch_transition where id > ? order by id limit ?`,
  ),
  newestTransition: sql<{ id: number }>('select coalesce(max(id), 0) as id from watch_transition'),
  lastRun: sql<{ at: number }>('select at from watch_run'),
  // The oldest few are looked at, not all of them.
  purgeTransitions: sql(`
    delete from watch_transition
     where id in (select id from (select id, at from watch_transition where id <= ? order by id limit ?) where at < ?)`),
  putRun: sql('insert or replace into watch_run (one, at) values (1, ?)'),
} as const;

export function createWatchTable(statements: Statements): WatchTable {
  const { all, get, run, prepare } = statements;
  return {
    pairs: async () => all(watchSql.pairs),
    parts: async () => all(watchSql.parts),
    counts: async (facility, feed, from, to) => all(watchSql.counts, facility, feed, from, to),
    instants: async (facility, feed, day) => all(watchSql.instants, facility, feed, day).map(({ at }) => at),
    arrivals: async (facility, feed, from, to) => all(watchSql.arrivals, facility, feed, from, to),
    connectedAt: async (facility, feed) => get(watchSql.connectedAt, facility, feed)?.at ?? undefined,
    hours: async (facility, feed, from, to) =>
      all(watchSql.hours, facility, feed, from, to).map((row) => ({ ...row, counts: numbers(row.counts) })),
    putHours: async (facility, feed, days) => {
      const put = prepare(watchSql.putHours);
      for (const { day, stamp, counts } of days) put.run(facility, feed, day, stamp, JSON.stringify(counts));
    },
    imported: async (facility, feed, from, to) =>
      all(watchSql.imported, facility, feed, from, to).map((row) => ({
        ...row,
        counts: row.counts === null ? null : numbers(row.counts),
      })),
    putImported: async (facility, feed, days) => {
      const put = prepare(watchSql.putImported);
      let written = 0;
      for (const { day, count, counts, extract } of days) {
        const kept = counts === null ? null : JSON.stringify(counts);
        written += put.run(facility, feed, day, count, kept, extract).changes;
      }
      return written;
    },
    declared: async () => all(watchSql.declared),
    declare: async ({ facility, feed, annual, at }) => {
      run(watchSql.declare, facility, feed, annual, at);
    },
    rejects: async (since, limit) => [
      ...all(watchSql.agentRejects, limit, since),
      ...all(watchSql.exportRejects, limit, since),
    ],
    waiting: async (destination, limit) => all(watchSql.waiting, destination, limit),
    ...createSeen(statements),
  };
}

function createSeen({
  all,
  get,
  run,
  prepare,
}: Statements): Pick<
  WatchTable,
  | 'states'
  | 'statesOf'
  | 'put'
  | 'transitions'
  | 'transitionsOf'
  | 'newestTransition'
  | 'purgeTransitions'
  | 'lastRun'
  | 'putRun'
> {
  return {
    states: async (from, to) => all(watchSql.states, from, to),
    statesOf: async (facility, feed, from, to) => all(watchSql.statesOf, facility, feed, from, to),
    put: async (states, changes) => {
      const [putState, putChange] = [prepare(watchSql.putState), prepare(watchSql.putTransition)];
      for (const { facility, feed, day, state, cause, since } of states)
        putState.run(facility, feed, day, state, cause, since);
      for (const { facility, feed, day, fromState, fromCause, state, cause, at } of changes)
        putChange.run(facility, feed, day, fromState, fromCause, state, cause, at);
    },
    transitionsOf: async (facility, feed, day, limit) =>
      all(watchSql.transitionsOf, facility, feed, day, limit),
    transitions: async (after, limit) => all(watchSql.transitions, after, limit),
    newestTransition: async () => get(watchSql.newestTransition)?.id ?? 0,
    purgeTransitions: async (before, upTo, limit) => run(watchSql.purgeTransitions, upTo, limit, before),
    lastRun: async () => get(watchSql.lastRun)?.at,
    putRun: async (at) => {
      run(watchSql.putRun, at);
    },
  };
}

/** What this table itself wrote. */
function numbers(text: string): readonly number[] {
  return JSON.parse(text) as number[];
}
