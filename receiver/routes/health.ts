import type { FastifyInstance } from 'fastify';
import type { Store } from '../store/store.ts';
import { printMetrics } from './metrics.ts';

export interface HealthRoutesDeps {
  readonly store: Store;
  /** Becomes true once every part runs, false again when stopping. */
  readonly isReady: () => boolean;
}

/** Plain HTTP on loopback, for supervisors and Prometheus: numbers only. */
export function healthRoutes(app: FastifyInstance, { store, isReady }: HealthRoutesDeps): void {
  app.get('/health/live', () => ({ live: true }));

  app.get('/health/ready', async (_request, reply) => {
    if (!isReady()) return reply.code(503).send({ ready: false });
    await store.read((tx) => tx.inbox.counts());
    return reply.send({ ready: true });
  });

  app.get('/metrics', async (_request, reply) => {
    const text = await printMetrics(store);
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });
}
