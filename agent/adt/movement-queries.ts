/** The SQL of the movement store. Each hot query's index is named beside it in agent/outbox/schema.ts; a test asks the planner. */

export const visitSql = {
  add: `insert into adt_visits (source, visit, touched_at) values (?, ?, ?) on conflict do nothing`,
  find: `select n from adt_visits where source = ? and visit = ?`,
  named: `select n, version, sent from adt_visits where source = ? and visit = ?`,
  touch: `update adt_visits set version = version + 1, touched_at = ? where n = ?`,
  changed: `select n, version, sent from adt_visits where source = ? and done < version and n > ? order by n limit ?`,
  anyChanged: `select 1 as found from adt_visits where source = ? and done < version limit 1`,
  // A visit that changed again meanwhile stays changed: its version is ahead of what is done.
  settle: `update adt_visits set done = max(done, ?), sent = coalesce(?, sent), export = coalesce(?, export), ward = ?, present = ?,
             due_at = ? where n = ?`,
  wake: `update adt_visits set version = version + 1, due_at = null where due_at <= ?`,
  again: `update adt_visits set version = version + 1, sent = case sent when 'withdrawn' then 'record' else sent end where export = ?`,
  occupied: `select ward, count(*) as n from adt_visits where source = ? and ward is not null group by ward`,
  purgeable: `select n from adt_visits where touched_at < ? and (present = 0 or touched_at < ?) and done = version
              order by touched_at limit ?`,
  purge: `delete from adt_visits where n = ?`,
} as const;

export const eventSql = {
  put: `insert into adt_events (visit, message, sealed) values (?, ?, ?) on conflict do nothing`,
  ofVisit: `select message, sealed from adt_events where visit = ?`,
} as const;

export const patientSql = {
  link: `insert into adt_patient_visits (source, patient, visit) values (?, ?, ?) on conflict do nothing`,
  get: `select sealed from adt_patients where source = ? and patient = ?`,
  put: `insert into adt_patients (source, patient, sealed, touched_at) values (?, ?, ?, ?)
        on conflict do update set sealed = excluded.sealed, touched_at = excluded.touched_at`,
  merge: `insert into adt_merges (source, former, patient) values (?, ?, ?) on conflict do nothing`,
  mergedInto: `select patient from adt_merges where source = ? and former = ?`,
  formersOf: `select former as patient from adt_merges where source = ? and patient = ?`,
  touchVisits: `update adt_visits set version = version + 1 where n in
                  (select visit from adt_patient_visits where source = ? and patient = ?)`,
  purge: `delete from adt_patients where rowid in (select p.rowid from adt_patients p where p.touched_at < ?
            and not exists (select 1 from adt_patient_visits v where v.source = p.source and v.patient = p.patient) limit ?)`,
  purgeMerges: `delete from adt_merges where not exists
                  (select 1 from adt_patients p where p.source = adt_merges.source and p.patient = adt_merges.patient)`,
} as const;

export const refusalSql = {
  put: `insert into adt_refused (source, at, code, segment, field, sealed) values (?, ?, ?, ?, ?, ?)`,
  trim: `delete from adt_refused where source = ? and n <= (select n from adt_refused where source = ? order by n desc limit 1 offset ?)`,
  last: `select at, code, segment, field from adt_refused where source = ? order by n desc limit 1`,
  counts: `select source, count(*) as n from adt_refused group by source order by source`,
  newest: `select at, code, segment, field from adt_refused where source = ? order by n desc limit ?`,
  page: `select n, code, sealed from adt_refused where source = ? and n > ? order by n limit ?`,
  reason: `update adt_refused set code = ?, segment = ?, field = ?, sealed = ? where n = ?`,
  drop: `delete from adt_refused where n = ?`,
} as const;

export const countSql = {
  add: `insert into adt_counts (source, taken, refused, last_at) values (?, ?, ?, ?)
        on conflict do update set taken = taken + excluded.taken, refused = refused + excluded.refused, last_at = excluded.last_at`,
  get: `select taken, refused, last_at as lastAt from adt_counts where source = ?`,
  takenAfterAll: `update adt_counts set taken = taken + 1, refused = refused - 1 where source = ?`,
} as const;
