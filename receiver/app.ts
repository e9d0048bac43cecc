import type { FastifyInstance } from 'fastify';
import { createApp, type ServerOptions, type ServerTls } from './app-server.ts';
import type { Identify } from './auth/agent-identity.ts';
import type { EnrolmentDeps } from './auth/enrolment.ts';
import { agencyRoutes, type AgencyRoutesDeps } from './routes/agency.ts';
import { enrolmentRoutes } from './routes/enrolment.ts';
import { envelopeRoutes, type EnvelopeRoutesDeps } from './routes/envelopes.ts';
import { healthRoutes, type HealthRoutesDeps } from './routes/health.ts';
import { heartbeatRoutes, type HeartbeatRoutesDeps } from './routes/heartbeats.ts';
import { receiptRoutes, type ReceiptRoutesDeps } from './routes/receipts.ts';
import { renewalRoutes, type RenewalRoutesDeps } from './routes/renewals.ts';
import { scorecardRoutes } from './routes/scorecards.ts';

/** The listeners, built without listening. */
export type ListenerOptions = Omit<ServerOptions, 'tls' | 'bodyBytes'>;

/** One envelope and its HTTP margin: the envelope's own limit is checked when it is parsed. */
const envelopeBodyBytes = 4 * 1024 * 1024 + 64 * 1024;

export type IngestDeps = EnvelopeRoutesDeps &
  ReceiptRoutesDeps &
  HeartbeatRoutesDeps &
  RenewalRoutesDeps & { readonly identify: Identify };

export function createIngestApp(
  options: ListenerOptions & { readonly tls: ServerTls },
  deps: IngestDeps,
): FastifyInstance {
  const app = createApp({ ...options, bodyBytes: envelopeBodyBytes });
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  // Before the body is read: a stranger's body is never taken in.
  app.addHook('onRequest', (request) => deps.identify.check(request));
  envelopeRoutes(app, deps);
  receiptRoutes(app, deps);
  heartbeatRoutes(app, deps);
  renewalRoutes(app, deps);
  scorecardRoutes(app, deps);
  return app;
}

export function createEnrolmentApp(
  options: ListenerOptions & { readonly tls: ServerTls },
  deps: EnrolmentDeps,
): FastifyInstance {
  const app = createApp({ ...options, bodyBytes: 20 * 1024 });
  enrolmentRoutes(app, deps);
  return app;
}

export function createAgencyApp(
  options: ListenerOptions & { readonly tls: ServerTls },
  deps: AgencyRoutesDeps,
): FastifyInstance {
  const app = createApp({ ...options, bodyBytes: 4096 });
  app.addHook('onRequest', (request, reply) => deps.identify.check(request, reply));
  agencyRoutes(app, deps);
  return app;
}

export function createHealthApp(options: ListenerOptions, deps: HealthRoutesDeps): FastifyInstance {
  const app = createApp({ ...options, tls: undefined, bodyBytes: 1024 });
  healthRoutes(app, deps);
  return app;
}
