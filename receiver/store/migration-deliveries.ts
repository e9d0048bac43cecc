/** Deliveries that can be trusted: what left sealed, what an agency answered, how each destination fares. */
export const deliveries = `
alter table dispatch add column format text not null default '';
alter table dispatch add column cause text not null default 'export'
  check (cause in ('export', 'decision', 'schedule', 'replay'));
alter table dispatch add column sent_at integer;
alter table dispatch add column reference text;
update dispatch set cause = 'decision' where export is null;
update dispatch set sent_at = changed_at where state in ('sent', 'acknowledged', 'refused');
-- inDelivery('sent'): what awaits an answer
create index dispatch_sent on dispatch (destination, id) where state = 'sent';
-- inDelivery('acknowledged')
create index dispatch_acknowledged on dispatch (destination, id) where state = 'acknowledged';
-- inDelivery('dead')
create index dispatch_dead on dispatch (destination, id) where state = 'dead';
-- inDelivery('refused')
create index dispatch_refused on dispatch (destination, id) where state = 'refused';

create table dispatch_sealed (
  dispatch    integer primary key references dispatch (id),
  composed_at integer not null,
  name        text    not null,
  protection  text    not null,
  digest      text    not null,
  content     blob    not null
) strict;
-- purgeContents
create index dispatch_sealed_age on dispatch_sealed (composed_at);

create table dispatch_source (
  dispatch integer not null references dispatch (id),
  export   text    not null references export (id),
  primary key (dispatch, export)
) strict, without rowid;

insert into counter
select 'delivery.' || destination || '.' || state, count(*) from dispatch group by destination, state;
create trigger delivery_added after insert on dispatch begin
  insert into counter values ('delivery.' || new.destination || '.' || new.state, 1)
      on conflict do update set value = value + 1;
end;
create trigger delivery_moved after update of state on dispatch when old.state <> new.state begin
  update counter set value = value - 1 where name = 'delivery.' || old.destination || '.' || old.state;
  insert into counter values ('delivery.' || new.destination || '.' || new.state, 1)
      on conflict do update set value = value + 1;
end;

create table destination (
  name            text    not null primary key,
  breaker         text    not null check (breaker in ('closed', 'open', 'half-open')),
  failures        integer not null,
  next_attempt_at integer not null,
  code            text,
  since           integer not null,
  paused_by       text,
  paused_at       integer,
  check ((paused_by is null) = (paused_at is null))
) strict, without rowid;

create table destination_key (
  destination text    not null,
  fingerprint text    not null,
  person      text    not null,
  at          integer not null,
  primary key (destination, fingerprint, person)
) strict, without rowid;

create table destination_run (
  destination text    not null,
  due_at      integer not null,
  ran_at      integer not null,
  facilities  integer not null,
  files       integer not null,
  primary key (destination, due_at)
) strict, without rowid;

create table facility_notice (
  id       integer primary key,
  facility text    not null references facility (finess),
  kind     text    not null check (kind in ('closed', 'degraded')),
  from_day integer not null,
  to_day   integer not null,
  reason   text    not null,
  person   text    not null,
  at       integer not null,
  check (from_day <= to_day)
) strict;
-- during
create index facility_notice_days on facility_notice (facility, to_day);

create table manifest (
  destination text    not null,
  serial      integer not null,
  day         integer not null,
  issued_at   integer not null,
  digest      text    not null,
  jws         text    not null,
  primary key (destination, serial)
) strict, without rowid;
-- latest
create index manifest_day on manifest (destination, day, serial);
`;
