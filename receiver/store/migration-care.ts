/** Facilities looked after by people: whom to call, what was noted, what is declared, what was asked of them. */
export const care = `
create table care_contact (
  id       integer primary key,
  facility text    not null references facility (finess),
  role     text    not null,
  name     text    not null,
  phone    text    not null,
  email    text    not null,
  rank     integer not null
) strict;
-- contacts.of
create index care_contact_order on care_contact (facility, rank, id);

create table care_note (
  id       integer primary key,
  facility text    not null references facility (finess),
  at       integer not null,
  author   text    not null,
  text     text    not null check (length(text) between 1 and 2000)
) strict;
-- notes.of
create index care_note_latest on care_note (facility, id);

create table care_closure (
  id           integer primary key,
  facility     text    not null references facility (finess),
  feed         text,
  from_day     integer not null,
  to_day       integer not null,
  reason       text    not null,
  person       text    not null,
  at           integer not null,
  withdrawn_at integer,
  check (from_day <= to_day)
) strict;
-- closures.during
create index care_closure_days on care_closure (to_day, from_day) where withdrawn_at is null;
-- closures.of
create index care_closure_latest on care_closure (facility, id);

create table care_degraded (
  id       integer primary key,
  facility text    not null references facility (finess),
  from_day integer not null,
  to_day   integer,
  reason   text    not null,
  person   text    not null,
  at       integer not null,
  check (to_day is null or from_day <= to_day)
) strict;
-- degraded.open, and one at a time
create unique index care_degraded_open on care_degraded (facility) where to_day is null;
-- degraded.of
create index care_degraded_latest on care_degraded (facility, id);

-- Counted by a person: kept apart from records, so that no sum of visits can ever meet it.
create table care_hand_count (
  facility text    not null references facility (finess),
  feed     text    not null,
  day      integer not null,
  count    integer not null check (count between 0 and 100000),
  person   text    not null,
  at       integer not null,
  primary key (facility, feed, day)
) strict, without rowid;

create table care_request (
  id        integer primary key,
  facility  text    not null references facility (finess),
  feed      text    not null,
  part      text    not null,
  agent     text    not null references agent (id),
  from_day  integer not null,
  to_day    integer not null,
  reason    text    not null,
  person    text    not null,
  at        integer not null,
  state     text    not null
    check (state in ('asked', 'told', 'refilled', 'partly', 'given-up', 'withdrawn')),
  told_at     integer,
  answered_at integer,
  closed_at integer,
  check (from_day <= to_day)
) strict;
-- requests.open, requests.openOfAgent
create index care_request_open on care_request (agent, id) where state in ('asked', 'told');
-- requests.of
create index care_request_latest on care_request (facility, id);
-- requests.recent
create index care_request_age on care_request (at);

create table care_request_day (
  request integer not null references care_request (id),
  day     integer not null,
  state   text    not null check (state in ('asked', 'refilled', 'absent')),
  primary key (request, day)
) strict, without rowid;

-- requests.takenSince
create index care_export_of_part on export (facility, feed, part, received_at);
`;
