import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { printMetrics, type MetricsDeps } from './metrics.ts';

export interface HealthRoutesDeps extends MetricsDeps {
  /** Becomes true once every part runs, false again when stopping. */
  readonly isReady: () => boolean;
}

/** Under so little, an export of a large hospital may not fit any more: people must make room before that. */
export const leastFreeBytes = 64 * 1024 * 1024;
const waitMs = 2000;

/** Plain HTTP on loopback, for supervisors and Prometheus: numbers only. */
export function healthRoutes(app: FastifyInstance, deps: HealthRoutesDeps): void {
  app.get('/health/live', () => ({ live: true }));

  app.get('/health/ready', async (_request, reply) => {
    const why = await whyNotReady(deps);
    return why === undefined ? reply.send({ ready: true }) : reply.code(503).send({ ready: false, why });
  });

  app.get('/metrics', async (_request, reply) => {
    const text = await printMetrics(deps);
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });
}

/** stopped: starting, stopping, or the watching no longer looks. disk: nearly full. database: not to be written or read. */
async function whyNotReady({
  store,
  host,
  isReady,
}: HealthRoutesDeps): Promise<'stopped' | 'disk' | 'database' | undefined> {
  if (!isReady()) return 'stopped';
  const free = await host.freeBytes();
  if (free !== undefined && free < leastFreeBytes) return 'disk';
  try {
    await store.read((tx) => tx.inbox.counts());
    // Whoever writes something long is not broken: then nobody waits for the end of it.
    const over = new AbortController();
    const write = store.transaction(async () => undefined);
    write.catch(() => undefined);
    await Promise.race([write, setTimeout(waitMs, undefined, { signal: over.signal, ref: false })]).finally(
      () => over.abort(),
    );
    return undefined;
  } catch {
    return 'database';
  }
}
