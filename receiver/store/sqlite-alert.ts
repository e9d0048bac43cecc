import type { Day } from '../../shared/runtime/paris-time.ts';
import type {
  AlertEvent,
  AlertFacts,
  AlertMessage,
  AlertRound,
  AlertRow,
  AlertTables,
  GapSeen,
} from './alert-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

const alertColumns = `id, key, kind, facility, feed, destination, members, state, cause, days, missing, facts, since,
  opened_at as openedAt, told_at as toldAt, reminded_at as remindedAt, escalated_at as escalatedAt,
  recovering_at as recoveringAt, returns, taken_by as takenBy, taken_name as takenName, taken_at as takenAt,
  closed_at as closedAt, ending, closed_name as closedName, reason, changed_at as changedAt`;
const written = [
  ...['key', 'kind', 'facility', 'feed', 'destination', 'members', 'state', 'cause', 'days', 'missing'],
  ...['facts', 'since', 'opened_at', 'told_at', 'reminded_at', 'escalated_at', 'recovering_at', 'returns'],
  ...['taken_by', 'taken_name', 'taken_at', 'closed_at', 'ending', 'closed_name', 'reason', 'changed_at'],
];
const messageColumns = `id, alert, recipient, role, channel, address, kind, identity, subject, text,
  created_at as createdAt, due_at as dueAt, state, attempts, doubt, sent_at as sentAt, code`;

type Written<Row, Lists extends keyof Row> = Omit<Row, Lists> & Record<Lists, string>;
type StoredAlert = Written<AlertRow, 'members' | 'days' | 'facts'>;
type StoredMessage = Omit<AlertMessage, 'doubt'> & { doubt: number };

export const alertSql = {
  open: sql<StoredAlert>(
    `select ${alertColumns} from alert where closed_at is null order by opened_at desc limit ?`,
  ),
  closedSince: sql<StoredAlert>(
    `select ${alertColumns} from alert where closed_at is not null and closed_at >= ? order by closed_at desc limit ?`,
  ),
  get: sql<StoredAlert>(`select ${alertColumns} from alert where id = ?`),
  lastClosed: sql<StoredAlert>(`
    select ${alertColumns}
      from alert
     where key = ? and closed_at is not null
     order by closed_at desc
     limit 1`),
  add: sql<{ id: number }>(
    `insert into alert (${written.join(', ')}) values (${written.map(() => '?').join(', ')}) returning id`,
  ),
  save: sql(`update alert set ${written.map((name) => `${name} = ?`).join(', ')} where id = ?`),
  addEvent: sql('insert into alert_event (alert, at, kind, name, text) values (?, ?, ?, ?, ?)'),
  events: sql<AlertEvent>(
    'select id, alert, at, kind, name, text from alert_event where alert = ? order by id desc limit ?',
  ),
  addMessage: sql<{ id: number }>(`
    insert into alert_message
           (alert, recipient, role, channel, address, kind, identity, subject, text, created_at, due_at, state, attempts, doubt)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, 0)
 returning id`),
  message: sql<StoredMessage>(`select ${messageColumns} from alert_message where id = ?`),
  messages: sql<StoredMessage>(
    `select ${messageColumns} from alert_message where alert = ? order by id desc limit ?`,
  ),
  due: sql<{ id: number }>(`
    select id
      from alert_message as one indexed by alert_message_due
     where channel = ? and due_at <= ? and state in ('pending', 'failed')
       and not exists (
             select 1
               from alert_message as first indexed by alert_message_alert
              where first.alert = one.alert and first.id < one.id and first.channel = one.channel
                and first.address = one.address and first.state in ('pending', 'sending', 'failed'))
     order by due_at, id
     limit ?`),
  anyDue: sql<{ id: number }>(`
    select id
      from alert_message indexed by alert_message_due
     where channel = ? and due_at <= ? and state in ('pending', 'failed')
     limit 1`),
  take: sql<StoredMessage>(`
    update alert_message set state = 'sending'
     where id = ? and state in ('pending', 'failed')
 returning ${messageColumns}`),
  settle: sql(`
    update alert_message set state = ?, attempts = ?, doubt = ?, due_at = ?, sent_at = ?, code = ?
     where id = ? and state = 'sending'`),
  recoverSending: sql("update alert_message set state = 'failed', doubt = 1 where state = 'sending'"),
  withdraw: sql(`
    update alert_message set state = 'withdrawn'
     where alert = ? and state in ('pending', 'failed') and doubt = 0`),
  dead: sql<StoredMessage>(`
    select ${messageColumns}
      from alert_message
     where state = 'dead' and created_at >= ?
     order by created_at desc, id desc
     limit ?`),
  tests: sql<StoredMessage>(`
    select ${messageColumns} from alert_message where alert is null order by id desc limit ?`),
  // Heads are few; ahead of a head lies what came before a gap was filled.
  gaps: sql<GapSeen>(`
    select head.agent, head.feed, min(envelope.received_at) as receivedAt
      from ledger_head as head
      join envelope on envelope.agent = head.agent and envelope.feed = head.feed and envelope.epoch = head.epoch
                   and envelope.seq > head.seq
     where envelope.received_at < ?
       and head.epoch = (select max(epoch) from ledger_head as own
                          where own.agent = head.agent and own.feed = head.feed)
     group by head.agent, head.feed
     limit ?`),
  round: sql<AlertRound>('select at, transition from alert_round'),
  putRound: sql('insert or replace into alert_round (one, at, transition) values (1, ?, ?)'),
  old: sql<{ id: number }>(
    'select id from alert where closed_at is not null and closed_at < ? order by closed_at limit ?',
  ),
  dropEvents: sql('delete from alert_event where alert = ?'),
  dropMessages: sql('delete from alert_message where alert = ?'),
  drop: sql('delete from alert where id = ?'),
  dropTests: sql(`
    delete from alert_message
     where id in (select id from alert_message where alert is null and created_at < ? order by id limit ?)`),
} as const;

