import { hash } from 'node:crypto';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from './actor.ts';
import type { Account, AccountAccess, Identity } from '../store/account-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { accessFacts, blankAccount } from './account-changes.ts';

/** Somebody, as the provider of identities says. */
export interface Vouched {
  readonly identity: Identity;
  /** Checked by the provider; else empty. */
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Two factors were asked for there. */
  readonly strong: boolean;
}

export interface VouchedDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** What somebody with these roles may do; undefined: nothing. */
  readonly accessFor: (roles: readonly string[]) => AccountAccess | undefined;
}

const provider: Actor = { kind: 'system', id: 'identity-provider', name: 'identity-provider' };

/**
 * The account that somebody's identity opens: the one linked to it; else the one with their e-mail address that nobody was
 * linked to, which it is from now on; else, for a mapped role, a new one, whose access follows the role at each sign-in.
 * Undefined: none, and nothing was changed.
 */
export async function vouchedAccount(
  tx: StoreTx,
  vouched: Vouched,
  language: Language,
  deps: VouchedDeps,
): Promise<Account | undefined> {
  const { identity, email } = vouched;
  const linked = await tx.accounts.byIdentity(identity);
  if (linked !== undefined) return linked.fromRoles ? followRoles(tx, linked, vouched, deps) : open(linked);
  const same = email === '' ? undefined : await tx.accounts.byLogin(email);
  if (same === undefined) return byRole(tx, vouched, language, deps);
  // Known here as somebody else of that provider, or closed.
  if (same.identity !== null || same.disabledAt !== null) return undefined;
  await tx.accounts.link(same.id, identity);
  await note(tx, 'account.link', same, { issuer: identity.issuer }, deps);
  return { ...same, identity };
}

async function followRoles(
  tx: StoreTx,
  account: Account,
  { roles }: Vouched,
  deps: VouchedDeps,
): Promise<Account | undefined> {
  const access = deps.accessFor(roles);
  if (access === undefined || account.disabledAt !== null) return undefined;
  const now = { ...account, ...access };
  if (JSON.stringify(accessFacts(now)) === JSON.stringify(accessFacts(account))) return account;
  await tx.accounts.setAccess(account.id, access);
  await tx.accounts.closeSessions(account.id);
  await note(tx, 'account.access', now, accessFacts(now), deps);
  return now;
}

async function byRole(
  tx: StoreTx,
  { identity, email, name, roles }: Vouched,
  language: Language,
  deps: VouchedDeps,
): Promise<Account | undefined> {
  const access = deps.accessFor(roles);
  if (access === undefined) return undefined;
  const { clock, random } = deps;
  const login = /^[a-z0-9][a-z0-9._+@-]{2,99}$/.test(email) ? email : `sso-${digestOf(identity)}`;
  const shown = name.trim() === '' ? login : name.slice(0, 100);
  const account = blankAccount({
    ...{ id: random.uuid(clock.now()), login, name: shown, language, access },
    ...{ createdAt: clock.now(), identity, fromRoles: true },
  });
  await tx.accounts.add(account);
  await note(tx, 'account.create', account, { ...accessFacts(account), issuer: identity.issuer }, deps);
  return account;
}

function open(account: Account): Account | undefined {
  return account.disabledAt === null ? account : undefined;
}

function digestOf({ issuer, subject }: Identity): string {
  return hash('sha256', JSON.stringify([issuer, subject])).slice(0, 16);
}

function note(
  tx: StoreTx,
  action: string,
  { id }: Account,
  facts: Readonly<Record<string, string | number>>,
  { clock }: VouchedDeps,
): Promise<void> {
  return appendAudit(tx, clock, provider, { action, subject: id, facts });
}
