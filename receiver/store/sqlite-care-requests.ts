import type { Day } from '../../shared/runtime/paris-time.ts';
import type { DayRequest, RequestedDay, RequestTable } from './care-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

const columns = `
  id, facility, feed, part, agent, from_day as "from", to_day as "to", reason, person as "by", at, state,
  told_at as toldAt, answered_at as answeredAt, closed_at as closedAt`;

export const requestSql = {
  get: sql<DayRequest>(`select ${columns} from care_request where id = ?`),
  of: sql<DayRequest>(`select ${columns} from care_request where facility = ? order by id desc limit ?`),
  open: sql<DayRequest>(
    `select ${columns} from care_request where state in ('asked', 'told') order by agent, id limit ?`,
  ),
  openOfAgent: sql<DayRequest>(
    `select ${columns} from care_request where agent = ? and state in ('asked', 'told') order by id`,
  ),
  recent: sql<DayRequest>(
    `select ${columns} from care_request where at >= ? order by at desc, id desc limit ?`,
  ),
  days: sql<RequestedDay>('select day, state from care_request_day where request = ? order by day'),
  ask: sql<{ id: number }>(`
    insert into care_request (facility, feed, part, agent, from_day, to_day, reason, person, at, state)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'asked')
 returning id`),
  askDay: sql(`insert into care_request_day (request, day, state) values (?, ?, 'asked')`),
  told: sql(`update care_request set state = 'told', told_at = ? where id = ? and state = 'asked'`),
  answered: sql('update care_request set answered_at = ? where id = ?'),
  close: sql(`update care_request set state = ?, closed_at = ? where id = ? and state in ('asked', 'told')`),
  settleDay: sql(`update care_request_day set state = ? where request = ? and day = ? and state = 'asked'`),
  taken: sql<{ manifest: string }>(`
    select manifest from export
     where facility = ? and feed = ? and part = ? and received_at > ?
       and state = 'processed' and manifest is not null
     order by received_at`),
  written: sql<{ day: Day }>(`
    select day from day_state
     where facility = ? and feed = ? and day between ? and ? and part = ?
       and exists (
             select 1 from record
              where record.facility = day_state.facility and record.feed = day_state.feed
                and record.day = day_state.day and record.part = day_state.part
                and reception >= (select min(reception) from export where received_at > ?
                                   and facility = ? and feed = ? and part = ?))
     order by day`),
} as const;

export function createRequestTable({ all, get, run }: Statements): RequestTable {
  return {
    get: async (id) => get(requestSql.get, id),
    of: async (facility, limit) => all(requestSql.of, facility, limit),
    open: async (limit) => all(requestSql.open, limit),
    openOfAgent: async (agent) => all(requestSql.openOfAgent, agent),
    recent: async (since, limit) => all(requestSql.recent, since, limit),
    daysOf: async (id) => all(requestSql.days, id),
    ask: async ({ facility, feed, part, agent, from, to, reason, by, at }) => {
      const id = get(requestSql.ask, facility, feed, part, agent, from, to, reason, by, at)?.id ?? 0;
      for (let day = from; day <= to; day = (day + 1) as Day) run(requestSql.askDay, id, day);
      return id;
    },
    told: async (id, at) => run(requestSql.told, at, id) === 1,
    answered: async (id, at) => {
      run(requestSql.answered, at, id);
    },
    close: async (id, state, at) => run(requestSql.close, state, at, id) === 1,
    settleDays: async (id, days, state) => {
      for (const day of days) run(requestSql.settleDay, state, id, day);
    },
    takenSince: async ({ facility, feed, part }, since) =>
      all(requestSql.taken, facility, feed, part, since).map(({ manifest }) => manifest),
    daysWrittenSince: async ({ facility, feed, part }, { from, to }, since) =>
      all(requestSql.written, facility, feed, from, to, part, since, facility, feed, part).map(
        ({ day }) => day,
      ),
  };
}
