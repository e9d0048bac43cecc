import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { SessionDoor } from '../auth/portal-guard.ts';
import type { Store } from '../store/store.ts';

/**
 * `/flux`: tells open pages that something changed, and every half minute that nothing did, so that a page knows its own
 * age. What changed is not told: the page asks again, under its own rights. A stream ends when its session does.
 */
export interface LiveDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sessions: Pick<SessionDoor, 'viewerOf'>;
  readonly everyMs?: number | undefined;
}

const streamsAtOnce = 200;
/** Pages that one person has open; one more of them asks again by itself. */
const streamsOfOne = 20;
/** Whoever reads nothing for so long is not kept in mind. */
const unreadBytes = 16 * 1024;
const sameEveryMs = 30_000;

export function liveRoutes(
  app: FastifyInstance,
  { store, clock, logger, sessions, everyMs = 5000 }: LiveDeps,
): void {
  const streams = new Map<FastifyReply, { readonly request: FastifyRequest; readonly account: string }>();
  const stopping = new AbortController();
  let watching = false;

  const tell = (event: 'changed' | 'same'): void => {
    for (const { raw } of streams.keys()) {
      if (raw.writableLength > unreadBytes) raw.destroy();
      else raw.write(`event: ${event}\ndata: ${clock.now()}\n\n`);
    }
  };
  /** Signed out, disabled or idle too long: the page finds out by asking again. */
  const endOver = async (): Promise<void> => {
    for (const [reply, { request, account }] of streams)
      if ((await sessions.viewerOf(request, 'by-itself'))?.account !== account) reply.raw.end();
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
        await endOver();
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

  const limited = { rights: 'signed-in', rateLimit: { max: 600 } } as const;
  app.get('/flux', { config: limited, exposeHeadRoute: false }, (request, reply) => {
    const account = request.viewer?.account ?? '';
    const own = [...streams.values()].filter((each) => each.account === account).length;
    if (streams.size >= streamsAtOnce || own >= streamsOfOne) return reply.code(503).send('');
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Readonly<Record<string, string>>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.write('retry: 5000\n\n');
    streams.set(reply, { request, account });
    reply.raw.on('close', () => streams.delete(reply));
    if (!watching) void watch();
    return reply;
  });
  app.addHook('preClose', async () => {
    stopping.abort();
    for (const { raw } of streams.keys()) raw.end();
  });
}
