/** What pages list: exports and dispatches, the latest first, what each export changed, and suspensions that end. */
export const listing = `
-- listedExports: the region's, the latest first
create index export_received on export (received_at, reception);
-- listedExports: a facility's
create index export_facility on export (facility, received_at, reception);
-- dispatchesFrom: what a calendar or a replay composed of an export
create index dispatch_source_export on dispatch_source (export, dispatch);

-- What an export did to each day, as it was applied: JSON, a row of numbers a day.
create table export_change (
  export text not null primary key references export (id),
  days   text not null
) strict, without rowid;

-- Of each destination, files and records by the day they were composed (of Paris: extract is the clock on its wall).
create table delivery_day (
  destination text    not null,
  day         integer not null,
  state       text    not null
    check (state in ('waiting', 'sending', 'sent', 'acknowledged', 'refused', 'dead')),
  files       integer not null,
  records     integer not null,
  primary key (destination, day, state)
) strict, without rowid;
insert into delivery_day
select destination, extract / 86400000, state, count(*), sum(records) from dispatch group by 1, 2, 3;
create trigger delivery_day_added after insert on dispatch begin
  insert into delivery_day values (new.destination, new.extract / 86400000, new.state, 1, new.records)
      on conflict do update set files = files + 1, records = records + excluded.records;
end;
create trigger delivery_day_moved after update of state on dispatch when old.state <> new.state begin
  update delivery_day set files = files - 1, records = records - old.records
   where destination = old.destination and day = old.extract / 86400000 and state = old.state;
  insert into delivery_day values (new.destination, new.extract / 86400000, new.state, 1, new.records)
      on conflict do update set files = files + 1, records = records + excluded.records;
end;

alter table destination add column paused_until integer;
alter table destination add column pause_reason text;
`;
