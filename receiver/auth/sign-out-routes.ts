import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../shared/runtime/clock.ts';
import { tokenOf } from '../accounts/tokens.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Store } from '../store/store.ts';
import { formOf } from './form.ts';
import type { PortalCookies } from './portal-cookies.ts';
import { stayPath } from './portal-sessions.ts';

export interface SignOutDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly cookies: PortalCookies;
}

const yearSeconds = 365 * 24 * 60 * 60;

/** Signing out and staying signed in, and the colours of the pages: what changes cookies and is therefore no page. */
export function signOutRoutes(app: FastifyInstance, { store, clock, cookies }: SignOutDeps): void {
  // The door has noted it by now.
  app.get(stayPath, { config: { rights: 'signed-in' }, exposeHeadRoute: false }, (_request, reply) =>
    reply.code(204).header('cache-control', 'no-store').send(),
  );
  for (const prefix of ['', '/en']) {
    app.post(`${prefix}/deconnexion`, { config: { rights: 'anybody' } }, async (request, reply) => {
      const token = tokenOf(cookies.read(request, 'session'));
      const { viewer } = request;
      // A cookie that stands for nobody closes nothing: anybody's form could bring it here.
      if (token !== undefined && viewer !== undefined)
        await store.transaction(async (tx) => {
          await tx.accounts.closeSession(token);
          const actor = { kind: 'account', id: viewer.account, name: viewer.name } as const;
          await appendAudit(tx, clock, actor, { action: 'account.sign-out', subject: viewer.account });
        });
      cookies.clear(reply, 'session');
      return reply.header('clear-site-data', '"cache"').redirect(`${prefix}/connexion?fin=1`, 303);
    });
    app.post(`${prefix}/compte/theme`, { config: { rights: 'signed-in' } }, async (request, reply) => {
      const theme = formOf(request)('theme');
      const kept = theme === 'light' || theme === 'dark' ? theme : undefined;
      // Read by the server only; nothing depends on it.
      const options = { path: '/', sameSite: 'lax', httpOnly: true } as const;
      if (kept === undefined) void reply.clearCookie('theme', options);
      else void reply.setCookie('theme', kept, { ...options, maxAge: yearSeconds });
      return reply.redirect(`${prefix}/compte`, 303);
    });
  }
}
