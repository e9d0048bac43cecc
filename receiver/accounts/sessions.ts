import type { Random } from '../../shared/runtime/random.ts';
import type { Account } from '../store/account-tables.ts';
import type { Session } from '../store/session-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { Viewer } from './profile.ts';
import { createToken } from './tokens.ts';

const hourMs = 60 * 60_000;
const longestMs = 12 * hourMs;
/** For those who act. Who only looks may leave a screen on the wall. */
const idleMs = 30 * 60_000;

/** A new one at every sign-in, whatever cookie came with it; answers what the cookie says. */
export async function openSession(
  tx: StoreTx,
  {
    account,
    strong,
    place,
    now,
    random,
  }: { account: string; strong: boolean; place: string; now: number; random: Random },
): Promise<string> {
  const token = createToken(random);
  const csrf = random.bytes(24).toString('base64url');
  await tx.accounts.purgeSessions(now);
  await tx.accounts.openSession({
    ...{ token: token.kept, account, csrf, place, strong },
    ...{ createdAt: now, seenAt: now, expiresAt: now + longestMs },
  });
  return token.said;
}

/** Whom a session stands for now; undefined when it is over or its account is disabled. */
export function viewerOf(session: Session, account: Account, now: number): Viewer | undefined {
  if (account.disabledAt !== null || session.expiresAt <= now) return undefined;
  const patience = idleMsOf(account);
  if (patience !== undefined && session.seenAt + patience <= now) return undefined;
  const { id, name, profile, administrator, facilities, destinations, language } = account;
  return {
    ...{ account: id, name, profile, administrator, language, csrf: session.csrf },
    facilities: facilities === 'all' ? 'all' : new Set(facilities),
    destinations: destinations === 'all' ? 'all' : new Set(destinations),
  };
}

/** For how long a session lasts without being used; undefined: as long as it lasts. */
export function idleMsOf({ profile }: Pick<Account, 'profile'>): number | undefined {
  const acts = profile === 'regional-operator' || profile === 'hospital-admin' || profile === 'agency';
  return acts ? idleMs : undefined;
}
