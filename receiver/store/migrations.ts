import type { Migrations } from '../../shared/runtime/sqlite.ts';
import { accounts } from './migration-accounts.ts';
import { alerts } from './migration-alerts.ts';
import { audit } from './migration-audit.ts';
import { calendars } from './migration-calendars.ts';
import { care } from './migration-care.ts';
import { deliveries } from './migration-deliveries.ts';
import { keys } from './migration-keys.ts';
import { listing } from './migration-listing.ts';
import { quality } from './migration-quality.ts';
import { extractions } from './migration-extractions.ts';
import { reports } from './migration-reports.ts';
import { tokens } from './migration-tokens.ts';
import { keptWithdrawals, restores } from './migration-restores.ts';
import { retention } from './migration-retention.ts';
import { watching } from './migration-watch.ts';

/**
 * The receiver's database. Clustered keys start with facility and day, never with a hash: the pages that one export
 * dirties lie together. Blobs live in tables of their own, so that a change of state never rewrites them.
 */
const first = `
create table counter (
  name  text    not null primary key,
  value integer not null
) strict, without rowid;

create table agent (
  id         text    not null primary key,
  name       text    not null,
  status     text    not null check (status in ('invited', 'active', 'revoked')),
  facilities text    not null,
  created_at integer not null,
  changed_at integer not null
) strict, without rowid;

create table certificate (
  fingerprint text    not null primary key,
  agent       text    not null references agent (id),
  use         text    not null check (use in ('tls', 'seal')),
  pem         text    not null,
  not_after   integer not null,
  revoked_at  integer
) strict, without rowid;
-- certificatesOf, revokeCertificates
create index certificate_agent on certificate (agent, not_after);

create table invitation (
  agent      text    not null primary key references agent (id),
  token_key  blob    not null,
  expires_at integer not null,
  tries_left integer not null check (tries_left > 0)
) strict, without rowid;

create table heartbeat (
  agent text    not null primary key references agent (id),
  at    integer not null,
  body  text    not null
) strict, without rowid;

create table rejected_export (
  id     integer primary key,
  agent  text    not null references agent (id),
  export text    not null,
  source text    not null,
  digest text    not null,
  code   text    not null,
  line   integer,
  record integer,
  at     integer not null,
  unique (agent, export)
) strict;

create table facility (
  finess   text    not null primary key,
  name     text    not null,
  key      blob    not null check (length(key) = 32),
  added_at integer not null
) strict, without rowid;

create table alias (
  old      text    not null primary key references facility (finess),
  new      text    not null references facility (finess),
  from_day integer not null,
  check (old <> new)
) strict, without rowid;

create table envelope (
  arrival     integer primary key,
  id          text    not null unique,
  agent       text    not null references agent (id),
  feed        text    not null,
  epoch       integer not null,
  seq         integer not null,
  digest      text    not null,
  prev        text    not null,
  received_at integer not null,
  bytes       integer not null,
  state       text    not null check (state in ('stored', 'opened', 'done', 'refused', 'tombstone')),
  export      text,
  slice       integer
) strict;
-- bySequence, ledger
create unique index envelope_ledger on envelope (agent, feed, epoch, seq);
-- inState('stored'): the processor's claim
create index envelope_stored on envelope (arrival) where state = 'stored';
-- inState('opened')
create index envelope_opened on envelope (arrival) where state = 'opened';
-- inState('refused')
create index envelope_refused on envelope (arrival) where state = 'refused';
-- ofExport
create index envelope_export on envelope (export, slice) where export is not null;

create table envelope_content (
  envelope    integer primary key references envelope (arrival),
  received_at integer not null,
  content     blob    not null
) strict;
-- purgeContents
create index envelope_content_age on envelope_content (received_at);

create trigger envelope_added after insert on envelope begin
  insert into counter values ('envelope.' || new.state, 1) on conflict do update set value = value + 1;
end;
create trigger envelope_moved after update of state on envelope when old.state <> new.state begin
  update counter set value = value - 1 where name = 'envelope.' || old.state;
  insert into counter values ('envelope.' || new.state, 1) on conflict do update set value = value + 1;
end;

create table ledger_head (
  agent  text    not null references agent (id),
  feed   text    not null,
  epoch  integer not null,
  seq    integer not null,
  digest text    not null,
  primary key (agent, feed, epoch)
) strict, without rowid;

create table export (
  reception   integer primary key,
  id          text    not null unique,
  agent       text    not null references agent (id),
  facility    text    not null,
  feed        text    not null,
  part        text    not null,
  source      text    not null,
  received_at integer not null,
  slices_seen integer not null,
  manifest    text,
  digest      text,
  state       text    not null
    check (state in ('receiving', 'complete', 'waiting', 'processed', 'held', 'rejected')),
  extract     integer,
  outcome     text
) strict;
-- inState('complete')
create index export_complete on export (reception) where state = 'complete';
-- inState('waiting')
create index export_waiting on export (reception) where state = 'waiting';
-- inState('held')
create index export_held on export (reception) where state = 'held';
-- inState('rejected')
create index export_rejected on export (reception) where state = 'rejected';
-- incompleteSince, inState('receiving')
create index export_receiving on export (received_at) where state = 'receiving';
-- processedDigest
create index export_digest on export (facility, feed, part, digest, reception) where state = 'processed';

create trigger export_added after insert on export begin
  insert into counter values ('export.' || new.state, 1) on conflict do update set value = value + 1;
end;
create trigger export_moved after update of state on export when old.state <> new.state begin
  update counter set value = value - 1 where name = 'export.' || old.state;
  insert into counter values ('export.' || new.state, 1) on conflict do update set value = value + 1;
end;

create table staged (
  export text    not null references export (id),
  day    integer not null,
  record integer not null,
  line   integer not null,
  body   text    not null,
  primary key (export, day, record)
) strict, without rowid;

create table export_findings (
  export text not null primary key references export (id),
  listed text not null,
  totals text not null
) strict, without rowid;

create table part (
  facility text not null,
  feed     text not null,
  part     text not null,
  agent    text not null references agent (id),
  source   text not null,
  primary key (facility, feed, part)
) strict, without rowid;

create table record (
  facility  text    not null,
  feed      text    not null,
  day       integer not null,
  part      text    not null,
  key       blob    not null,
  rank      integer not null,
  visit     blob,
  hash      blob    not null,
  at        integer not null,
  extract   integer not null,
  reception integer not null,
  export    text    not null,
  line      integer not null,
  record    integer not null,
  body      text    not null,
  primary key (facility, feed, day, part, key, rank)
) strict, without rowid;
-- byVisit
create index record_visit on record (facility, feed, part, visit) where visit is not null;

create table history (
  id         integer primary key,
  facility   text    not null,
  feed       text    not null,
  day        integer not null,
  part       text    not null,
  key        blob    not null,
  rank       integer not null,
  visit      blob,
  hash       blob    not null,
  at         integer not null,
  extract    integer not null,
  reception  integer not null,
  export     text    not null,
  line       integer not null,
  record     integer not null,
  body       text    not null,
  reason     text    not null
    check (reason in ('updated', 'removed', 'moved', 'confirmed', 'aliased', 'superseded')),
  changed_at integer not null,
  changed_by text    not null
) strict;

create table day_state (
  facility       text    not null,
  feed           text    not null,
  day            integer not null,
  part           text    not null,
  count          integer not null check (count >= 0),
  mark_extract   integer,
  mark_reception integer,
  sum0           integer not null,
  sum1           integer not null,
  sum2           integer not null,
  sum3           integer not null,
  primary key (facility, feed, day, part)
) strict, without rowid;

create table removal (
  facility  text    not null,
  feed      text    not null,
  part      text    not null,
  day       integer not null,
  key       blob    not null,
  rank      integer not null,
  extract   integer not null,
  reception integer not null,
  export    text    not null references export (id),
  primary key (facility, feed, part, day, key, rank)
) strict, without rowid;
-- daysOf: a decision by export
create index removal_export on removal (export);

create table dispatch (
  id              integer primary key autoincrement,
  name            text    not null,
  destination     text    not null,
  facility        text    not null,
  feed            text    not null,
  from_day        integer not null,
  to_day          integer not null,
  records         integer not null,
  extract         integer not null,
  digest          text    not null,
  composed_at     integer not null,
  export          text references export (id),
  state           text    not null
    check (state in ('waiting', 'sending', 'sent', 'acknowledged', 'refused', 'dead')),
  attempts        integer not null,
  next_attempt_at integer not null,
  changed_at      integer not null,
  code            text,
  check (from_day <= to_day)
) strict;
-- byName
create index dispatch_name on dispatch (name);
-- lastExtract; also the guarantee that it increases strictly
create unique index dispatch_extract on dispatch (facility, destination, extract);
-- due: the forwarder's claim
create index dispatch_due on dispatch (destination, id) where state = 'waiting';
-- recover
create index dispatch_sending on dispatch (id) where state = 'sending';
-- ofExport
create index dispatch_export on dispatch (export, id) where export is not null;
-- inForce
create index dispatch_days on dispatch (facility, feed, destination, id, from_day, to_day);

create table dispatch_content (
  dispatch    integer primary key references dispatch (id),
  composed_at integer not null,
  content     blob    not null
) strict;
-- purgeContents
create index dispatch_content_age on dispatch_content (composed_at);

create trigger dispatch_added after insert on dispatch begin
  insert into counter values ('dispatch.' || new.state, 1) on conflict do update set value = value + 1;
end;
create trigger dispatch_moved after update of state on dispatch when old.state <> new.state begin
  update counter set value = value - 1 where name = 'dispatch.' || old.state;
  insert into counter values ('dispatch.' || new.state, 1) on conflict do update set value = value + 1;
end;

create table proof (
  id  integer primary key,
  jws text not null
) strict;

create table receipt (
  cursor   integer primary key autoincrement,
  agent    text    not null,
  text     text    not null,
  kind     text    not null,
  export   text,
  envelope text,
  proof    integer not null references proof (id)
) strict;
-- after
create index receipt_agent on receipt (agent, cursor);
-- stored
create index receipt_envelope on receipt (envelope) where kind = 'stored';
-- ofExport
create index receipt_export on receipt (export, cursor) where export is not null;
`;

export const migrations: Migrations = [
  ...[first, deliveries, calendars, watching],
  ...[accounts, audit, alerts, quality, care],
  ...[listing, reports, retention, keys],
  ...[extractions, tokens, restores, keptWithdrawals],
];
