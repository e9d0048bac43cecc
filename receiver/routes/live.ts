import type { FastifyInstance, FastifyReply } from 'fastify';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Store } from '../store/store.ts';

/**
 * `/flux`: tells open pages that something changed, and every half minute that nothing did, so that a page knows its own
 * age. What changed is not told: the page asks again, under its own rights.
 */
export interface LiveDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly everyMs?: number;
}

const streamsAtOnce = 200;
const sameEveryMs = 30_000;

export function liveRoutes(app: FastifyInstance, { store, clock, logger, everyMs = 5000 }: LiveDeps): void {
  const streams = new Set<FastifyReply>();
  const stopping = new AbortController();
  let watching = false;

  const tell = (event: 'changed' | 'same'): void => {
    for (const { raw } of streams) raw.write(`event: ${event}\ndata: ${clock.now()}\n\n`);
  };
  const stampOf = (): Promise<string> =>
    store.read(async (tx) => `${await tx.coverage.stamp()} ${String(await tx.watch.newestTransition())}`);

  const watch = async (): Promise<void> => {
    watching = true;
    let known = await stampOf().catch(() => '');
    let toldAt = clock.monotonic();
    while (streams.size > 0 && !stopping.signal.aborted) {
      await setTimeout(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      try {
        const stamp = await stampOf();
        if (stamp === known && clock.monotonic() - toldAt < sameEveryMs) continue;
        tell(stamp === known ? 'same' : 'changed');
        known = stamp;
        toldAt = clock.monotonic();
      } catch (error) {
        // Pages grow old meanwhile, and say so.
        logger.warn({ err: error }, 'live-look-failed');
      }
    }
    watching = false;
  };

  app.get('/flux', { config: { rights: 'signed-in', rateLimit: { max: 30 } } }, (_request, reply) => {
    if (streams.size >= streamsAtOnce) return reply.code(503).send('');
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.write('retry: 5000\n\n');
    streams.add(reply);
    reply.raw.on('close', () => streams.delete(reply));
    if (!watching) void watch();
    return reply;
  });
  app.addHook('preClose', async () => {
    stopping.abort();
    for (const { raw } of streams) raw.end();
  });
}
