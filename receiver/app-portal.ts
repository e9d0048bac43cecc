import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { permanent } from '../shared/runtime/errors.ts';
import { createApp, type ServerOptions, type ServerTls } from './app-server.ts';
import { networkOf } from './auth/network-of.ts';
import { guardRoutes, type SessionDoor } from './auth/portal-guard.ts';
import type { ApiRoute } from './api/route.ts';
import { apiRoutes, badApiAddress, type ApiRoutesDeps } from './routes/api.ts';
import { pageRoutes, type PageRoutesDeps } from './routes/pages.ts';

/** The region's pages, built without listening. */
export type PortalAppOptions = Omit<ServerOptions, 'tls' | 'bodyBytes' | 'answers' | 'badAddress'> & {
  readonly tls: ServerTls | undefined;
  /** Requests a minute from one address. */
  readonly requestsPerMinute: number;
  /** Servers before it, whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
};

export interface PortalAppDeps extends PageRoutesDeps {
  readonly sessions: SessionDoor;
  /** For programs; none where it does not matter. */
  readonly api?: readonly ApiRoute[];
  readonly apiLimit?: ApiRoutesDeps['requestsPerMinute'];
}

const formBytes = 64 * 1024;

/** Nothing from elsewhere, no style or script in the page, no frame around it, forms to itself only. */
const contentSecurity = {
  useDefaults: false,
  directives: {
    'default-src': ["'none'"],
    'style-src': ["'self'"],
    'script-src': ["'self'"],
    'img-src': ["'self'"],
    'connect-src': ["'self'"],
    'form-action': ["'self'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
  },
};

export async function createPortalApp(
  options: PortalAppOptions,
  deps: PortalAppDeps,
): Promise<FastifyInstance> {
  const { requestsPerMinute, trustedProxies, ...server } = options;
  const app = createApp({
    ...{ ...server, trustedProxies, bodyBytes: formBytes, answers: () => undefined },
    // Where nothing is: said as of every other page that is not there.
    badAddress: (url, reply) => badApiAddress(url, reply) ?? reply.redirect('/introuvable', 303),
  });
  await app.register(helmet, {
    contentSecurityPolicy: contentSecurity,
    // Over plain HTTP on loopback this header means nothing; over TLS it is a year.
    strictTransportSecurity: server.tls === undefined ? false : { maxAge: 31_536_000 },
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
  });
  await app.register(cookie);
  await app.register(formbody);
  await app.register(rateLimit, {
    ...{ max: requestsPerMinute, timeWindow: 60_000 },
    keyGenerator: ({ ip }) => networkOf(ip),
    errorResponseBuilder: () => permanent('portal-too-many'),
  });
  guardRoutes(app, deps);
  const { api, apiLimit } = deps;
  if (api !== undefined)
    apiRoutes(app, {
      ...deps,
      routes: api,
      ...(apiLimit === undefined ? {} : { requestsPerMinute: apiLimit }),
    });
  pageRoutes(app, deps);
  return app;
}
