import { envelopeColumns, exportColumns } from './queries.ts';

/** What people ask by hand. Export ids are UUIDv7: their order is that of reading, and a day is a range of ids. */
const page = `id >= ? and id < ?`;

export const historySql = {
  all: `select ${exportColumns} from exports where state = 'read' and ${page} order by id desc limit ?`,
  ofSource: `select ${exportColumns} from exports where source = ? and state = 'read' and ${page} order by id desc limit ?`,
  ofOutcome: `select ${exportColumns} from exports where outcome = ? and state = 'read' and ${page} order by id desc limit ?`,
  ofOutcomeAndSource: `select ${exportColumns} from exports where outcome = ? and source = ? and state = 'read' and ${page}
                       order by id desc limit ?`,
  covering: `select ${exportColumns} from exports where state = 'read' and id >= ?
               and case when window_from is null then id < ? else window_from <= ? and window_to >= ? end
             order by id limit ?`,
  countSince: `select count(*) as n from exports where outcome = ? and state = 'read' and id >= ?`,
  waiting: `select source, count(*) as n from exports indexed by exports_unsettled
            where state = 'read' and outcome in ('unknown', 'processed') and (outcome = 'unknown' or slices > 0) group by source`,
} as const;

export const quarantineSql = {
  waiting: `select ${exportColumns} from exports e where outcome = 'rejected' and state = 'read' and slices = 0
              and not exists (select 1 from discarded d where d.export = e.id)
            order by id desc limit ?`,
  count: `select count(*) as n from exports e where outcome = 'rejected' and state = 'read' and slices = 0
            and not exists (select 1 from discarded d where d.export = e.id)`,
  discard: `insert into discarded (export, at) values (?, ?) on conflict do nothing`,
  isDiscarded: `select 1 as discarded from discarded where export = ?`,
} as const;

export const auditSql = {
  put: `insert into audit (at, who, action, what, exports, records) values (?, ?, ?, ?, ?, ?)`,
  page: `select n, at, who, action, what, exports, records from audit where at >= ? and at < ? order by n desc limit ?`,
} as const;

export const muteSql = {
  put: `insert into mutes (rule, field, source, until, reason, who, at) values (?, ?, ?, ?, ?, ?, ?)`,
  all: `select n, rule, field, source, until, reason, who, at from mutes order by n`,
  drop: `delete from mutes where n = ?`,
} as const;

export const worklistSql = {
  put: `insert into worklists (path, expires_at) values (?, ?) on conflict do update set expires_at = excluded.expires_at`,
  expired: `select path from worklists where expires_at <= ? order by path`,
  forget: `delete from worklists where path = ?`,
} as const;

export const carrySql = {
  pending: `select n from envelopes indexed by envelopes_due where state = 'pending'`,
  sending: `select n from envelopes where state = 'sending'`,
  byNumber: `select ${envelopeColumns} from envelopes where n = ?`,
  ofSource: `select 1 as own from exports where id = ? and source = ?`,
  tombstones: `select ${envelopeColumns} from envelopes where tombstone = 'due' order by n`,
} as const;
