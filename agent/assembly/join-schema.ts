/** Tables of agent.db for exports that complete each other: a migration of agent/outbox/schema.ts. */
export const joinTables = `
  -- exports whose rows are halves of records; the later one wins
  create table join_reads (
    n       integer primary key,
    export  text not null unique,
    -- the main export's source: both sides meet under its name
    source  text not null,
    mapping text not null,
    side    text not null check (side in ('main', 'joined')),
    -- the columns remembered, as JSON: names, no values
    columns text not null,
    -- read to its last byte: its rows count
    whole   integer not null default 0,
    read_at integer not null
  ) strict;
  -- start: reads that did not end
  create index join_reads_open on join_reads (n) where whole = 0;
  -- retention
  create index join_reads_by_age on join_reads (read_at);

  -- rows, encrypted under the machine's own key, looked up by a keyed hash of what both halves have in common
  -- in the order of the file, which is the order in which they are written and put together
  create table join_rows (
    read    integer not null references join_reads (n) on delete cascade,
    record  integer not null,
    line    integer not null,
    -- of source, mapping, side and key; empty = the row has none and meets nothing
    key     blob not null,
    sealed  blob not null,
    primary key (read, record)
  ) strict, without rowid;
  create index join_rows_by_key on join_rows (key, read) where key <> x'';
`;
