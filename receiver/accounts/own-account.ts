import type { Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from './actor.ts';
import type { Account } from '../store/account-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { lockedUntil } from './lockout.ts';
import { codeStep, createTotpSecret } from './one-time-codes.ts';
import { checkPassword, hashPassword, isPassword } from './passwords.ts';

/**
 * What people change of their own account. Whoever found a screen left open has no password: it is asked again, and
 * guessing it here counts like guessing it at the door.
 */
export interface OwnAccount {
  /** Closes the account's other sessions. Throws `password-wrong`, `password-same` and what `checkPassword` throws. */
  changePassword(asked: { readonly present: string; readonly next: string }): Promise<void>;
  /** Throws `password-wrong`. An account without a password needs none. */
  prepareTotp(present: string): Promise<void>;
  /** Throws `code-wrong` and `code-not-prepared`. */
  confirmTotp(code: string): Promise<void>;
  setLanguage(language: Language): Promise<void>;
  closeOthers(): Promise<void>;
}

export interface OwnAccountDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly actor: Actor;
  /** Of the session that asks: the one that stays. */
  readonly csrf: string;
}

export function createOwnAccount(deps: OwnAccountDeps): OwnAccount {
  const { store, clock, random, actor, csrf } = deps;
  const note = (tx: StoreTx, action: string, facts: Readonly<Record<string, string | number>> = {}) =>
    appendAudit(tx, clock, actor, { action, subject: actor.id, facts });
  return {
    changePassword: async ({ present, next }) => {
      const account = await proven(present, deps);
      checkPassword(next, account);
      if (await isPassword(account.passwordHash, next)) throw permanent('password-same');
      const hash = await hashPassword(next);
      await store.transaction(async (tx) => {
        await unchanged(tx, account);
        await tx.accounts.setPassword(account.id, hash, false);
        await note(tx, 'account.password', { sessions: await tx.accounts.closeSessions(account.id, csrf) });
      });
    },
    prepareTotp: async (present) => {
      const account = await proven(present, deps);
      await store.transaction((tx) => tx.accounts.prepareTotp(account.id, createTotpSecret(random)));
    },
    confirmTotp: async (code) => {
      const step = await store.transaction(async (tx) => {
        const account = await owner(tx, actor);
        if (account.totpPending === null) throw permanent('code-not-prepared');
        const found = codeStep(account.totpPending, code, clock.now());
        if (found === undefined) return undefined;
        await tx.accounts.confirmTotp(account.id, found);
        await note(tx, 'account.second-factor', {
          sessions: await tx.accounts.closeSessions(account.id, csrf),
        });
        return found;
      });
      if (step === undefined) throw permanent('code-wrong');
    },
    setLanguage: (language) => store.transaction((tx) => tx.accounts.setLanguage(actor.id, language)),
    closeOthers: () =>
      store.transaction(async (tx) => {
        await note(tx, 'account.close-sessions', {
          sessions: await tx.accounts.closeSessions(actor.id, csrf),
        });
      }),
  };
}

async function proven(present: string, { store, clock, actor }: OwnAccountDeps): Promise<Account> {
  const now = clock.now();
  const { account, isOpen } = await store.transaction(async (tx) => {
    const found = await owner(tx, actor);
    const claimed =
      found.passwordHash === null ||
      (await tx.accounts.claimAttempt(found.id, now, (failures) => lockedUntil(failures, now)));
    return { account: found, isOpen: claimed };
  });
  if (account.passwordHash === null) return account;
  const isRight = await isPassword(account.passwordHash, present);
  await store.transaction(async (tx) => {
    if (isRight && isOpen) await tx.accounts.releaseAttempt(account.id);
    else await appendAudit(tx, clock, actor, { action: 'account.proof-refused', subject: account.id });
  });
  if (!isRight || !isOpen) throw permanent('password-wrong');
  return account;
}

async function owner(tx: StoreTx, { id }: Actor): Promise<Account> {
  const account = await tx.accounts.get(id);
  if (account === undefined) throw permanent('account-unknown', { facts: { account: id } });
  return account;
}

/** Somebody else may have changed it while the new one was being hashed. */
async function unchanged(tx: StoreTx, { id, passwordHash }: Account): Promise<void> {
  if ((await tx.accounts.get(id))?.passwordHash !== passwordHash) throw permanent('password-wrong');
}
