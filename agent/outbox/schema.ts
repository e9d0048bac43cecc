import type { Migrations } from '../../shared/runtime/sqlite.ts';
import { joinTables } from '../assembly/join-schema.ts';
import { adtTables } from '../adt/schema.ts';

/**
 * agent.db, the agent's whole memory. Never a patient value: what rests here is sealed, counted or hashed.
 *
 * An export's envelopes are `staged` until it has been read to its last byte; one transaction then makes them pending,
 * moves the ledger's head, and notes the file as seen. Counters are kept by triggers, in the transaction that moves the
 * rows, so that no status ever counts rows.
 */
export const migrations: Migrations = [
  `
  create table meta (
    key   text primary key,
    value text not null
  ) strict, without rowid;

  create table exports (
    id             text primary key,
    source         text not null,
    name           text not null,
    path           blob not null,
    moved_to       blob,
    digest         text,
    bytes          integer not null default 0,
    feed           text,
    facility       text,
    part           text,
    mapping        text,
    state          text not null check (state in ('reading', 'read', 'superseded')),
    outcome        text not null default 'unknown' check (outcome in
                     ('unknown', 'processed', 'rejected', 'held', 'duplicate', 'forwarded', 'acknowledged', 'refused')),
    hold           text,
    records        integer not null default 0,
    accepted       integer not null default 0,
    rejected       integer not null default 0,
    window_from    text,
    window_to      text,
    trusted        integer not null default 0,
    error_code     text,
    error_facts    text,
    findings_total integer not null default 0,
    receiver_findings_total integer not null default 0,
    added          integer not null default 0,
    updated        integer not null default 0,
    removed        integer not null default 0,
    unchanged      integer not null default 0,
    stale          integer not null default 0,
    suspended      integer not null default 0,
    slices         integer not null default 0,
    resend         integer not null default 0,
    original       text,
    read_at        integer not null,
    settled_at     integer
  ) strict;
  -- status: the last export of a source
  create index exports_by_source on exports (source, id);
  -- intake: has this content been processed already?
  create index exports_by_digest on exports (source, digest, id) where outcome in ('processed', 'forwarded', 'acknowledged');
  -- run --once and status: what has not settled yet
  create index exports_unsettled on exports (id) where state = 'read' and outcome in ('unknown', 'processed');
  -- trace by file name
  create index exports_by_name on exports (name, id);
  -- start: reads that died half-way
  create index exports_reading on exports (id) where state = 'reading';

  create table findings (
    export text not null references exports (id) on delete cascade,
    origin text not null check (origin in ('agent', 'receiver')),
    listed text not null,
    primary key (export, origin)
  ) strict, without rowid;

  create table envelopes (
    n               integer primary key,
    id              text not null unique,
    export          text not null references exports (id),
    slice           integer not null,
    feed            text not null,
    epoch           integer not null,
    seq             integer not null,
    prev            text not null,
    digest          text not null,
    state           text not null check (state in ('staged', 'pending', 'sending', 'accepted', 'dead')),
    attempts        integer not null default 0,
    next_attempt_at integer not null default 0,
    bytes           integer not null,
    records         integer not null,
    first_record    integer not null,
    last_record     integer not null,
    created_at      integer not null,
    accepted_at     integer,
    code            text,
    tombstone       text check (tombstone in ('due', 'sent')),
    purged          integer not null default 0,
    unique (feed, epoch, seq)
  ) strict;
  -- claim, in its exact order
  create index envelopes_due on envelopes (next_attempt_at, n) where state = 'pending';
  -- start: what a dead process left on its way
  create index envelopes_sending on envelopes (n) where state = 'sending';
  -- start and abort: slices of a read that did not end
  create index envelopes_staged on envelopes (export) where state = 'staged';
  create index envelopes_of_export on envelopes (export, slice);
  create index envelopes_tombstones on envelopes (n) where tombstone = 'due';
  -- retention
  create index envelopes_purge on envelopes (accepted_at) where state = 'accepted' and purged = 0;

  create table envelope_blobs (
    n       integer primary key references envelopes (n) on delete cascade,
    content blob not null
  ) strict;

  create table backlog (
    feed  text not null,
    state text not null,
    n     integer not null,
    bytes integer not null,
    primary key (feed, state)
  ) strict, without rowid;
  create trigger backlog_insert after insert on envelopes begin
    insert into backlog values (new.feed, new.state, 1, new.bytes)
      on conflict do update set n = n + 1, bytes = bytes + excluded.bytes;
  end;
  create trigger backlog_move after update of state on envelopes when old.state <> new.state begin
    update backlog set n = n - 1, bytes = bytes - old.bytes where feed = old.feed and state = old.state;
    insert into backlog values (new.feed, new.state, 1, new.bytes)
      on conflict do update set n = n + 1, bytes = bytes + excluded.bytes;
  end;
  create trigger backlog_delete after delete on envelopes begin
    update backlog set n = n - 1, bytes = bytes - old.bytes where feed = old.feed and state = old.state;
  end;

  create table ledgers (
    feed            text primary key,
    epoch           integer not null,
    seq             integer not null,
    digest          text not null,
    receiver_seq    integer not null default 0,
    receiver_digest text
  ) strict, without rowid;

  create table epochs (
    feed  text not null,
    epoch integer not null,
    prev  text not null,
    first integer not null,
    primary key (feed, epoch)
  ) strict, without rowid;

  create table proofs (
    id     integer primary key,
    digest text not null unique,
    jws    text not null
  ) strict;

  create table stored_receipts (
    envelope text primary key,
    text     text not null,
    proof    integer not null references proofs (id)
  ) strict, without rowid;

  create table receipts (
    cursor integer primary key,
    export text,
    kind   text not null,
    text   text not null,
    proof  integer not null references proofs (id)
  ) strict;
  create index receipts_of_export on receipts (export, cursor);

  create table export_dispatches (
    export      text not null,
    dispatch    text not null,
    destination text not null,
    day_from    text not null,
    day_to      text not null,
    position    integer not null,
    primary key (export, dispatch, destination)
  ) strict, without rowid;
  create index exports_of_dispatch on export_dispatches (dispatch, destination);

  create table deliveries (
    dispatch    text not null,
    destination text not null,
    kind        text not null check (kind in ('forwarded', 'acknowledged', 'refused')),
    code        text,
    at          integer not null,
    primary key (dispatch, destination)
  ) strict, without rowid;

  create table seen_files (
    source text not null,
    name   blob not null,
    size   integer not null,
    mtime  real not null,
    inode  text not null,
    export text not null,
    move   text check (move in ('archive', 'quarantine')),
    primary key (source, name)
  ) strict, without rowid;
  -- files committed and still to be moved, among 100,000 that stay
  create index seen_moves on seen_files (source) where move is not null;

  create table source_status (
    source      text primary key,
    exports     integer not null default 0,
    records     integer not null default 0,
    last_export text,
    problem     text,
    problem_at  integer
  ) strict, without rowid;

  create table rejected_reports (
    export text primary key,
    source text not null,
    digest text not null,
    code   text not null,
    line   integer,
    record integer,
    at     integer not null
  ) strict, without rowid;

  create table rereads (
    export   text primary key,
    resend   integer not null,
    asked_at integer not null
  ) strict, without rowid;
  `,
  `
  -- history by state, status: rejected, held and waiting exports, the quarantine; the source is there to be counted by
  create index exports_by_outcome on exports (outcome, id, source) where state = 'read';

  -- who had what done by hand
  create table audit (
    n       integer primary key,
    at      integer not null,
    who     text not null,
    action  text not null check (action in
              ('resend', 'release', 'discard', 'mute', 'unmute', 'faults', 'carry-export', 'carry-import')),
    what    text not null,
    exports integer not null,
    records integer not null
  ) strict;

  -- rejected exports that a person has put aside
  create table discarded (
    export text primary key,
    at     integer not null
  ) strict, without rowid;

  -- findings that a person does not want on the worklist; null = any
  create table mutes (
    n      integer primary key autoincrement,
    rule   text not null,
    field  text,
    source text,
    until  text not null,
    reason text not null,
    who    text not null,
    at     integer not null
  ) strict;

  -- worklists written to files, to be removed in time
  create table worklists (
    path       text primary key,
    expires_at integer not null
  ) strict, without rowid;
  `,
  `
  -- catch-up: exports that cover a day of a part, newest first
  create index exports_by_part on exports (facility, feed, part, id) where state = 'read';

  -- contents sent again because the region lacked a day; forgotten once it has the day
  create table catch_ups (
    facility text not null,
    feed     text not null,
    part     text not null,
    day      text not null,
    source   text not null,
    digest   text not null,
    asked_at integer not null,
    primary key (facility, feed, part, day, source, digest)
  ) strict, without rowid;
  `,
  adtTables,
  joinTables,
  `
  -- run --once and status: what has not settled yet; an export that had nothing to send is settled, however many there are
  drop index exports_unsettled;
  create index exports_unsettled on exports (id, source)
    where state = 'read' and outcome in ('unknown', 'processed') and (outcome = 'unknown' or slices > 0);
  `,
  `
  -- what is done by hand with refused HL7 messages is noted as well
  create table audit_wider (
    n       integer primary key,
    at      integer not null,
    who     text not null,
    action  text not null check (action in
              ('resend', 'release', 'discard', 'mute', 'unmute', 'faults', 'carry-export', 'carry-import', 'messages', 'retry')),
    what    text not null,
    exports integer not null,
    records integer not null
  ) strict;
  insert into audit_wider select n, at, who, action, what, exports, records from audit;
  drop table audit;
  alter table audit_wider rename to audit;
  `,
  `
  -- status: which file or folder the problem of a source is about
  alter table source_status add column problem_facts text;
  `,
  `
  -- what agencies were sent and said, with its days: also of dispatches composed later than their exports
  alter table deliveries add column forwarded_at integer;
  alter table deliveries add column facility text;
  alter table deliveries add column feed text;
  alter table deliveries add column day_from text;
  alter table deliveries add column day_to text;
  update deliveries set forwarded_at = at where kind = 'forwarded';
  update deliveries set (facility, feed, day_from, day_to) =
    (select e.facility, e.feed, d.day_from, d.day_to from export_dispatches d join exports e on e.id = d.export
     where d.dispatch = deliveries.dispatch and d.destination = deliveries.destination limit 1);
  -- trace, faults: what an agency was sent of a day; status: whether a newer dispatch took the place of a refused one
  create index deliveries_of_days on deliveries (facility, feed, destination, day_from, day_to);
  -- status, faults: what agencies refused
  create index deliveries_refused on deliveries (at) where kind = 'refused';
  `,
  `
  -- days that a person of the region asked for; kept, so that the same request heard twice is done once. Days as JSON lists
  create table asked_days (
    request  text primary key,
    at       integer not null,
    facility text not null,
    feed     text not null,
    sent     text not null,
    absent   text not null,
    exports  integer not null,
    told     integer not null check (told in (0, 1))
  ) strict, without rowid;
  -- untold
  create index asked_days_untold on asked_days (at) where told = 0;
  -- latest, forget
  create index asked_days_latest on asked_days (at);
  `,
];

/**
 * The oldest schema whose program still works on this one: what allows an update to be taken back. A migration that only adds
 * (a table, an index, a column that may be null or has a default) leaves it where it stood; any other sets it to the count
 * of migrations. Test before lowering: the program of that schema must run on a database that this one has migrated.
 */
export const worksFrom = migrations.length;
