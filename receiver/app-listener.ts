import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { permanent, systemCode } from '../shared/runtime/errors.ts';
import type { Service } from '../shared/runtime/lifecycle.ts';
import type { ListenerAddress } from './config.ts';

export interface Listener extends Service {
  /** Where it listens; the configured address before it does. */
  address(): ListenerAddress;
}

/** An app on its address: port 0 takes a free one. */
export function createListener(name: string, app: FastifyInstance, wanted: ListenerAddress): Listener {
  let bound: ListenerAddress = wanted;
  let stopped: Promise<void> | undefined;
  return {
    name: `listener-${name}`,
    address: () => bound,
    start: async () => {
      await app.listen({ host: wanted.host, port: wanted.port }).catch((error: unknown) => {
        const reason = systemCode(error) ?? '';
        const facts = {
          listener: name,
          host: wanted.host,
          port: wanted.port,
        };
        throw reason === 'EADDRINUSE'
          ? permanent('listener-port-taken', { facts, cause: error })
          : permanent('listener-unavailable', { facts: { ...facts, reason }, cause: error });
      });
      const address = app.server.address() as AddressInfo | null;
      bound = { host: wanted.host, port: address?.port ?? wanted.port };
    },
    stop: () => {
      stopped ??= app.close();
      return stopped;
    },
  };
}
