import type { Day } from '../../shared/runtime/paris-time.ts';
import { counterSql, sql, type Statements } from './sqlite-statements.ts';
import type { Scope } from './record-scope.ts';
import type { DayState, HeldRecord, PartRow, RecordTable, StoredRecord } from './store.ts';

const heldColumns = 'day, key, rank, visit, hash, at, extract, reception, export, line, record';
const dayColumns =
  'day, count, mark_extract as markExtract, mark_reception as markReception, sum0, sum1, sum2, sum3';
const identity = 'facility = ? and feed = ? and day = ? and part = ? and key = ? and rank = ?';

export const recordSql = {
  part: sql<PartRow>(
    'select facility, feed, part, agent, source from part where facility = ? and feed = ? and part = ?',
  ),
  putPart: sql('insert or replace into part (facility, feed, part, agent, source) values (?, ?, ?, ?, ?)'),
  parts: sql<PartRow>(
    'select facility, feed, part, agent, source from part where facility = ? and feed = ? order by part',
  ),
  partsOfAgent: sql<PartRow>(
    'select facility, feed, part, agent, source from part where agent = ? and feed = ? order by facility, part',
  ),
  firstDay: sql<{ day: Day }>(
    'select day from day_state where facility = ? and feed = ? and part = ? order by day limit 1',
  ),
  day: sql<StoredDay>(
    `select ${dayColumns} from day_state where facility = ? and feed = ? and day = ? and part = ?`,
  ),
  days: sql<StoredDay>(`
    select ${dayColumns}
      from day_state
     where facility = ? and feed = ? and day between ? and ? and part = ?
     order by day`),
  putDay: sql(`
    insert or replace into day_state (facility, feed, day, part, count, mark_extract, mark_reception,
                                      sum0, sum1, sum2, sum3)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  dropDay: sql('delete from day_state where facility = ? and feed = ? and day = ? and part = ?'),
  ofDay: sql<HeldRecord>(`
    select ${heldColumns}
      from record
     where facility = ? and feed = ? and day = ? and part = ?
     order by key, rank`),
  byVisit: sql<HeldRecord>(`
    select ${heldColumns}
      from record indexed by record_visit
     where facility = ? and feed = ? and part = ? and visit = ?`),
  byKey: sql<StoredRecord>(`select ${heldColumns}, body from record where ${identity}`),
  bodiesOfDay: sql<{ body: string; export: string }>(`
    select body, export
      from record
     where facility = ? and feed = ? and day = ?
     order by at, part, body`),
  countsByDay: sql<{ day: Day; count: number }>(`
    select day, sum(count) as count
      from day_state
     where facility = ? and feed = ? and day between ? and ?
     group by day
    having sum(count) > 0
     order by day`),
  insert: sql(`
    insert into record (facility, feed, day, part, key, rank, visit, hash, at, extract, reception, export, line,
                        record, body)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  keep: sql(`
    insert into history (facility, feed, day, part, key, rank, visit, hash, at, extract, reception, export, line,
                         record, body, reason, changed_at, changed_by)
    select facility, feed, day, part, key, rank, visit, hash, at, extract, reception, export, line,
           record, body, ?, ?, ?
      from record
     where ${identity}`),
  replace: sql(`
    update record
       set visit = ?, hash = ?, at = ?, extract = ?, reception = ?, export = ?, line = ?, record = ?, body = ?
     where ${identity}`),
  confirm: sql(`
    update record
       set visit = ?, extract = ?, reception = ?, export = ?, line = ?, record = ?
     where ${identity}`),
  remove: sql(`delete from record where ${identity}`),
  byKeyPrefix: sql<HeldRecord & Scope>(`
    select record.facility, record.feed, record.part, record.day, key, rank, visit, hash, at, extract, reception,
           export, line, record
      from day_state
     cross join record
        on record.facility = day_state.facility and record.feed = day_state.feed
       and record.day = day_state.day and record.part = day_state.part
       and record.key between ? and ?
     limit ?`),
} as const;

interface StoredDay {
  readonly day: Day;
  readonly count: number;
  readonly markExtract: number | null;
  readonly markReception: number | null;
  readonly sum0: number;
  readonly sum1: number;
  readonly sum2: number;
  readonly sum3: number;
}

export function createRecordTable(statements: Statements): RecordTable {
  const { all, get, run, prepare } = statements;
  return {
    part: async ({ facility, feed, part }) => get(recordSql.part, facility, feed, part),
    putPart: async ({ facility, feed, part, agent, source }) => {
      run(recordSql.putPart, facility, feed, part, agent, source);
    },
    parts: async (facility, feed) => all(recordSql.parts, facility, feed),
    partsOfAgent: async (agent, feed) => all(recordSql.partsOfAgent, agent, feed),
    firstDay: async ({ facility, feed, part }) => get(recordSql.firstDay, facility, feed, part)?.day,
    day: async ({ facility, feed, part }, day) => {
      const row = get(recordSql.day, facility, feed, day, part);
      return row === undefined ? undefined : readDay(row);
    },
    days: async ({ facility, feed, part }, from, to) =>
      all(recordSql.days, facility, feed, from, to, part).map(readDay),
    putDay: async ({ facility, feed, part }, { day, count, mark, sum }) => {
      // A day that holds nothing and that no window has covered says nothing.
      if (count === 0 && mark === null) run(recordSql.dropDay, facility, feed, day, part);
      else {
        const [extract, reception] = [mark?.extract ?? null, mark?.reception ?? null];
        run(recordSql.putDay, facility, feed, day, part, count, extract, reception, ...sum);
      }
    },
    ofDay: async ({ facility, feed, part }, day) => all(recordSql.ofDay, facility, feed, day, part),
    byVisit: async ({ facility, feed, part }, visits) => {
      const find = prepare(recordSql.byVisit);
      return visits.flatMap((visit) => find.all(facility, feed, part, visit));
    },
    byKey: async ({ facility, feed, part }, ids) => {
      const find = prepare(recordSql.byKey);
      return ids.flatMap(({ day, key, rank }) => find.all(facility, feed, day, part, key, rank));
    },
    bodiesOfDay: async (facility, feed, day) => all(recordSql.bodiesOfDay, facility, feed, day),
    countsByDay: async (facility, feed, from, to) => all(recordSql.countsByDay, facility, feed, from, to),
    ...createRecordWrites(statements),
    findByKeyPrefix: async (prefix, limit) => {
      const from = Buffer.from(prefix.padEnd(32, '0').slice(0, 32), 'hex');
      const to = Buffer.from(prefix.padEnd(32, 'f').slice(0, 32), 'hex');
      return all(recordSql.byKeyPrefix, from, to, limit);
    },
    total: async () => get(counterSql.read, 'record')?.value ?? 0,
  };
}

function createRecordWrites({
  get,
  prepare,
}: Statements): Pick<RecordTable, 'insert' | 'replace' | 'confirm' | 'remove'> {
  const count = (difference: number): void => {
    if (difference !== 0) get(counterSql.add, 'record', difference);
  };
  return {
    insert: async ({ facility, feed, part }, records) => {
      const insert = prepare(recordSql.insert);
      for (const one of records) {
        const { key, rank, visit, hash, at, extract, reception, line, record, body } = one;
        // prettier-ignore
        insert.run(facility, feed, one.day, part, key, rank, visit, hash, at, extract, reception, one.export, line, record, body);
      }
      count(records.length);
    },
    replace: async ({ facility, feed, part }, records, reason, changedAt) => {
      const [keep, replace] = [prepare(recordSql.keep), prepare(recordSql.replace)];
      for (const {
        day,
        key,
        rank,
        visit,
        hash,
        at,
        extract,
        reception,
        line,
        record,
        body,
        ...origin
      } of records) {
        keep.run(reason, changedAt, origin.export, facility, feed, day, part, key, rank);
        replace.run(
          ...[visit, hash, at, extract, reception, origin.export, line, record, body],
          ...[facility, feed, day, part, key, rank],
        );
      }
    },
    confirm: async ({ facility, feed, part }, records) => {
      const confirm = prepare(recordSql.confirm);
      for (const { day, key, rank, visit, extract, reception, line, record, ...origin } of records) {
        confirm.run(
          ...[visit, extract, reception, origin.export, line, record],
          ...[facility, feed, day, part, key, rank],
        );
      }
    },
    remove: async ({ facility, feed, part }, ids, reason, at, by) => {
      const [keep, remove] = [prepare(recordSql.keep), prepare(recordSql.remove)];
      let removed = 0;
      for (const { day, key, rank } of ids) {
        keep.run(reason, at, by, facility, feed, day, part, key, rank);
        removed += remove.run(facility, feed, day, part, key, rank).changes;
      }
      count(-removed);
    },
  };
}

function readDay({ day, count, markExtract, markReception, sum0, sum1, sum2, sum3 }: StoredDay): DayState {
  const mark =
    markExtract === null || markReception === null
      ? null
      : { extract: markExtract, reception: markReception };
  return { day, count, mark, sum: [sum0, sum1, sum2, sum3] };
}
