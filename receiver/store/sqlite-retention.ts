import type { Day } from '../../shared/runtime/paris-time.ts';
import type { DeletionRow, FeedOfFacility, Gone, OpenDeletion, RetentionTables } from './retention-tables.ts';
import { reportKinds } from './report-tables.ts';
import { counterSql, sql, type Statements } from './sqlite-statements.ts';

const ofDay = 'facility = ? and feed = ? and day = ?';
const openColumns = 'class, id, rule, person, before, started_at as startedAt, counts, first, last, digest';

/** Nothing was applied of them: exports held for their removals alone are applied, and stage nothing. */
const unsettled = ['receiving', 'waiting', 'held']
  .map(
    (state) => `
    select id, received_at as receivedAt from export indexed by export_${state}
     where state = '${state}' and received_at < ?
       and exists (select 1 from staged where staged.export = export.id)`,
  )
  .join(' union all ');

export const retentionSql = {
  lastDeletion: sql<DeletionRow>(
    'select seq, id, class, at, text, proof from deletion order by seq desc limit 1',
  ),
  deletion: sql<DeletionRow>('select seq, id, class, at, text, proof from deletion where id = ?'),
  deletions: sql<DeletionRow>(
    'select seq, id, class, at, text, proof from deletion where seq > ? order by seq limit ?',
  ),
  putDeletion: sql('insert into deletion (seq, id, class, at, text, proof) values (?, ?, ?, ?, ?, ?)'),
  open: sql<Omit<OpenDeletion, 'counts'> & { counts: string }>(
    `select ${openColumns} from deletion_open where class = ?`,
  ),
  putOpen: sql(`
    insert or replace into deletion_open (class, id, rule, person, before, started_at, counts, first, last, digest)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  dropOpen: sql('delete from deletion_open where class = ?'),
  plannedFiles: sql<{ name: string }>('select name from deletion_file where class = ? order by name'),
  planFile: sql('insert into deletion_file (class, name) values (?, ?) on conflict do nothing'),
  dropPlanned: sql('delete from deletion_file where class = ?'),

  feedsHeld: sql<FeedOfFacility>('select distinct facility, feed from part order by facility, feed'),
  daysBefore: sql<{ day: Day }>(`
    select distinct day from day_state where facility = ? and feed = ? and day < ? order by day limit ?`),
  recordsBefore: sql<{ count: number | null }>(
    'select sum(count) as count from day_state where facility = ? and feed = ? and day < ?',
  ),
  recordsOfDay: sql<{ part: string; key: Buffer; rank: number }>(
    `select part, key, rank from record where ${ofDay} order by part, key, rank`,
  ),
  dropRecords: sql(`delete from record where ${ofDay}`),
  dropHistory: sql(`delete from history where ${ofDay}`),
  partsOfDay: sql<{ part: string }>(`select part from day_state where ${ofDay}`),
  pending: sql<{ export: string }>(
    'delete from removal where facility = ? and feed = ? and part = ? and day = ? returning export',
  ),
  dropStates: sql(`delete from day_state where ${ofDay}`),
  putPurged: sql(`
    insert into purged_day (facility, feed, day, records, purged_at)
    values (?, ?, ?, ?, ?)
        on conflict do update set records = max(records, excluded.records), purged_at = excluded.purged_at`),
  purgedDays: sql<{ day: Day }>(
    'select day from purged_day where facility = ? and feed = ? and day between ? and ? order by day',
  ),

  oldestHistory: sql<{ id: number; changedAt: number }>(
    'select id, changed_at as changedAt from history order by id limit ?',
  ),
  dropOneHistory: sql('delete from history where id = ?'),
  historyBefore: sql<{ count: number }>('select count(*) as count from history where changed_at < ?'),

  oldEnvelopes: sql<{ arrival: number; id: string; at: number }>(`
    select content.envelope as arrival, envelope.id, content.received_at as at
      from envelope_content as content
     cross join envelope on envelope.arrival = content.envelope
     where content.received_at < ? and envelope.state in ('done', 'refused')
     order by content.received_at
     limit ?`),
  dropEnvelope: sql('delete from envelope_content where envelope = ?'),
  envelopesBefore: sql<{ count: number }>(`
    select count(*) as count
      from envelope_content as content
     cross join envelope on envelope.arrival = content.envelope
     where content.received_at < ? and envelope.state in ('done', 'refused')`),

  oldDispatches: sql<{ id: number; name: string; destination: string; at: number }>(`
    select dispatch.id, dispatch.name, dispatch.destination, content.composed_at as at
      from dispatch_content as content
     cross join dispatch on dispatch.id = content.dispatch
     where content.composed_at < ? and dispatch.changed_at < ?
       and dispatch.state in ('sent', 'acknowledged', 'refused', 'dead')
     order by content.composed_at
     limit ?`),
  dropDispatch: sql('delete from dispatch_content where dispatch = ?'),
  dropSealed: sql('delete from dispatch_sealed where dispatch = ?'),
  dispatchesBefore: sql<{ count: number }>(`
    select count(*) as count
      from dispatch_content as content
     cross join dispatch on dispatch.id = content.dispatch
     where content.composed_at < ? and dispatch.changed_at < ?
       and dispatch.state in ('sent', 'acknowledged', 'refused', 'dead')`),

  unsettled: sql<{ id: string; receivedAt: number }>(
    `select * from (${unsettled}) order by receivedAt limit ?`,
  ),
  unsettledCount: sql<{ count: number }>(`select count(*) as count from (${unsettled})`),

  oldReports: sql<{ id: number; kind: string; at: number }>(
    'select id, kind, made_at as at from report indexed by report_age where kind = ? and made_at < ? order by made_at limit ?',
  ),
  // Its files and its mails go with it.
  dropReport: sql('delete from report where id = ?'),
  reportsBefore: sql<{ count: number }>('select count(*) as count from report where made_at < ?'),

  auditFloor: sql<{ seq: number }>('select seq from audit_floor'),
  putAuditFloor: sql(`
    insert into audit_floor (one, seq) values (1, ?) on conflict do update set seq = excluded.seq`),
  sealBefore: sql<{ seq: number | null }>(
    'select max(seq) as seq from audit_seal where at < ? and seq > ? and seq < (select max(seq) from audit)',
  ),
  oldAudit: sql<{ seq: number; hash: string; at: number }>(
    'select seq, hash, at from audit where seq < ? order by seq limit ?',
  ),
  dropAudit: sql('delete from audit where seq = ?'),
  auditBefore: sql<{ count: number }>('select count(*) as count from audit where seq < ?'),

  state: sql<{ day: Day | null; wanted: number }>(
    'select nightly_day as day, rewrite_wanted as wanted from retention_state',
  ),
  putNightly: sql('update retention_state set nightly_day = ?'),
  putWanted: sql('update retention_state set rewrite_wanted = ?'),
} as const;

export function createRetentionTables(statements: Statements): RetentionTables {
  const { all, get, run, prepare, pragma } = statements;
  const dropAll = <Row extends { readonly at: number }>(
    rows: readonly Row[],
    nameOf: (row: Row) => string,
    drop: (row: Row) => void,
  ): readonly Gone[] =>
    rows.map((row) => {
      drop(row);
      return { name: nameOf(row), at: new Date(row.at).toISOString() };
    });
  return {
    overwrite: async (on) => {
      pragma(`secure_delete = ${on ? 'on' : 'off'}`);
    },
    lastDeletion: async () => get(retentionSql.lastDeletion),
    deletion: async (id) => get(retentionSql.deletion, id),
    deletions: async (after, limit) => all(retentionSql.deletions, after, limit),
    putDeletion: async ({ seq, id, class: name, at, text, proof }) => {
      run(retentionSql.putDeletion, seq, id, name, at, text, proof);
    },
    open: async (name) => {
      const row = get(retentionSql.open, name);
      if (row === undefined) return undefined;
      return { ...row, counts: JSON.parse(row.counts) as Record<string, number> };
    },
    putOpen: async ({ class: name, id, rule, person, before, startedAt, counts, first, last, digest }) => {
      const said = [JSON.stringify(counts), first, last, digest];
      run(retentionSql.putOpen, name, id, rule, person, before, startedAt, ...said);
    },
    dropOpen: async (name) => {
      run(retentionSql.dropOpen, name);
    },
    plannedFiles: async (name) => all(retentionSql.plannedFiles, name).map((row) => row.name),
    planFiles: async (name, files) => {
      for (const file of files) run(retentionSql.planFile, name, file);
    },
    dropPlanned: async (name) => {
      run(retentionSql.dropPlanned, name);
    },

    feedsHeld: async () => all(retentionSql.feedsHeld),
    daysBefore: async ({ facility, feed }, before, limit) =>
      all(retentionSql.daysBefore, facility, feed, before, limit).map(({ day }) => day),
    recordsBefore: async ({ facility, feed }, before) =>
      get(retentionSql.recordsBefore, facility, feed, before)?.count ?? 0,
    purgeDay: async ({ facility, feed, day }, at) => {
      const records = all(retentionSql.recordsOfDay, facility, feed, day);
      const pending = new Set<string>();
      for (const { part } of all(retentionSql.partsOfDay, facility, feed, day))
        for (const row of all(retentionSql.pending, facility, feed, part, day)) pending.add(row.export);
      run(retentionSql.dropRecords, facility, feed, day);
      const history = run(retentionSql.dropHistory, facility, feed, day);
      run(retentionSql.dropStates, facility, feed, day);
      run(retentionSql.putPurged, facility, feed, day, records.length, at);
      if (records.length > 0) get(counterSql.add, 'record', -records.length);
      return { records, history, pending };
    },
    purgedDays: async ({ facility, feed }, from, to) =>
      all(retentionSql.purgedDays, facility, feed, from, to).map(({ day }) => day),
    purgeHistory: async (before, limit) => {
      const oldest = all(retentionSql.oldestHistory, limit);
      const end = oldest.findIndex(({ changedAt }) => changedAt >= before);
      const old = end === -1 ? oldest : oldest.slice(0, end);
      const drop = prepare(retentionSql.dropOneHistory);
      return dropAll(
        old.map(({ id, changedAt }) => ({ id, at: changedAt })),
        ({ id }) => `history ${id}`,
        ({ id }) => drop.run(id),
      );
    },
    historyBefore: async (before) => get(retentionSql.historyBefore, before)?.count ?? 0,

    purgeEnvelopes: async (before, limit) =>
      dropAll(
        all(retentionSql.oldEnvelopes, before, limit),
        ({ id }) => id,
        ({ arrival }) => run(retentionSql.dropEnvelope, arrival),
      ),
    envelopesBefore: async (before) => get(retentionSql.envelopesBefore, before)?.count ?? 0,
    purgeDispatches: async (before, limit) =>
      dropAll(
        all(retentionSql.oldDispatches, before, before, limit),
        ({ destination, name }) => `${destination} ${name}`,
        ({ id }) => {
          run(retentionSql.dropDispatch, id);
          run(retentionSql.dropSealed, id);
        },
      ),
    dispatchesBefore: async (before) => get(retentionSql.dispatchesBefore, before, before)?.count ?? 0,
    unsettledBefore: async (before, limit) => all(retentionSql.unsettled, before, before, before, limit),
    unsettledCount: async (before) => get(retentionSql.unsettledCount, before, before, before)?.count ?? 0,

    purgeReports: async (before, limit) =>
      dropAll(
        reportKinds.flatMap((kind) => all(retentionSql.oldReports, kind, before, limit)),
        ({ id, kind }) => `report ${kind} ${id}`,
        ({ id }) => run(retentionSql.dropReport, id),
      ),
    reportsBefore: async (before) => get(retentionSql.reportsBefore, before)?.count ?? 0,

    auditFloor: async () => get(retentionSql.auditFloor)?.seq ?? 0,
    sealBefore: async (before) =>
      get(retentionSql.sealBefore, before, get(retentionSql.auditFloor)?.seq ?? 0)?.seq ?? undefined,
    purgeAudit: async (upTo, limit) => {
      run(retentionSql.putAuditFloor, upTo);
      return dropAll(
        all(retentionSql.oldAudit, upTo, limit),
        ({ seq, hash }) => `${seq}:${hash}`,
        ({ seq }) => run(retentionSql.dropAudit, seq),
      );
    },
    auditBefore: async (upTo) => get(retentionSql.auditBefore, upTo)?.count ?? 0,

    nightlyDay: async () => get(retentionSql.state)?.day ?? undefined,
    putNightlyDay: async (day) => {
      run(retentionSql.putNightly, day);
    },
    rewriteWanted: async () => get(retentionSql.state)?.wanted === 1,
    putRewriteWanted: async (wanted) => {
      run(retentionSql.putWanted, wanted ? 1 : 0);
    },
    shrink: async (pages) => {
      pragma(`incremental_vacuum(${Math.trunc(pages)})`);
      return Number(pragma('freelist_count'));
    },
  };
}
