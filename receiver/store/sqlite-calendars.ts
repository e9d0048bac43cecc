import type { Day } from '../../shared/runtime/paris-time.ts';
import type { CalendarTable, CoverageTable } from './calendar-tables.ts';
import type { DispatchRow } from './dispatch-table.ts';
import { dispatchSql } from './sqlite-dispatches.ts';
import { sql, type Statements } from './sqlite-statements.ts';

export const calendarSql = {
  start: sql<{ at: number }>('select at from destination_start where destination = ?'),
  putStart: sql('insert into destination_start (destination, at) values (?, ?) on conflict do nothing'),
  composed: sql<{ facility: string; files: number }>(
    'select facility, files from calendar_progress where destination = ? and due_at = ? order by facility',
  ),
  putComposed: sql(`
    insert into calendar_progress (destination, facility, due_at, files)
    values (?, ?, ?, ?)
        on conflict do update set due_at = excluded.due_at, files = excluded.files`),
  knownDays: sql<{ day: Day; count: number; held: number }>(`
    select day, sum(count) as count, max(held) as held
      from (select day, count, 0 as held from day_state where facility = ? and feed = ? and day between ? and ?
             union all
            select day, 0, 1 from day_arrival where facility = ? and feed = ? and day between ? and ?)
     group by day
     order by day`),
  arrival: sql<{ at: number }>('select at from day_arrival where facility = ? and feed = ? and day = ?'),
  lastReception: sql<{ at: number }>('select at from facility_reception where facility = ? and feed = ?'),
  lastComposed: sql<{ id: number }>(`
    select id
      from dispatch
     where facility = ? and destination = ? and extract between ? and ?
     order by extract desc
     limit 1`),
  touching: sql<Pick<DispatchRow, 'id' | 'from' | 'to' | 'state'>>(`
    select id, from_day as "from", to_day as "to", state
      from dispatch indexed by dispatch_days
     where facility = ? and feed = ? and destination = ? and id < ? and from_day <= ? and to_day >= ?
     order by id desc
     limit ?`),
  // Every apply, decision, delivery and answer gives a receipt or moves a counter.
  stamp: sql<{ stamp: string }>(`
    select coalesce((select group_concat(name || '=' || value, ' ') from counter), '')
           || ' receipt ' || coalesce((select max(cursor) from receipt), 0)
           || ' notice ' || (select count(*) || '.' || coalesce(max(id), 0) from facility_notice)
           || ' facility ' || coalesce((select group_concat(finess || name, ' ') from facility), '')
           || ' alias ' || (select count(*) from alias)
           || ' agent ' || (select count(*) || '.' || coalesce(max(changed_at), 0) from agent) as stamp`),
} as const;

export function createCalendarTable({ all, get, run }: Statements): CalendarTable {
  return {
    start: async (destination) => get(calendarSql.start, destination)?.at,
    putStart: async (destination, at) => {
      run(calendarSql.putStart, destination, at);
    },
    composed: async (destination, dueAt) => all(calendarSql.composed, destination, dueAt),
    putComposed: async (destination, dueAt, facility, files) => {
      run(calendarSql.putComposed, destination, facility, dueAt, files);
    },
  };
}

export function createCoverageTable({ all, get }: Statements): CoverageTable {
  return {
    knownDays: async (facility, feed, from, to) => {
      const within = [facility, feed, from, to];
      return all(calendarSql.knownDays, ...within, ...within).map((row) => ({
        ...row,
        held: row.held === 1,
      }));
    },
    arrival: async (facility, feed, day) => get(calendarSql.arrival, facility, feed, day)?.at,
    lastReception: async (facility, feed) => get(calendarSql.lastReception, facility, feed)?.at,
    inForce: async (facility, feed, destination, day) => {
      const found = get(dispatchSql.covering, facility, feed, destination, day, day);
      return found === undefined ? undefined : get(dispatchSql.get, found.id);
    },
    lastComposed: async (facility, destination, from, to) => {
      const found = get(calendarSql.lastComposed, facility, destination, from, to);
      return found === undefined ? undefined : get(dispatchSql.get, found.id);
    },
    touching: async ({ facility, feed, destination, from, to }, before, limit) =>
      all(calendarSql.touching, facility, feed, destination, before, to, from, limit),
    stamp: async () => get(calendarSql.stamp)?.stamp ?? '',
  };
}
