import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../shared/runtime/clock.ts';
import { viewerOf } from '../accounts/sessions.ts';
import { tokenOf } from '../accounts/tokens.ts';
import type { Session } from '../store/session-tables.ts';
import type { Store } from '../store/store.ts';
import type { PortalCookies } from './portal-cookies.ts';
import type { SessionDoor } from './portal-guard.ts';

export interface SessionDoorDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly cookies: PortalCookies;
}

const touchEveryMs = 60_000;

/**
 * Sessions on the server, known by a cookie and looked up at every request: signing out, disabling and resetting bite at
 * once. That somebody was seen is noted beside the answer, once a minute at most: a page never waits for a writer.
 */
export function createSessionDoor({ store, clock, cookies }: SessionDoorDeps): SessionDoor {
  const noting = new Set<string>();
  const note = ({ token, seenAt }: Session, now: number): void => {
    const key = token.toString('hex');
    if (now - seenAt < touchEveryMs || noting.has(key)) return;
    noting.add(key);
    void store
      .transaction((tx) => tx.accounts.seen(token, now))
      // The database writes something long: the next page notes it.
      .catch(() => undefined)
      .finally(() => noting.delete(key));
  };
  return {
    signInPath: '/connexion',
    viewerOf: async (request) => {
      const token = tokenOf(cookies.read(request, 'session'));
      if (token === undefined) return undefined;
      const found = await store.read(async (tx) => {
        const session = await tx.accounts.session(token);
        const account = session === undefined ? undefined : await tx.accounts.get(session.account);
        return session === undefined || account === undefined ? undefined : { session, account };
      });
      if (found === undefined) return undefined;
      const now = clock.now();
      const viewer = viewerOf(found.session, found.account, now);
      if (viewer !== undefined && isByHand(request)) note(found.session, now);
      return viewer;
    },
  };
}

/** A page that refreshes itself keeps nobody signed in: browsers say which requests a person made. */
function isByHand(request: FastifyRequest): boolean {
  const mode = request.headers['sec-fetch-mode'];
  return mode === undefined || mode === 'navigate';
}
