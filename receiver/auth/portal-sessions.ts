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
  // One write for all who were seen, and one at a time: what people ask for never queues behind many of them.
  const toNote = new Map<string, { readonly token: Buffer; readonly at: number }>();
  let isNoting = false;
  const note = ({ token, seenAt }: Session, now: number): void => {
    if (now - seenAt < touchEveryMs) return;
    toNote.set(token.toString('hex'), { token, at: now });
    if (isNoting) return;
    isNoting = true;
    void store
      .transaction(async (tx) => {
        for (const { token: seen, at } of toNote.values()) await tx.accounts.seen(seen, at);
        toNote.clear();
      })
      // The database writes something long: the next page notes it.
      .catch(() => undefined)
      .finally(() => {
        isNoting = false;
      });
  };
  return {
    signInPath: '/connexion',
    viewerOf: async (request, asked) => {
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
      if (viewer !== undefined && asked !== 'by-itself' && isByHand(request)) note(found.session, now);
      return viewer;
    },
  };
}

/** Asked for by a person who wants to stay signed in, from a page that stays as it is. */
export const stayPath = '/session';

/** A page that refreshes itself keeps nobody signed in: browsers say which requests a person made. */
function isByHand(request: FastifyRequest): boolean {
  const mode = request.headers['sec-fetch-mode'];
  return mode === undefined || mode === 'navigate' || request.url === stayPath;
}
