import type { Account } from '../../store/account-tables.ts';
import type { Session } from '../../store/session-tables.ts';
import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

/** An account as pages know it: no hash and no secret. */
export interface AccountShown extends Omit<
  Account,
  'passwordHash' | 'totpSecret' | 'totpPending' | 'totpStep' | 'failures' | 'identity'
> {
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
  readonly sessions: number;
}

/** A session without what its cookie is known by. */
export type SessionShown = Omit<Session, 'token' | 'account'>;

export interface AccountReads {
  own(id: string, now: number): Promise<AccountShown | undefined>;
  ownSessions(id: string, now: number): Promise<readonly SessionShown[]>;
  /** For its owner, until a code of it was given: then nobody is shown it again. */
  pendingTotp(id: string): Promise<string | undefined>;
  /** Empty for whoever sees less than the whole region. */
  all(now: number): Promise<readonly AccountShown[]>;
  one(id: string, now: number): Promise<AccountShown | undefined>;
}

export function createAccountReads(tx: StoreTx, { facilities, destinations }: ViewReach): AccountReads {
  const seesAll = facilities === 'all' && destinations === 'all';
  const one = async (id: string, now: number): Promise<AccountShown | undefined> => {
    const account = await tx.accounts.get(id);
    if (account === undefined) return undefined;
    return shown(account, (await tx.accounts.sessionsOf(id, now)).length);
  };
  return {
    own: one,
    ownSessions: async (id, now) =>
      (await tx.accounts.sessionsOf(id, now)).map(
        ({ csrf, place, strong, createdAt, seenAt, expiresAt }) => ({
          ...{ csrf, place, strong, createdAt, seenAt, expiresAt },
        }),
      ),
    pendingTotp: async (id) => (await tx.accounts.get(id))?.totpPending ?? undefined,
    all: async (now) => {
      if (!seesAll) return [];
      const sessions = await tx.accounts.countSessions(now);
      return (await tx.accounts.list()).map((account) => shown(account, sessions.get(account.id) ?? 0));
    },
    one: async (id, now) => (seesAll ? one(id, now) : undefined),
  };
}

function shown(account: Account, sessions: number): AccountShown {
  const { id, login, name, language, mustChange, lockedUntil, disabledAt, createdAt, fromRoles } = account;
  const { profile, administrator, facilities, destinations } = account;
  return {
    ...{ id, login, name, language, mustChange, lockedUntil, disabledAt, createdAt, fromRoles },
    ...{ profile, administrator, facilities, destinations, sessions },
    ...{ hasPassword: account.passwordHash !== null, hasTotp: account.totpSecret !== null },
  };
}
