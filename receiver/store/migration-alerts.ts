/** Alerts, their journals, and the messages that tell of them: written together, sent afterwards. */
export const alerts = `
create table alert (
  id           integer primary key autoincrement,
  key          text    not null,
  kind         text    not null check (kind in ('facility', 'region', 'destination', 'receiver')),
  facility     text,
  feed         text,
  destination  text,
  members      text    not null,
  state        text    not null check (state in ('silent', 'partial', 'low', 'held', 'blocked', 'fault')),
  cause        text    not null
    check (cause in ('agent-dead', 'network-cut', 'agent-paused', 'source-silent', 'exports-rejected', 'export-short',
                     'held-by-guard', 'forward-blocked', 'destination-down', 'destination-paused', 'export-incomplete',
                     'facility-unknown', 'ledger-gap', 'watch-stale')),
  days         text    not null,
  missing      integer not null check (missing >= 0),
  facts        text    not null,
  since        integer not null,
  opened_at    integer not null,
  told_at      integer,
  reminded_at  integer,
  escalated_at integer,
  recovering_at integer,
  returns      integer not null,
  taken_by     text,
  taken_name   text,
  taken_at     integer,
  closed_at    integer,
  ending       text    check (ending in ('recovered', 'person', 'grouped')),
  closed_name  text,
  reason       text,
  changed_at   integer not null,
  check ((closed_at is null) = (ending is null))
) strict;
-- One open alert of a key.
create unique index alert_key on alert (key) where closed_at is null;
-- open
create index alert_open on alert (opened_at) where closed_at is null;
-- closedSince, purge
create index alert_closed on alert (closed_at) where closed_at is not null;
-- lastClosed
create index alert_past on alert (key, closed_at) where closed_at is not null;

create table alert_event (
  id    integer primary key autoincrement,
  alert integer not null references alert (id),
  at    integer not null,
  kind  text    not null
    check (kind in ('opened', 'returned', 'worse', 'cause', 'told', 'nobody', 'reminded', 'escalated', 'recovering',
                    'again', 'called', 'taken', 'released', 'note', 'closed', 'recovered', 'grouped', 'undelivered')),
  name  text,
  text  text    not null
) strict;
-- events, purge
create index alert_event_alert on alert_event (alert, id);

create table alert_message (
  id         integer primary key autoincrement,
  alert      integer references alert (id),
  recipient  text    not null,
  role       text    not null,
  channel    text    not null check (channel in ('email', 'sms', 'webhook')),
  address    text    not null,
  kind       text    not null check (kind in ('first', 'reminder', 'escalation', 'recovery', 'test')),
  identity   text    not null unique,
  subject    text    not null,
  text       text    not null,
  created_at integer not null,
  due_at     integer not null,
  state      text    not null check (state in ('pending', 'sending', 'sent', 'failed', 'dead', 'withdrawn')),
  attempts   integer not null,
  doubt      integer not null check (doubt in (0, 1)),
  sent_at    integer,
  code       text
) strict;
-- claim, hasDue
create index alert_message_due on alert_message (channel, due_at) where state in ('pending', 'failed');
-- claim (what comes first), messages, tests, withdraw, purge
create index alert_message_alert on alert_message (alert, id);
-- recoverSending
create index alert_message_sending on alert_message (id) where state = 'sending';
-- dead
create index alert_message_dead on alert_message (created_at) where state = 'dead';

-- When alerts were last made to agree, and up to which change of the watching.
create table alert_round (
  one        integer not null primary key check (one = 1),
  at         integer not null,
  transition integer not null
) strict;
`;
