import type { Clock } from '../../shared/runtime/clock.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Store } from '../store/store.ts';

const dayMs = 86_400_000;
const chunk = 200;

/** Deletes old contents a little at a time, so that no commit waits long behind it. Ledger and dispatch rows stay. */
export function createRetention(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly envelopeDays: number;
  readonly dispatchDays: number;
}): Loop {
  return createLoop({
    name: 'retention',
    idleMs: 10 * 60_000,
    logger: deps.logger,
    step: async () => {
      const now = deps.clock.now();
      const purged = await deps.store.transaction(async (tx) => {
        const envelopes = await tx.inbox.purgeContents(now - deps.envelopeDays * dayMs, chunk);
        const dispatches = await tx.dispatches.purgeContents(now - deps.dispatchDays * dayMs, chunk);
        return { envelopes, dispatches };
      });
      if (purged.envelopes + purged.dispatches > 0) deps.logger.info(purged, 'contents-purged');
      return purged.envelopes === chunk || purged.dispatches === chunk;
    },
  });
}
