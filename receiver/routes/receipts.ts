import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Identify } from '../auth/agent-identity.ts';
import type { ReceiptBoard } from '../inbox/receipt-board.ts';
import { receiptsAfter } from '../inbox/receipt-page.ts';
import type { Store } from '../store/store.ts';
import { parseBody } from './answers.ts';

export interface ReceiptRoutesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly identify: Identify;
  readonly board: ReceiptBoard;
  /** Fires when the receiver stops: held requests are answered at once. */
  readonly stopping: AbortSignal;
}

const query = z.object({
  after: z.coerce.number().int().min(0).default(0),
  wait: z.coerce.number().int().min(0).max(25).default(0),
});

const lookAgainMs = 1000;

export function receiptRoutes(app: FastifyInstance, deps: ReceiptRoutesDeps): void {
  const { store, clock, identify, board } = deps;

  app.get('/v1/receipts', async (request, reply) => {
    const { agent } = identify.of(request);
    const { after, wait } = parseBody(query, request.query);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, deps.stopping]);
    const end = clock.monotonic() + wait * 1000;
    for (;;) {
      const seen = board.count(agent);
      const page = await receiptsAfter(store, agent, after);
      const leftMs = end - clock.monotonic();
      if (page.receipts.length > 0 || leftMs <= 0 || signal.aborted) return page;
      await board.wait(agent, seen, Math.min(lookAgainMs, leftMs), signal);
    }
  });
}
