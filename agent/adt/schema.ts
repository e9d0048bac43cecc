/** Tables of agent.db for ADT messages: a migration of agent/outbox/schema.ts. */
export const adtTables = `
  -- ADT messages, until a visit is over and its record long sent. Patients, visits, messages and wards are keyed hashes, what
  -- was said of them is encrypted under the machine's own key: nothing here is in clear but counts and times of work.
  create table adt_visits (
    n          integer primary key,
    source     text not null,
    visit      blob not null,
    -- changed since it was last told while done < version
    version    integer not null default 1,
    done       integer not null default 0,
    sent       text not null default 'no' check (sent in ('no', 'record', 'withdrawn')),
    -- the last export that spoke of it
    export     text,
    -- where a bed is occupied
    ward       blob,
    present    integer not null default 1,
    -- when a movement announced for later comes true, rounded up
    due_at     integer,
    touched_at integer not null,
    unique (source, visit)
  ) strict;
  -- assembling: what changed, in the order in which it was first heard of
  create index adt_visits_changed on adt_visits (source, n) where done < version;
  create index adt_visits_due on adt_visits (due_at) where due_at is not null;
  -- beds
  create index adt_visits_ward on adt_visits (source, ward) where ward is not null;
  -- an export to be told again
  create index adt_visits_export on adt_visits (export) where export is not null;
  -- retention
  create index adt_visits_touched on adt_visits (touched_at);

  create table adt_events (
    visit   integer not null references adt_visits (n) on delete cascade,
    message blob not null,
    sealed  blob not null,
    primary key (visit, message)
  ) strict, without rowid;

  create table adt_patients (
    source     text not null,
    patient    blob not null,
    sealed     blob not null,
    touched_at integer not null,
    primary key (source, patient)
  ) strict;
  create index adt_patients_touched on adt_patients (touched_at);

  create table adt_patient_visits (
    source  text not null,
    patient blob not null,
    visit   integer not null references adt_visits (n) on delete cascade,
    primary key (source, patient, visit)
  ) strict, without rowid;
  create index adt_patient_visits_visit on adt_patient_visits (visit);

  create table adt_merges (
    source  text not null,
    former  blob not null,
    patient blob not null,
    primary key (source, former, patient)
  ) strict, without rowid;
  create index adt_merges_into on adt_merges (source, patient);

  -- messages that could not be taken, the newest of each source
  create table adt_refused (
    n       integer primary key autoincrement,
    source  text not null,
    at      integer not null,
    code    text not null,
    segment text not null,
    field   integer,
    sealed  blob not null
  ) strict;
  create index adt_refused_of_source on adt_refused (source, n);

  create table adt_counts (
    source  text primary key,
    taken   integer not null,
    refused integer not null,
    last_at integer not null
  ) strict, without rowid;
`;
