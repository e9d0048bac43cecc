/**
 * Who may look at the region's pages, and who looks now. Tokens of cookies lie here as SHA-256 only, so that a copy of the
 * database opens no session; what is under way lies here too, so that another receiver goes on with it.
 */
export const accounts = `
-- facilities, destinations: null = all, else a JSON list. from_roles: the provider of identities says what it may do.
create table account (
  id             text    not null primary key,
  login          text    not null unique check (login = lower(login)),
  name           text    not null,
  profile        text    not null
    check (profile in ('regional-operator', 'hospital-admin', 'agency', 'health-professional', 'read-only', 'auditor')),
  administrator  integer not null check (administrator in (0, 1)),
  facilities     text,
  destinations   text,
  language       text    not null check (language in ('fr', 'en')),
  password_hash  text    check (password_hash is null or password_hash like '$argon2id$%'),
  must_change    integer not null check (must_change in (0, 1)),
  totp_secret    text,
  totp_pending   text,
  totp_step      integer,
  failures       integer not null check (failures >= 0),
  locked_until   integer,
  disabled_at    integer,
  created_at     integer not null,
  issuer         text,
  subject        text,
  from_roles     integer not null check (from_roles in (0, 1)),
  check ((issuer is null) = (subject is null)),
  check (administrator = 0 or profile = 'regional-operator')
) strict, without rowid;
-- byIdentity; also the guarantee that one identity opens one account
create unique index account_identity on account (issuer, subject) where issuer is not null;

create table account_session (
  token      blob    not null primary key check (length(token) = 32),
  account    text    not null references account (id),
  csrf       text    not null,
  place      text    not null,
  strong     integer not null check (strong in (0, 1)),
  created_at integer not null,
  seen_at    integer not null,
  expires_at integer not null
) strict, without rowid;
-- sessionsOf, closeSessions
create index account_session_account on account_session (account, created_at);
-- purge
create index account_session_end on account_session (expires_at);

-- Somebody on the way in: code, password, enrol = what is still asked of the account; provider = sent to the provider of identities.
create table sign_in (
  token      blob    not null primary key check (length(token) = 32),
  step       text    not null check (step in ('code', 'password', 'enrol', 'provider')),
  account    text    references account (id),
  strong     integer not null check (strong in (0, 1)),
  state      text,
  nonce      text,
  verifier   text,
  towards    text    not null,
  language   text    not null check (language in ('fr', 'en')),
  expires_at integer not null,
  check ((step = 'provider') = (account is null)),
  check ((step = 'provider') = (state is not null and nonce is not null and verifier is not null))
) strict, without rowid;
-- dropSignInsOf
create index sign_in_account on sign_in (account) where account is not null;
-- purge
create index sign_in_end on sign_in (expires_at);
`;
