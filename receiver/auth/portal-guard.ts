import type { FastifyInstance, FastifyRequest } from 'fastify';
import { permanent } from '../../shared/runtime/errors.ts';
import { hasRight, type Right, type Viewer } from '../accounts/profile.ts';

/** Who may use a route. Every route says so; one that does not keeps the program from starting. */
export type RouteRights =
  | readonly Right[]
  | 'signed-in'
  | 'anybody'
  /** Tokens instead of sessions: cookies mean nothing there. */
  | 'api';

declare module 'fastify' {
  interface FastifyContextConfig {
    rights?: RouteRights;
  }
  interface FastifyRequest {
    viewer: Viewer | undefined;
  }
}

/** Tells who a request's cookie stands for. */
export interface SessionDoor {
  /** by-itself: looked at again without the person having asked for anything. */
  viewerOf(request: FastifyRequest, asked?: 'by-itself'): Promise<Viewer | undefined>;
  /** Where somebody who has to sign in is sent. */
  readonly signInPath: string;
}

export interface GuardDeps {
  readonly sessions: SessionDoor;
  /** Where forms may come from: scheme, host and port as browsers say them. */
  readonly origins: () => readonly string[];
}

/** In this order: who, may they, and does the form come from a page of ours. */
export function guardRoutes(app: FastifyInstance, { sessions, origins }: GuardDeps): void {
  const turnedAway = new WeakSet<FastifyRequest>();
  app.decorateRequest('viewer', undefined);
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.rights === undefined) throw new Error(`route without rights: ${String(method)} ${url}`);
  });
  app.addHook('onRequest', async (request, reply) => {
    const { rights } = request.routeOptions.config;
    if (rights === 'api') return;
    request.viewer = await sessions.viewerOf(request);
    // No such route.
    if (rights === undefined || rights === 'anybody') return;
    const { viewer } = request;
    if (viewer === undefined) {
      const english = /^\/en(?=[/?]|$)/.test(request.url);
      const from = request.method === 'GET' ? `?vers=${encodeURIComponent(request.url)}` : '';
      return reply.redirect(`${english ? '/en' : ''}${sessions.signInPath}${from}`, 303);
    }
    // Another profile's page answers as if it did not exist.
    if (rights !== 'signed-in' && !hasRight(viewer, rights)) {
      turnedAway.add(request);
      reply.callNotFound();
      return reply;
    }
  });
  app.addHook('preHandler', async (request) => {
    if (request.method !== 'POST' || request.viewer === undefined) return;
    // Nothing acts here: the answer is the same with a good form and without.
    if (request.routeOptions.config.rights === undefined || turnedAway.has(request)) return;
    if (!comesFromUs(request, origins())) throw permanent('portal-form-stale');
    const token = fieldOf(request.body, '_csrf') ?? request.headers['x-csrf-token'];
    if (token !== request.viewer.csrf) throw permanent('portal-form-stale');
  });
}

/** Browsers that say where a form comes from must say: from here. */
export function comesFromUs(request: FastifyRequest, origins: readonly string[]): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const { origin } = request.headers;
  return origin === undefined || origins.includes(origin);
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null && name in body
    ? (body as Record<string, unknown>)[name]
    : undefined;
}
