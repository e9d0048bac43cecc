import type { CareTables, Contact, DegradedTable, FacilityNote } from './care-tables.ts';
import type { ClosureTable, Closure, DegradedPeriod, HandCount } from './care-tables.ts';
import { createRequestTable } from './sqlite-care-requests.ts';
import { sql, type Statements } from './sqlite-statements.ts';

const closureColumns = `
  id, facility, feed, from_day as "from", to_day as "to", reason, person as "by", at, withdrawn_at as withdrawnAt`;
const degradedColumns = 'id, facility, from_day as "from", to_day as "to", reason, person as "by", at';

export const careSql = {
  contacts: sql<Contact>(`
    select id, facility, role, name, phone, email,
           row_number() over (order by rank, id) as "order"
      from care_contact where facility = ? order by rank, id`),
  addContact: sql<{ id: number }>(`
    insert into care_contact (facility, role, name, phone, email, rank)
    values (?, ?, ?, ?, ?, (select coalesce(max(rank), 0) + 1 from care_contact where facility = ?))
 returning id`),
  updateContact: sql(
    'update care_contact set role = ?, name = ?, phone = ?, email = ? where id = ? and facility = ?',
  ),
  firstContact: sql(`
    update care_contact
       set rank = (select min(rank) - 1 from care_contact where facility = ?)
     where id = ? and facility = ?`),
  removeContact: sql('delete from care_contact where id = ? and facility = ?'),
  notes: sql<FacilityNote>(
    'select id, facility, at, author, text from care_note where facility = ? order by id desc limit ?',
  ),
  addNote: sql<{ id: number }>(
    'insert into care_note (facility, at, author, text) values (?, ?, ?, ?) returning id',
  ),
  closuresDuring: sql<Closure>(`
    select ${closureColumns} from care_closure
     where withdrawn_at is null and to_day >= ? and from_day <= ?
     order by facility, id`),
  closuresOf: sql<Closure>(
    `select ${closureColumns} from care_closure where facility = ? order by id desc limit ?`,
  ),
  addClosure: sql<{ id: number }>(`
    insert into care_closure (facility, feed, from_day, to_day, reason, person, at)
    values (?, ?, ?, ?, ?, ?, ?)
 returning id`),
  withdraw: sql(
    'update care_closure set withdrawn_at = ? where id = ? and facility = ? and withdrawn_at is null',
  ),
  degradedDuring: sql<DegradedPeriod>(`
    select ${degradedColumns} from care_degraded
     where (to_day is null or to_day >= ?) and from_day <= ?
     order by facility, id`),
  degradedOf: sql<DegradedPeriod>(
    `select ${degradedColumns} from care_degraded where facility = ? order by id desc limit ?`,
  ),
  degradedOpen: sql<DegradedPeriod>(
    `select ${degradedColumns} from care_degraded where facility = ? and to_day is null`,
  ),
  startDegraded: sql<{ id: number }>(`
    insert into care_degraded (facility, from_day, reason, person, at) values (?, ?, ?, ?, ?) returning id`),
  stopDegraded: sql(
    'update care_degraded set to_day = max(from_day, ?) where facility = ? and to_day is null',
  ),
  handCounts: sql<HandCount>(`
    select facility, feed, day, count, person as "by", at
      from care_hand_count where facility = ? and day between ? and ? order by day, feed`),
  putHandCount: sql(`
    insert into care_hand_count (facility, feed, day, count, person, at) values (?, ?, ?, ?, ?, ?)
        on conflict do update set count = excluded.count, person = excluded.person, at = excluded.at`),
  removeHandCount: sql('delete from care_hand_count where facility = ? and feed = ? and day = ?'),
} as const;

export function createCareTables(statements: Statements): CareTables {
  const { all, get, run } = statements;
  return {
    contacts: {
      of: async (facility) => all(careSql.contacts, facility),
      add: async ({ facility, role, name, phone, email }) =>
        get(careSql.addContact, facility, role, name, phone, email, facility)?.id ?? 0,
      update: async ({ id, facility, role, name, phone, email }) =>
        run(careSql.updateContact, role, name, phone, email, id, facility) === 1,
      putFirst: async (facility, id) => run(careSql.firstContact, facility, id, facility) === 1,
      remove: async (facility, id) => run(careSql.removeContact, id, facility) === 1,
    },
    notes: {
      of: async (facility, limit) => all(careSql.notes, facility, limit),
      add: async ({ facility, at, author, text }) =>
        get(careSql.addNote, facility, at, author, text)?.id ?? 0,
    },
    closures: createClosureTable(statements),
    degraded: createDegradedTable(statements),
    handCounts: {
      of: async (facility, from, to) => all(careSql.handCounts, facility, from, to),
      put: async ({ facility, feed, day, count, by, at }) => {
        run(careSql.putHandCount, facility, feed, day, count, by, at);
      },
      remove: async (facility, feed, day) => run(careSql.removeHandCount, facility, feed, day) === 1,
    },
    requests: createRequestTable(statements),
  };
}

function createClosureTable({ all, get, run }: Statements): ClosureTable {
  return {
    during: async (from, to) => all(careSql.closuresDuring, from, to),
    of: async (facility, limit) => all(careSql.closuresOf, facility, limit),
    add: async ({ facility, feed, from, to, reason, by, at }) =>
      get(careSql.addClosure, facility, feed, from, to, reason, by, at)?.id ?? 0,
    withdraw: async (facility, id, at) => run(careSql.withdraw, at, id, facility) === 1,
  };
}

function createDegradedTable({ all, get, run }: Statements): DegradedTable {
  return {
    during: async (from, to) => all(careSql.degradedDuring, from, to),
    of: async (facility, limit) => all(careSql.degradedOf, facility, limit),
    open: async (facility) => get(careSql.degradedOpen, facility),
    start: async ({ facility, from, reason, by, at }) =>
      get(careSql.startDegraded, facility, from, reason, by, at)?.id ?? 0,
    stop: async (facility, to) => run(careSql.stopDegraded, to, facility) === 1,
  };
}
