/**
 * Who did what: lines chained by their digests, one after the other, that nothing in this program can change or take away.
 * Whoever writes to the file beside this program still can; `audit verify` then says so.
 */
export const audit = `
create table audit (
  seq         integer primary key,
  at          integer not null,
  actor_kind  text    not null check (actor_kind in ('account', 'command-line', 'system')),
  actor_id    text    not null,
  actor_name  text    not null,
  action      text    not null,
  subject     text    not null,
  facility    text,
  destination text,
  reason      text,
  facts       text    not null,
  prev        text    not null check (length(prev) = 64),
  hash        text    not null check (length(hash) = 64)
) strict;
-- lines of one person, latest first; people
create index audit_actor on audit (actor_name, seq);
-- lines of one action, latest first; actions
create index audit_action on audit (action, seq);
-- lines of one facility, latest first
create index audit_facility on audit (facility, seq) where facility is not null;
-- firstSince, lastUntil: a period's ends as sequence numbers
create index audit_at on audit (at);

create trigger audit_in_order before insert on audit
when new.seq <> coalesce((select max(seq) from audit), 0) + 1 begin
  select raise(abort, 'audit lines are appended');
end;
create trigger audit_unchanged before update on audit begin
  select raise(abort, 'audit lines do not change');
end;
create trigger audit_kept before delete on audit begin
  select raise(abort, 'audit lines are kept');
end;

-- The region's signature over a line and, by the chain, over all before it.
create table audit_seal (
  seq   integer primary key,
  hash  text    not null,
  at    integer not null,
  text  text    not null,
  proof text    not null
) strict;
create trigger audit_seal_unchanged before update on audit_seal begin
  select raise(abort, 'audit seals do not change');
end;
create trigger audit_seal_kept before delete on audit_seal begin
  select raise(abort, 'audit seals are kept');
end;

-- How far the chain was walked. cursor: the pass that runs; verified: the last one that ended, and what was added since.
create table audit_check (
  one         integer not null primary key check (one = 1),
  cursor_seq  integer not null,
  cursor_hash text    not null,
  started_at  integer not null,
  verified_seq integer not null,
  verified_at integer,
  fault_seq   integer,
  fault       text check (fault in ('altered', 'missing', 'reordered', 'cut', 'seal'))
) strict, without rowid;

-- A decision that wants a second person, or that a hospital suggests.
create table proposal (
  id            text    not null primary key,
  kind          text    not null check (kind in ('removals')),
  subject       text    not null,
  origin        text    not null check (origin in ('region', 'facility')),
  decision      text    not null check (decision in ('confirm', 'keep')),
  target        text    not null,
  facility      text    not null,
  count         integer not null check (count >= 0),
  print         text    not null,
  reason        text    not null,
  proposer_kind text    not null check (proposer_kind in ('account', 'command-line', 'system')),
  proposer_id   text    not null,
  proposer_name text    not null,
  proposed_at   integer not null,
  expires_at    integer not null,
  state         text    not null check (state in ('open', 'confirmed', 'withdrawn', 'expired')),
  decider_name  text,
  decided_at    integer
) strict, without rowid;
-- put: one open proposal of each origin
create unique index proposal_open on proposal (subject, origin) where state = 'open';
-- open
create index proposal_facility on proposal (facility, proposed_at) where state = 'open';
-- expire
create index proposal_expiry on proposal (expires_at) where state = 'open';
-- ofSubject
create index proposal_subject on proposal (subject, proposed_at);

-- What one person alone had removed of an export: a decision taken in pieces is still one.
create table removed_alone (
  export  text    not null primary key references export (id),
  removed integer not null check (removed >= 0)
) strict, without rowid;
`;
