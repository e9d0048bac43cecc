/** Midnight that ends a day of Paris, as UTC milliseconds: the clock changes on the last Sundays of March and October. */
const dayEnd = `
  (select (new.day + 1) * 86400000
          - case when next > date(strftime('%Y', next) || '-04-01', 'weekday 0', '-7 days')
                  and next <= date(strftime('%Y', next) || '-11-01', 'weekday 0', '-7 days')
                 then 7200000 else 3600000 end
     from (select date((new.day + 1) * 86400, 'unixepoch') as next))`;

const receivedAt = `
  coalesce((select received_at from export where reception = new.mark_reception),
           (select received_at from export order by reception desc limit 1), 0)`;

/**
 * Watching: when each day came, whole or not; what each facility is used to; what was seen, and when that changed.
 * `watch_hours` is a copy, of the records' instants: `stamp` says of which content, so that a stale row is seen as such.
 */
export const watching = `
-- settled_at: reception of the first export taken after the day had ended. 0: before this was written down.
create table watch_arrival (
  facility        text    not null,
  feed            text    not null,
  day             integer not null,
  part            text    not null,
  first_at        integer not null,
  settled_at      integer,
  settled_extract integer,
  primary key (facility, feed, day, part)
) strict, without rowid;
insert into watch_arrival select facility, feed, day, part, 0, 0, 0 from day_state;
-- A day's state is put by "insert or replace", whose conflict rule also governs this insert: hence the question first.
create trigger watch_arrived after insert on day_state begin
  insert into watch_arrival
  select new.facility, new.feed, new.day, new.part, ${receivedAt}, null, null
   where not exists (
           select 1 from watch_arrival
            where facility = new.facility and feed = new.feed and day = new.day and part = new.part);
  update watch_arrival
     set settled_at = ${receivedAt}, settled_extract = coalesce(new.mark_extract, ${receivedAt})
   where facility = new.facility and feed = new.feed and day = new.day and part = new.part
     and settled_at is null
     and coalesce(new.mark_extract, ${receivedAt}) >= ${dayEnd};
end;

create table watch_hours (
  facility text    not null,
  feed     text    not null,
  day      integer not null,
  stamp    text    not null,
  counts   text    not null,
  primary key (facility, feed, day)
) strict, without rowid;

-- Days told by a person: counts only. extract orders files that tell of the same day.
create table watch_history (
  facility text    not null,
  feed     text    not null,
  day      integer not null,
  count    integer not null check (count >= 0),
  counts   text,
  extract  integer not null,
  primary key (facility, feed, day)
) strict, without rowid;

create table watch_declared (
  facility text    not null references facility (finess),
  feed     text    not null,
  annual   integer not null check (annual > 0),
  at       integer not null,
  primary key (facility, feed)
) strict, without rowid;

create table watch_state (
  facility text    not null,
  feed     text    not null,
  day      integer not null,
  state    text    not null
    check (state in ('received', 'late', 'partial', 'low', 'silent', 'held', 'degraded', 'closed', 'not-connected')),
  cause    text
    check (cause in ('agent-dead', 'network-cut', 'agent-paused', 'source-silent', 'exports-rejected', 'export-short',
                     'held-by-guard', 'forward-blocked')),
  since    integer not null,
  primary key (facility, feed, day)
) strict, without rowid;
-- states
create index watch_state_day on watch_state (day);

create table watch_transition (
  id         integer primary key autoincrement,
  facility   text    not null,
  feed       text    not null,
  day        integer not null,
  from_state text,
  from_cause text,
  state      text    not null,
  cause      text,
  at         integer not null
) strict;
-- transitionsOf
create index watch_transition_day on watch_transition (facility, feed, day, id);

create table watch_run (
  one integer not null primary key check (one = 1),
  at  integer not null
) strict;
`;
