import { dayOfInstant, instantToFrench } from '../../shared/runtime/paris-time.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Actor } from '../accounts/actor.ts';
import { rewriteIfWanted } from './rewrite.ts';
import { purge, purgedClasses, type PurgeDeps } from './purge.ts';

const everyMs = 10 * 60_000;

/** As the journal names it. */
export const nightlyActor: Actor = { kind: 'system', id: 'retention', name: 'retention' };

/** Once a day from the hour of the settings on, Paris; a night that was missed is made up for at the start. */
export function createNightlyPurge(deps: PurgeDeps & { readonly logger: Logger }): Loop {
  const { store, settings, clock, logger } = deps;
  return createLoop({
    ...{ name: 'retention', idleMs: everyMs, logger },
    step: async (signal) => {
      const now = clock.now();
      const today = dayOfInstant(now);
      if (instantToFrench(now).slice(11, 16) < settings.at) return false;
      if ((await store.read((tx) => tx.retention.nightlyDay())) === today) return false;
      const done = await purge(deps, { classes: purgedClasses(settings), actor: nightlyActor, signal });
      if (signal.aborted) return false;
      await rewriteIfWanted(store);
      await store.transaction((tx) => tx.retention.putNightlyDay(today));
      const purged = done.flatMap(({ record }) =>
        record === undefined ? [] : [[record.class, record.counts]],
      );
      logger.info({ purged: Object.fromEntries(purged) as object }, 'retention-purged');
      return false;
    },
  });
}
