import type { Language } from '../../shared/i18n/texts.ts';
import type { Session, SessionTables, SignIn, SignInStep } from './session-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

type SessionRow = Omit<Session, 'strong'> & { strong: number };

interface SignInRow {
  token: Buffer;
  step: SignInStep;
  account: string | null;
  strong: number;
  state: string | null;
  nonce: string | null;
  verifier: string | null;
  towards: string;
  language: Language;
  expiresAt: number;
}

const columns =
  'token, account, csrf, place, strong, created_at as createdAt, seen_at as seenAt, expires_at as expiresAt';

export const sessionSql = {
  open: sql(`
    insert into account_session (token, account, csrf, place, strong, created_at, seen_at, expires_at)
    values (?, ?, ?, ?, ?, ?, ?, ?)`),
  get: sql<SessionRow>(`select ${columns} from account_session where token = ?`),
  ofAccount: sql<SessionRow>(
    `select ${columns} from account_session where account = ? and expires_at > ? order by created_at desc`,
  ),
  counts: sql<{ account: string; count: number }>(
    'select account, count(*) as count from account_session where expires_at > ? group by account',
  ),
  seen: sql('update account_session set seen_at = max(seen_at, ?) where token = ?'),
  close: sql('delete from account_session where token = ?'),
  closeOf: sql('delete from account_session where account = ? and csrf <> ?'),
  putSignIn: sql(`
    insert or replace into sign_in (token, step, account, strong, state, nonce, verifier, towards, language, expires_at)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  signIn: sql<SignInRow>(`
    select token, step, account, strong, state, nonce, verifier, towards, language, expires_at as expiresAt
      from sign_in where token = ? and expires_at > ?`),
  dropSignIn: sql('delete from sign_in where token = ?'),
  dropSignInsOf: sql('delete from sign_in where account = ?'),
  purge: sql('delete from account_session where expires_at <= ?'),
  purgeSignIns: sql('delete from sign_in where expires_at <= ?'),
} as const;

export function createSessionTables(statements: Statements): SessionTables {
  const { all, get, run } = statements;
  return {
    openSession: async ({ token, account, csrf, place, strong, createdAt, seenAt, expiresAt }) => {
      run(sessionSql.open, token, account, csrf, place, Number(strong), createdAt, seenAt, expiresAt);
    },
    session: async (token) => {
      const row = get(sessionSql.get, token);
      return row === undefined ? undefined : sessionOf(row);
    },
    sessionsOf: async (account, now) => all(sessionSql.ofAccount, account, now).map(sessionOf),
    countSessions: async (now) =>
      new Map(all(sessionSql.counts, now).map(({ account, count }) => [account, count])),
    seen: async (token, at) => {
      run(sessionSql.seen, at, token);
    },
    closeSession: async (token) => run(sessionSql.close, token) === 1,
    closeSessions: async (account, exceptCsrf = '') => run(sessionSql.closeOf, account, exceptCsrf),
    purgeSessions: async (now) => run(sessionSql.purge, now) + run(sessionSql.purgeSignIns, now),
    ...createSignIns(statements),
  };
}

function createSignIns({
  get,
  run,
}: Statements): Pick<SessionTables, 'putSignIn' | 'signIn' | 'dropSignIn' | 'dropSignInsOf'> {
  return {
    putSignIn: async (signIn) => {
      const ofAccount = signIn.step !== 'provider';
      run(
        sessionSql.putSignIn,
        ...[signIn.token, signIn.step, ofAccount ? signIn.account : null, Number(ofAccount && signIn.strong)],
        ...(ofAccount ? [null, null, null] : [signIn.state, signIn.nonce, signIn.verifier]),
        ...[signIn.towards, signIn.language, signIn.expiresAt],
      );
    },
    signIn: async (token, now) => {
      const row = get(sessionSql.signIn, token, now);
      return row === undefined ? undefined : signInOf(row);
    },
    dropSignIn: async (token) => {
      run(sessionSql.dropSignIn, token);
    },
    dropSignInsOf: async (account) => {
      run(sessionSql.dropSignInsOf, account);
    },
  };
}

function sessionOf(row: SessionRow): Session {
  return { ...row, strong: row.strong === 1 };
}

/** The table's checks keep what belongs together together. */
function signInOf(row: SignInRow): SignIn {
  const { token, step, account, strong, state, nonce, verifier, towards, language, expiresAt } = row;
  const common = { token, towards, language, expiresAt };
  return step === 'provider'
    ? { ...common, step, state: state ?? '', nonce: nonce ?? '', verifier: verifier ?? '' }
    : { ...common, step, account: account ?? '', strong: strong === 1 };
}
