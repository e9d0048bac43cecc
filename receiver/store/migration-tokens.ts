/** Tokens of the API. */
export const tokens = `
-- times in epoch ms; facilities null: every facility; scopes, facilities: JSON; hash: SHA-256 of the token
create table api_token (
  id         text    primary key,
  name       text    not null,
  hash       blob    not null unique,
  profile    text    not null,
  scopes     text    not null,
  facilities text,
  created_at integer not null,
  created_by text    not null,
  expires_at integer not null,
  revoked_at integer,
  used_at    integer
) strict, without rowid;
`;
