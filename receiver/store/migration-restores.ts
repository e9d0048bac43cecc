/** A region that was brought back from a backup: what that may have undone, until a person has looked. */
export const restores = `
-- times in epoch ms; known_until: up to when withdrawals made after the backup are known, null: none of them
create table restored (
  one         integer not null primary key check (one = 1),
  backup_at   integer not null,
  restored_at integer not null,
  known_until integer,
  withdrawn   integer not null,
  erased      integer not null,
  lost_keys   integer not null
) strict;
`;

/** What an applied list of withdrawals names and the restored region does not know: the next list must not forget it. */
export const keptWithdrawals = `
-- name: the id or fingerprint; of a visit, its entry of the list as JSON
create table kept_withdrawal (
  kind text not null check (kind in ('agent', 'certificate', 'account', 'token', 'visit')),
  name text not null,
  primary key (kind, name)
) strict, without rowid;
`;
