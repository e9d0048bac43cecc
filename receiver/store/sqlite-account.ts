import type { Language } from '../../shared/i18n/texts.ts';
import type { Profile } from '../accounts/profile.ts';
import type { Account, AccountAccess, AccountTable, AccountTables, Scope } from './account-tables.ts';
import { createSessionTables } from './sqlite-session.ts';
import { sql, type Statements } from './sqlite-statements.ts';

interface Row {
  id: string;
  login: string;
  name: string;
  profile: Profile;
  administrator: number;
  facilities: string | null;
  destinations: string | null;
  language: Language;
  passwordHash: string | null;
  mustChange: number;
  totpSecret: string | null;
  totpPending: string | null;
  totpStep: number | null;
  failures: number;
  lockedUntil: number | null;
  disabledAt: number | null;
  createdAt: number;
  issuer: string | null;
  subject: string | null;
  fromRoles: number;
}

const columns = `id, login, name, profile, administrator, facilities, destinations, language,
       password_hash as passwordHash, must_change as mustChange, totp_secret as totpSecret,
       totp_pending as totpPending, totp_step as totpStep, failures, locked_until as lockedUntil,
       disabled_at as disabledAt, created_at as createdAt, issuer, subject, from_roles as fromRoles`;

export const accountSql = {
  get: sql<Row>(`select ${columns} from account where id = ?`),
  byLogin: sql<Row>(`select ${columns} from account where login = ?`),
  byIdentity: sql<Row>(`select ${columns} from account where issuer = ? and subject = ?`),
  list: sql<Row>(`select ${columns} from account order by login`),
  add: sql(`
    insert into account (id, login, name, profile, administrator, facilities, destinations, language, password_hash,
                         must_change, totp_secret, totp_pending, totp_step, failures, locked_until, disabled_at,
                         created_at, issuer, subject, from_roles)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  setAccess: sql(
    'update account set profile = ?, administrator = ?, facilities = ?, destinations = ? where id = ?',
  ),
  setLanguage: sql('update account set language = ? where id = ?'),
  setPassword: sql('update account set password_hash = ?, must_change = ? where id = ?'),
  rehash: sql('update account set password_hash = ? where id = ? and password_hash = ?'),
  prepareTotp: sql('update account set totp_pending = ? where id = ?'),
  confirmTotp: sql(`
    update account set totp_secret = totp_pending, totp_pending = null, totp_step = ?
     where id = ? and totp_pending is not null`),
  clearTotp: sql('update account set totp_secret = null, totp_pending = null, totp_step = null where id = ?'),
  takeTotpStep: sql('update account set totp_step = ? where id = ? and (totp_step is null or totp_step < ?)'),
  claimAttempt: sql<{ failures: number }>(`
    update account set failures = failures + 1
     where id = ? and (locked_until is null or locked_until <= ?)
 returning failures`),
  lock: sql('update account set locked_until = ? where id = ?'),
  releaseAttempt: sql('update account set failures = max(0, failures - 1), locked_until = null where id = ?'),
  clearAttempts: sql('update account set failures = 0, locked_until = null where id = ?'),
  disable: sql('update account set disabled_at = ? where id = ?'),
  link: sql('update account set issuer = ?, subject = ? where id = ?'),
} as const;

export function createAccountTables(statements: Statements): AccountTables {
  return { ...createAccountTable(statements), ...createSessionTables(statements) };
}

function createAccountTable(statements: Statements): AccountTable {
  const { all, get, run } = statements;
  const found = (row: Row | undefined): Account | undefined =>
    row === undefined ? undefined : accountOf(row);
  return {
    get: async (id) => found(get(accountSql.get, id)),
    byLogin: async (login) => found(get(accountSql.byLogin, login)),
    byIdentity: async ({ issuer, subject }) => found(get(accountSql.byIdentity, issuer, subject)),
    list: async () => all(accountSql.list).map(accountOf),
    add: async (account) => {
      run(accountSql.add, ...valuesOf(account));
    },
    setAccess: async (id, access) => {
      run(accountSql.setAccess, ...accessValues(access), id);
    },
    setLanguage: async (id, language) => {
      run(accountSql.setLanguage, language, id);
    },
    link: async (id, { issuer, subject }) => {
      run(accountSql.link, issuer, subject, id);
    },
    disable: async (id, at) => {
      run(accountSql.disable, at, id);
    },
    ...createSecrets(statements),
    ...createAttempts(statements),
  };
}

function createSecrets({
  run,
}: Statements): Pick<
  AccountTable,
  'setPassword' | 'rehash' | 'prepareTotp' | 'confirmTotp' | 'clearTotp' | 'takeTotpStep'
> {
  return {
    setPassword: async (id, hash, mustChange) => {
      run(accountSql.setPassword, hash, Number(mustChange), id);
    },
    rehash: async (id, before, after) => {
      run(accountSql.rehash, after, id, before);
    },
    prepareTotp: async (id, secret) => {
      run(accountSql.prepareTotp, secret, id);
    },
    confirmTotp: async (id, step) => run(accountSql.confirmTotp, step, id) === 1,
    clearTotp: async (id) => {
      run(accountSql.clearTotp, id);
    },
    takeTotpStep: async (id, step) => run(accountSql.takeTotpStep, step, id, step) === 1,
  };
}

function createAttempts({
  get,
  run,
}: Statements): Pick<AccountTable, 'claimAttempt' | 'releaseAttempt' | 'clearAttempts'> {
  return {
    claimAttempt: async (id, now, lockedUntil) => {
      const claimed = get(accountSql.claimAttempt, id, now);
      if (claimed === undefined) return false;
      run(accountSql.lock, lockedUntil(claimed.failures), id);
      return true;
    },
    releaseAttempt: async (id) => {
      run(accountSql.releaseAttempt, id);
    },
    clearAttempts: async (id) => {
      run(accountSql.clearAttempts, id);
    },
  };
}

function accountOf(row: Row): Account {
  const { administrator, facilities, destinations, mustChange, fromRoles, issuer, subject, ...rest } = row;
  return {
    ...rest,
    ...{ administrator: administrator === 1, mustChange: mustChange === 1, fromRoles: fromRoles === 1 },
    ...{ facilities: scopeOf(facilities), destinations: scopeOf(destinations) },
    identity: issuer === null || subject === null ? null : { issuer, subject },
  };
}

function valuesOf(account: Account): readonly unknown[] {
  return [
    ...[account.id, account.login, account.name, ...accessValues(account), account.language],
    ...[account.passwordHash, Number(account.mustChange), account.totpSecret, account.totpPending],
    ...[account.totpStep, account.failures, account.lockedUntil, account.disabledAt, account.createdAt],
    ...[account.identity?.issuer ?? null, account.identity?.subject ?? null, Number(account.fromRoles)],
  ];
}

function accessValues({
  profile,
  administrator,
  facilities,
  destinations,
}: AccountAccess): readonly unknown[] {
  return [profile, Number(administrator), textOf(facilities), textOf(destinations)];
}

/** What this table itself wrote. */
function scopeOf(text: string | null): Scope {
  return text === null ? 'all' : (JSON.parse(text) as string[]);
}

function textOf(scope: Scope): string | null {
  return scope === 'all' ? null : JSON.stringify([...new Set(scope)].sort());
}
