import {
  isSameVisit,
  type CoveringDispatch,
  type ErasedVisit,
  type ErasureTables,
  type KeptEnvelope,
  type LeftOut,
  type StagedRow,
  type VisitName,
  type VisitRow,
} from './erasure-tables.ts';
import { counterSql, sql, type Query, type Statements } from './sqlite-statements.ts';

const columns = 'facility, feed, day, part, key, rank, visit, hash, body, export, line, record';
const held = `select ${columns}, null as history from record`;
const before = `select ${columns}, id as history from history`;
const ofFeed = 'facility = ? and feed = ?';

/** Keys stand after the day in the clustered key: the days that hold something are stepped through. */
const heldDays = `
  select ${columns
    .split(', ')
    .map((name) => `record.${name}`)
    .join(', ')}, null as history
    from day_state
   cross join record
      on record.facility = day_state.facility and record.feed = day_state.feed
     and record.day = day_state.day and record.part = day_state.part
   where day_state.facility = ? and day_state.feed = ?`;

export const erasureSql = {
  erased: sql<VisitName>(`select key, visit from erased_visit where ${ofFeed}`),
  allErased: sql<ErasedVisit>(`
    select id, facility, feed, key, visit, deletion from erased_visit where id > ? order by id limit ?`),
  putErased: sql('insert into erased_visit (facility, feed, key, visit, deletion) values (?, ?, ?, ?, ?)'),
  leftOut: sql<LeftOut>('select record, line from left_out where export = ? order by record'),
  putLeftOut: sql('insert into left_out (export, record, line) values (?, ?, ?) on conflict do nothing'),
  heldArrived: sql<VisitRow>(`${held} where ${ofFeed} and day = ? and at >= ? and at < ?`),
  beforeArrived: sql<VisitRow>(`${before} where ${ofFeed} and day = ? and at >= ? and at < ?`),
  heldPrefix: sql<VisitRow>(`${heldDays} and (record.key between ? and ? or record.visit between ? and ?)`),
  beforePrefix: sql<VisitRow>(`${before} where ${ofFeed} and (key between ? and ? or visit between ? and ?)`),
  heldBearing: sql<VisitRow>(`${heldDays} and (record.key = ? or record.visit = ?)`),
  beforeBearing: sql<VisitRow>(`${before} where ${ofFeed} and (key = ? or visit = ?)`),
  dropRecord: sql(`
    delete from record where ${ofFeed} and day = ? and part = ? and key = ? and rank = ?`),
  dropHistory: sql('delete from history where id = ?'),
  dropRemoval: sql<{ export: string }>(`
    delete from removal
     where ${ofFeed} and part = ? and day = ? and key = ? and rank = ?
 returning export`),
  dropTally: sql(`delete from day_tally where ${ofFeed} and day = ?`),
  dropCells: sql(`delete from day_cells where ${ofFeed} and day = ?`),
  dropHours: sql(`delete from watch_hours where ${ofFeed} and day = ?`),
  staged: ['receiving', 'complete', 'waiting', 'held'].map((state): Query<StagedRow> =>
    sql(`
    select staged.export, staged.day, staged.record, staged.line, staged.body
      from export indexed by export_${state}
     cross join staged on staged.export = export.id
     where export.state = '${state}' and export.facility = ? and export.feed = ?`),
  ),
  dropStaged: sql('delete from staged where export = ? and day = ? and record = ?'),
  keptEnvelopes: sql<KeptEnvelope>(`
    select content.envelope as arrival, envelope.id, envelope.agent, envelope.feed
      from envelope_content as content
     cross join envelope on envelope.arrival = content.envelope
     where content.envelope > ?
     order by content.envelope
     limit ?`),
  destroy: sql(`
    delete from envelope_content where envelope = (select arrival from envelope where id = ?)`),
  putDestroyed: sql('insert into erased_content (envelope, at) values (?, ?) on conflict do nothing'),
  isErased: sql<{ at: number }>('select at from erased_content where envelope = ?'),
  covering: sql<Omit<CoveringDispatch, 'kept'> & { kept: number }>(`
    select id, name, destination, from_day as "from", to_day as "to", state, attempts,
           exists (select 1 from dispatch_content where dispatch = dispatch.id)
        or exists (select 1 from dispatch_sealed where dispatch = dispatch.id) as kept
      from dispatch
     where ${ofFeed} and from_day <= ? and to_day >= ?
     order by id`),
  dropContent: sql('delete from dispatch_content where dispatch = ?'),
  dropSealed: sql('delete from dispatch_sealed where dispatch = ?'),
} as const;

