import type { SessionDoor } from './portal-guard.ts';

/** Sessions on the server, known by a cookie. */
export function createSessionDoor(): SessionDoor {
  return { signInPath: '/connexion', viewerOf: async () => undefined };
}
