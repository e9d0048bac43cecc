/** Extractions asked for: what, by whom, what for, and what became of them. Their files lie in a folder. */
export const extractions = `
-- times in epoch ms; facilities null: every facility; request, facilities, notes: JSON
create table extraction (
  seq            integer primary key autoincrement,
  id             text    not null unique,
  request        text    not null,
  requester_kind text    not null check (requester_kind in ('account', 'command-line', 'system')),
  requester_id   text    not null,
  requester_name text    not null,
  profile        text    not null,
  administrator  integer not null check (administrator in (0, 1)),
  facilities     text,
  state          text    not null check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled', 'expired')),
  asked_at       integer not null,
  started_at     integer,
  ended_at       integer,
  done           integer not null default 0,
  parts          integer,
  rows           integer,
  hidden         integer,
  bytes          integer,
  sha256         text,
  notes          text,
  code           text,
  expires_at     integer,
  fetched        integer not null default 0
) strict;
-- list, pendingOf
create index extraction_requester on extraction (requester_kind, requester_id, seq);
-- claim
create index extraction_waiting on extraction (seq) where state = 'waiting';
-- recover
create index extraction_running on extraction (seq) where state = 'running';
-- due
create index extraction_due on extraction (expires_at, seq) where state = 'ready';
`;
