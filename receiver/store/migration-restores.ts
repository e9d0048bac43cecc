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