export function createErasureTables({ all, get, run }: Statements): ErasureTables {
  return {
    erasedVisits: async ({ facility, feed }) => all(erasureSql.erased, facility, feed),
    allErasedVisits: async (after, limit) => all(erasureSql.allErased, after, limit),
    putErasedVisit: async ({ facility, feed }, { key, visit }, deletion) => {
      run(erasureSql.putErased, facility, feed, key, visit, deletion);
    },
    leftOut: async (exportId) => all(erasureSql.leftOut, exportId),
    putLeftOut: async (exportId, records) => {
      for (const { record, line } of records) run(erasureSql.putLeftOut, exportId, record, line);
    },

    arrived: async ({ facility, feed }, day, from, to) => [
      ...all(erasureSql.heldArrived, facility, feed, day, from, to),
      ...all(erasureSql.beforeArrived, facility, feed, day, from, to),
    ],
    byPrefix: async ({ facility, feed }, prefix) => {
      const from = Buffer.from(prefix.padEnd(32, '0').slice(0, 32), 'hex');
      const to = Buffer.from(prefix.padEnd(32, 'f').slice(0, 32), 'hex');
      return [
        ...all(erasureSql.heldPrefix, facility, feed, from, to, from, to),
        ...all(erasureSql.beforePrefix, facility, feed, from, to, from, to),
      ];
    },
    bearing: async ({ facility, feed }, { key, visit }) =>
      [
        ...all(erasureSql.heldBearing, facility, feed, key, visit),
        ...all(erasureSql.beforeBearing, facility, feed, key, visit),
      ].filter((row) => isSameVisit(row, { key, visit })),
    dropRecord: async ({ facility, feed, day, part, key, rank }) => {
      if (run(erasureSql.dropRecord, facility, feed, day, part, key, rank) > 0)
        get(counterSql.add, 'record', -1);
    },
    dropHistory: async (id) => {
      run(erasureSql.dropHistory, id);
    },
    dropRemoval: async ({ facility, feed, part, day, key, rank }) =>
      all(erasureSql.dropRemoval, facility, feed, part, day, key, rank).map((row) => row.export),
    forgetCounts: async ({ facility, feed }, day) => {
      for (const drop of [erasureSql.dropTally, erasureSql.dropCells, erasureSql.dropHours])
        run(drop, facility, feed, day);
    },

    staged: async (facility, feed) => erasureSql.staged.flatMap((query) => all(query, facility, feed)),
    dropStaged: async ({ export: id, day, record }) => {
      run(erasureSql.dropStaged, id, day, record);
    },

    keptEnvelopes: async (after, limit) => all(erasureSql.keptEnvelopes, after, limit),
    destroyContent: async (envelope, at) => {
      const isThere = run(erasureSql.destroy, envelope) > 0;
      if (isThere) run(erasureSql.putDestroyed, envelope, at);
      return isThere;
    },
    isErased: async (envelope) => get(erasureSql.isErased, envelope) !== undefined,

    covering: async ({ facility, feed }, day) =>
      all(erasureSql.covering, facility, feed, day, day).map((row) => ({ ...row, kept: row.kept === 1 })),
    dropDispatchContent: async (id) => {
      run(erasureSql.dropContent, id);
      run(erasureSql.dropSealed, id);
    },
  };
}
