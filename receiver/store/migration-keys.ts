/** What people were told of keys and certificates that end; and invitations that a second person lets in. */
export const keys = `
create table expiry_notice (
  subject   text    not null,
  ends_at   integer not null,
  threshold integer not null check (threshold in (0, 7, 14, 30)),
  address   text    not null,
  state     text    not null check (state in ('claimed', 'sent', 'failed')),
  attempts  integer not null,
  at        integer not null,
  primary key (subject, ends_at, threshold, address)
) strict, without rowid;

-- Null: nobody need let it in.
alter table invitation add column invited_by text;
alter table invitation add column asked text;
alter table invitation add column approved text;
`;
