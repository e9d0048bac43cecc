/**
 * What is counted of each day's records. Copies: `stamp` says of which content, so that a stale count is seen as such and
 * made again. Cells lie apart: a scorecard does not read them.
 */
export const quality = `
create table day_tally (
  facility text    not null,
  feed     text    not null,
  day      integer not null,
  stamp    text    not null,
  records  integer not null check (records >= 0),
  summary  text    not null,
  primary key (feed, facility, day)
) strict, without rowid;

create table day_cells (
  facility text    not null,
  feed     text    not null,
  day      integer not null,
  cells    blob    not null,
  primary key (feed, facility, day)
) strict, without rowid;

-- week: its Monday. claimed: about to be handed over; it stays so when nobody knows whether it went out, and is not sent
-- again. failed: surely not sent.
create table scorecard_mail (
  facility text    not null,
  week     integer not null,
  address  text    not null,
  state    text    not null check (state in ('claimed', 'sent', 'failed')),
  attempts integer not null check (attempts > 0),
  at       integer not null,
  primary key (facility, week, address)
) strict, without rowid;

-- The last week of each facility, as its agents fetch it: a signed text.
create table scorecard_file (
  facility text    not null primary key,
  week     integer not null,
  text     text    not null,
  proof    text    not null
) strict, without rowid;
`;
