import type { Clock } from '../../shared/runtime/clock.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { AgentDatabase } from './database.ts';
import { envelopeSql } from './queries.ts';
import { removeExpired } from './worklists.ts';

const chunk = 50;
const everyMs = 600_000;
const dayMs = 86_400_000;

/** Deletes sealed contents some time after their receipt; the ledger's rows stay. Answers how many; at most one chunk. */
export function purgeContents({ run, all, transaction }: AgentDatabase, before: number): number {
  return transaction(() => {
    const rows = all<{ n: number }>(envelopeSql.purgeable, before, chunk);
    for (const { n } of rows) {
      run(envelopeSql.purgeContent, n);
      run(envelopeSql.markPurged, n);
    }
    return rows.length;
  });
}

/** Sealed contents and expired worklists go; in small steps, with a breath between them, so that nothing else waits for it. */
export function createRetention(deps: {
  readonly database: AgentDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly days: number;
  /** What else is kept for a time only: forgets one piece of it; false = there is none left. */
  readonly purgeOther?: (() => boolean) | undefined;
}): Loop {
  return createLoop({
    name: 'retention',
    idleMs: everyMs,
    logger: deps.logger,
    step: async () => {
      const { removed } = await removeExpired(deps.database, deps.clock.now());
      if (removed.length > 0) deps.logger.info({ worklists: removed.length }, 'worklists-removed');
      const purged = purgeContents(deps.database, deps.clock.now() - deps.days * dayMs);
      if (purged > 0) {
        // 200 pages a step: a longer one was seen to hold the writer for 0.2 s.
        deps.database.db.pragma('incremental_vacuum(200)');
        await new Promise((resolve) => setImmediate(resolve));
      }
      const more = deps.purgeOther?.() ?? false;
      return purged === chunk || more;
    },
  });
}
