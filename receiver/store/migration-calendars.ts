/**
 * Calendars and manifests: when a destination began, how far a run has come, when a day first held something, what was
 * delivered of what was stated.
 */
export const calendars = `
create table destination_start (
  destination text    not null primary key,
  at          integer not null
) strict, without rowid;

create table calendar_progress (
  destination text    not null,
  facility    text    not null,
  due_at      integer not null,
  files       integer not null,
  primary key (destination, facility)
) strict, without rowid;

create table manifest_delivery (
  destination  text    not null primary key,
  serial       integer not null,
  delivered_at integer not null
) strict, without rowid;

create table facility_reception (
  facility text    not null,
  feed     text    not null,
  at       integer not null,
  primary key (facility, feed)
) strict, without rowid;
insert into facility_reception select facility, feed, max(received_at) from export group by facility, feed;
create trigger facility_received after insert on export begin
  insert into facility_reception values (new.facility, new.feed, new.received_at)
      on conflict do update set at = max(at, excluded.at);
end;

-- 0: before this was written down.
create table day_arrival (
  facility text    not null,
  feed     text    not null,
  day      integer not null,
  at       integer not null,
  primary key (facility, feed, day)
) strict, without rowid;
insert into day_arrival select distinct facility, feed, day, 0 from day_state where count > 0;
-- A day's state is put by "insert or replace", whose conflict rule also governs this insert: hence the question first.
create trigger day_arrived after insert on day_state when new.count > 0 begin
  insert into day_arrival
  select new.facility, new.feed, new.day,
         coalesce((select received_at from export order by reception desc limit 1), 0)
   where not exists (
           select 1 from day_arrival where facility = new.facility and feed = new.feed and day = new.day);
end;
`;
