/**
 * What was deleted, and what must not come back. A deletion is written down in the transaction that deletes: under way in
 * `deletion_open`, then signed and chained in `deletion`, which nothing in this program changes or takes away.
 */
export const retention = `
-- purgeDay, erasure: what was replaced of a day
create index history_day on history (facility, feed, day);

create table deletion (
  seq   integer primary key,
  id    text    not null unique,
  class text    not null,
  at    integer not null,
  text  text    not null,
  proof text    not null
) strict;
create trigger deletion_unchanged before update on deletion begin
  select raise(abort, 'deletion records do not change');
end;
create trigger deletion_kept before delete on deletion begin
  select raise(abort, 'deletion records are kept');
end;

-- digest: SHA-256 chained over the names of what was deleted, in order.
create table deletion_open (
  class      text    not null primary key,
  id         text    not null,
  rule       text    not null,
  person     text    not null,
  before     integer not null,
  started_at integer not null,
  counts     text    not null,
  first      text,
  last       text,
  digest     text    not null
) strict, without rowid;

-- Files about to be removed: after a crash, those of them that are gone were removed by us.
create table deletion_file (
  class text not null,
  name  text not null,
  primary key (class, name)
) strict, without rowid;

-- Days whose records are past their time: nothing is composed of them any more, whatever comes later.
create table purged_day (
  facility  text    not null,
  feed      text    not null,
  day       integer not null,
  records   integer not null,
  purged_at integer not null,
  primary key (facility, feed, day)
) strict, without rowid;

-- Visits erased on request, as keyed hashes under the facility's own key: what bears one is left out.
create table erased_visit (
  id       integer primary key,
  facility text    not null references facility (finess),
  feed     text    not null,
  key      blob    not null check (length(key) = 16),
  visit    blob    check (length(visit) = 16),
  deletion text    not null
) strict;
-- erasedVisits
create index erased_visit_facility on erased_visit (facility, feed);

create table left_out (
  export text    not null references export (id),
  record integer not null,
  line   integer not null,
  primary key (export, record)
) strict, without rowid;

-- Envelopes whose sealed content was destroyed because it carried an erased visit: digest and receipt stay.
create table erased_content (
  envelope text    not null primary key references envelope (id),
  at       integer not null
) strict, without rowid;

-- The audit log begins with this line, which the region has signed.
create table audit_floor (
  one integer not null primary key check (one = 1),
  seq integer not null
) strict;
create trigger audit_floor_kept before delete on audit_floor begin
  select raise(abort, 'the floor of the audit log stays');
end;
create trigger audit_floor_rises before update on audit_floor when new.seq < old.seq begin
  select raise(abort, 'the floor of the audit log only rises');
end;
drop trigger audit_kept;
create trigger audit_kept before delete on audit
when old.seq >= coalesce((select seq from audit_floor), 0) begin
  select raise(abort, 'audit lines are kept');
end;

create table retention_state (
  one            integer not null primary key check (one = 1),
  nightly_day    integer,
  rewrite_wanted integer not null check (rewrite_wanted in (0, 1))
) strict;
insert into retention_state values (1, null, 0);
`;
