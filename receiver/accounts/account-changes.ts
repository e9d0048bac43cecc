import type { Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from './actor.ts';
import type { Account, AccountAccess, Identity } from '../store/account-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { createOneTimePassword, hashPassword } from './passwords.ts';

/**
 * What administrators and the command line do to accounts. Each change bites at once: whoever is disabled, given another
 * password or another reach is signed out everywhere. Nobody takes their own way in away.
 */
export interface ChangeDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly actor: Actor;
}

export interface AccountAsked {
  readonly login: string;
  readonly name: string;
  readonly language: Language;
  readonly access: AccountAccess;
  readonly reason?: string | undefined;
}

export interface OneTime {
  readonly account: Account;
  /** To be handed over now: nothing tells it a second time. */
  readonly password: string;
}

/** Throws `account-login-invalid`, `account-name-missing` and `account-login-taken`. */
export async function createAccount(asked: AccountAsked, deps: ChangeDeps): Promise<OneTime> {
  const { store, clock, random, actor } = deps;
  const password = createOneTimePassword(random);
  const account: Account = {
    ...blankAccount({
      ...asked,
      id: random.uuid(clock.now()),
      createdAt: clock.now(),
      identity: null,
      fromRoles: false,
    }),
    ...{ passwordHash: await hashPassword(password), mustChange: true },
  };
  await store.transaction(async (tx) => {
    await addAccount(tx, account);
    await appendAudit(tx, clock, actor, {
      ...{ action: 'account.create', subject: account.id, facts: accessFacts(account) },
      ...reasonOf(asked),
    });
  });
  return { account, password };
}

interface Blank extends Omit<AccountAsked, 'reason'> {
  readonly id: string;
  readonly createdAt: number;
  readonly identity: Identity | null;
  readonly fromRoles: boolean;
}

/** An account that nobody can sign in to with a password yet. */
export function blankAccount({
  id,
  login,
  name,
  language,
  access,
  createdAt,
  identity,
  fromRoles,
}: Blank): Account {
  const shown = name.replace(/\s+/g, ' ').trim();
  if (shown === '' || shown.length > 100) throw permanent('account-name-missing');
  return {
    ...{ id, login: checkedLogin(login), name: shown, language, ...access, createdAt, identity, fromRoles },
    ...{ passwordHash: null, mustChange: false, totpSecret: null, totpPending: null, totpStep: null },
    ...{ failures: 0, lockedUntil: null, disabledAt: null },
  };
}

export async function addAccount(tx: StoreTx, account: Account): Promise<void> {
  const { login } = account;
  if ((await tx.accounts.byLogin(login)) !== undefined)
    throw permanent('account-login-taken', { facts: { login } });
  await tx.accounts.add(account);
}

/** An e-mail address or a short name, in small letters. */
function checkedLogin(text: string): string {
  const login = text.trim().toLowerCase();
  if (!/^[a-z0-9][a-z0-9._+@-]{2,99}$/.test(login)) throw permanent('account-login-invalid');
  return login;
}

export function accessFacts({
  login,
  profile,
  administrator,
  facilities,
  destinations,
}: Account): Readonly<Record<string, string | number>> {
  const scope = (names: Account['facilities']): string => (names === 'all' ? 'all' : names.join(' '));
  return {
    ...{ login, profile, administrator: Number(administrator) },
    ...{ facilities: scope(facilities), destinations: scope(destinations) },
  };
}

/** An account by its id or its login. Throws `account-unknown`. */
export async function findAccount(tx: StoreTx, idOrLogin: string): Promise<Account> {
  const name = idOrLogin.trim();
  const account = (await tx.accounts.get(name)) ?? (await tx.accounts.byLogin(name.toLowerCase()));
  if (account === undefined) throw permanent('account-unknown', { facts: { account: name } });
  return account;
}

export interface Change {
  /** Id or login. */
  readonly account: string;
  readonly reason?: string | undefined;
}

export async function setAccess(change: Change, access: AccountAccess, deps: ChangeDeps): Promise<Account> {
  return changing(change, 'account.access', deps, async (tx, account) => {
    if (account.fromRoles) throw permanent('account-from-roles');
    await tx.accounts.setAccess(account.id, access);
    return accessFacts({ ...account, ...access });
  });
}

export async function disableAccount(change: Change, deps: ChangeDeps): Promise<Account> {
  return changing(change, 'account.disable', deps, async (tx, { id }) => {
    await tx.accounts.disable(id, deps.clock.now());
    return undefined;
  });
}

export async function enableAccount(change: Change, deps: ChangeDeps): Promise<Account> {
  return changing(change, 'account.enable', deps, async (tx, { id }) => {
    await tx.accounts.disable(id, null);
    await tx.accounts.clearAttempts(id);
    return undefined;
  });
}

/** Also opens a locked account. */
export async function resetPassword(change: Change, deps: ChangeDeps): Promise<OneTime> {
  const password = createOneTimePassword(deps.random);
  const hash = await hashPassword(password);
  const account = await changing(change, 'account.reset-password', deps, async (tx, { id, fromRoles }) => {
    if (fromRoles) throw permanent('account-from-roles');
    await tx.accounts.setPassword(id, hash, true);
    await tx.accounts.clearAttempts(id);
    return undefined;
  });
  return { account, password };
}

export async function resetTotp(change: Change, deps: ChangeDeps): Promise<Account> {
  return changing(change, 'account.reset-second-factor', deps, async (tx, { id }) => {
    await tx.accounts.clearTotp(id);
    return undefined;
  });
}

async function changing(
  { account: asked, reason }: Change,
  action: string,
  { store, clock, actor }: ChangeDeps,
  work: (tx: StoreTx, account: Account) => Promise<AuditFacts | undefined>,
): Promise<Account> {
  return store.transaction(async (tx) => {
    const account = await findAccount(tx, asked);
    if (actor.kind === 'account' && actor.id === account.id) throw permanent('account-own');
    const facts = (await work(tx, account)) ?? { login: account.login };
    const closed = await tx.accounts.closeSessions(account.id);
    await tx.accounts.dropSignInsOf(account.id);
    await appendAudit(tx, clock, actor, {
      ...{ action, subject: account.id, facts: { ...facts, sessions: closed } },
      ...reasonOf({ reason }),
    });
    return account;
  });
}

type AuditFacts = Readonly<Record<string, string | number>>;

function reasonOf({ reason }: { readonly reason?: string | undefined }): { readonly reason?: string } {
  return reason === undefined ? {} : { reason };
}