export function createAlertTables(statements: Statements): AlertTables {
  const { all, get, run } = statements;
  const one = (row: StoredAlert | undefined): AlertRow | undefined => row && alertOf(row);
  return {
    open: async (limit) => all(alertSql.open, limit).map(alertOf),
    closedSince: async (since, limit) => all(alertSql.closedSince, since, limit).map(alertOf),
    get: async (id) => one(get(alertSql.get, id)),
    lastClosed: async (key) => one(get(alertSql.lastClosed, key)),
    add: async (row) => get(alertSql.add, ...valuesOf(row))?.id ?? 0,
    save: async (row) => run(alertSql.save, ...valuesOf(row), row.id) > 0,
    addEvent: async ({ alert, at, kind, name, text }) => {
      run(alertSql.addEvent, alert, at, kind, name, text);
    },
    events: async (alert, limit) => all(alertSql.events, alert, limit),
    round: async () => get(alertSql.round),
    putRound: async ({ at, transition }) => {
      run(alertSql.putRound, at, transition);
    },
    gaps: async (before, limit) => all(alertSql.gaps, before, limit),
    purge: async (before, limit) => {
      const old = all(alertSql.old, before, limit);
      for (const { id } of old) {
        run(alertSql.dropEvents, id);
        run(alertSql.dropMessages, id);
        run(alertSql.drop, id);
      }
      return old.length + run(alertSql.dropTests, before, limit);
    },
    ...createOutbox(statements),
  };
}

type Outbox = Pick<
  AlertTables,
  | 'addMessage'
  | 'message'
  | 'messages'
  | 'hasDue'
  | 'claim'
  | 'claimOne'
  | 'settle'
  | 'recoverSending'
  | 'withdraw'
  | 'dead'
  | 'tests'
>;

function createOutbox({ all, get, run }: Statements): Outbox {
  return {
    addMessage: async (row) =>
      get(
        alertSql.addMessage,
        ...[row.alert, row.recipient, row.role, row.channel, row.address, row.kind, row.identity],
        ...[row.subject, row.text, row.createdAt, row.dueAt],
      )?.id ?? 0,
    message: async (id) => {
      const row = get(alertSql.message, id);
      return row && messageOf(row);
    },
    messages: async (alert, limit) => all(alertSql.messages, alert, limit).map(messageOf),
    hasDue: async (channel, now) => get(alertSql.anyDue, channel, now) !== undefined,
    claim: async (channel, now, limit) =>
      all(alertSql.due, channel, now, limit).flatMap(({ id }) =>
        all(alertSql.take, id).map((row) => messageOf(row)),
      ),
    claimOne: async (id) => {
      const row = get(alertSql.take, id);
      return row && messageOf(row);
    },
    settle: async (id, { state, attempts, doubt, dueAt, sentAt, code }) =>
      run(alertSql.settle, state, attempts, doubt ? 1 : 0, dueAt, sentAt, code, id) > 0,
    recoverSending: async () => run(alertSql.recoverSending),
    withdraw: async (alert) => run(alertSql.withdraw, alert),
    dead: async (since, limit) => all(alertSql.dead, since, limit).map(messageOf),
    tests: async (limit) => all(alertSql.tests, limit).map(messageOf),
  };
}

function alertOf(row: StoredAlert): AlertRow {
  return {
    ...row,
    // What this table itself wrote.
    members: JSON.parse(row.members) as readonly string[],
    days: JSON.parse(row.days) as readonly Day[],
    facts: JSON.parse(row.facts) as AlertFacts,
  };
}

function messageOf(row: StoredMessage): AlertMessage {
  return { ...row, doubt: row.doubt === 1 };
}

/** In the order of `written`. */
function valuesOf(row: Omit<AlertRow, 'id'>): readonly unknown[] {
  return [
    ...[row.key, row.kind, row.facility, row.feed, row.destination, JSON.stringify(row.members)],
    ...[row.state, row.cause, JSON.stringify(row.days), row.missing, JSON.stringify(row.facts), row.since],
    ...[row.openedAt, row.toldAt, row.remindedAt, row.escalatedAt, row.recoveringAt, row.returns],
    ...[row.takenBy, row.takenName, row.takenAt, row.closedAt, row.ending, row.closedName, row.reason],
    row.changedAt,
  ];
}
