import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { SecureVersion, TlsOptions } from 'node:tls';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Logger } from '../shared/runtime/logger.ts';
import type { Random } from '../shared/runtime/random.ts';
import { installAnswers } from './routes/answers.ts';

export interface ServerTls {
  readonly key: string;
  readonly certificate: string;
  /** PEM: when given, a client certificate issued by one of these is required. */
  readonly clientAuthorities?: readonly string[];
  /** A client certificate of whatever issuer is asked for and none is required: who it is, is looked at on each request. */
  readonly asksForCertificate?: boolean;
}

export interface ServerOptions {
  readonly tls: ServerTls | undefined;
  readonly bodyBytes: number;
  readonly requestSeconds: number;
  readonly connections: number;
  readonly logger: Logger;
  readonly random: Random;
  /** Servers before it, whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** What who asks for an address that is none is told; default: as programs read it. */
  readonly badAddress?: (url: string, reply: BadAddressReply) => unknown;
  /** How faults are answered; default: as programs read them. */
  readonly answers?: typeof installAnswers;
}

export type BadAddressReply = Pick<FastifyReply, 'redirect' | 'code' | 'type' | 'send'>;

const tlsVersion: SecureVersion = 'TLSv1.3';

/**
 * What the listeners share: built without listening, so that tests inject. No request log: one line per group of
 * envelopes is logged where they are committed.
 */
export function createApp(options: ServerOptions): FastifyInstance {
  const timeouts = {
    requestTimeout: options.requestSeconds * 1000,
    headersTimeout: Math.min(options.requestSeconds * 1000, 15_000),
    keepAliveTimeout: 75_000,
    // The two timeouts above are looked at this often and no sooner.
    connectionsCheckingInterval: 1000,
    maxHeaderSize: 16 * 1024,
  };
  const { tls, badAddress } = options;
  const app = fastify({
    logger: false,
    bodyLimit: options.bodyBytes,
    forceCloseConnections: 'idle',
    ...(options.trustedProxies === undefined || options.trustedProxies.length === 0
      ? {}
      : { trustProxy: [...options.trustedProxies] }),
    ...(badAddress === undefined
      ? {}
      : {
          frameworkErrors: (_error: unknown, { url }: { readonly url: string }, reply: BadAddressReply) =>
            badAddress(url, reply),
        }),
    // A dispatch's name and its suffixes.
    routerOptions: { maxParamLength: 300 },
    serverFactory: (handler) => {
      const server: Server =
        tls === undefined
          ? createServer(timeouts, handler)
          : createTlsServer(
              {
                ...timeouts,
                ...presented(tls),
                ALPNProtocols: ['http/1.1'],
                ...clientCertificates(tls),
              },
              handler,
            );
      server.maxConnections = options.connections;
      return server;
    },
  });
  (options.answers ?? installAnswers)(app, options);
  return app;
}

/** Another certificate, or other authorities, from the next connection on; those that are open go on. */
export function presentAnew({ server }: FastifyInstance, tls: ServerTls): void {
  if (!(server instanceof TlsServer)) return;
  const { clientAuthorities } = tls;
  server.setSecureContext({
    ...presented(tls),
    ...(clientAuthorities === undefined ? {} : { ca: [...clientAuthorities] }),
  });
}

function presented({ key, certificate }: ServerTls) {
  return { key, cert: certificate, minVersion: tlsVersion };
}

function clientCertificates({ clientAuthorities, asksForCertificate }: ServerTls): TlsOptions {
  if (clientAuthorities !== undefined)
    return { ca: [...clientAuthorities], requestCert: true, rejectUnauthorized: true };
  return asksForCertificate === true ? { requestCert: true, rejectUnauthorized: false } : {};
}
