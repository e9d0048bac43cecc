import type { Clock } from '../../shared/runtime/clock.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import type { Store } from '../store/store.ts';
import type { SeenState, WatchTransition } from '../store/watch-tables.ts';
import { isTrouble } from './causes.ts';
import { createVolumeModels } from './expected-volume.ts';
import { look, type Looked } from './look.ts';
import { nameOf, type WatchedDestination } from './region-facts.ts';
import type { WatchRules } from './settings.ts';

/**
 * The loop that watches: every minute, each day of the last two weeks of every feed and facility is judged again, and what
 * changed is noted, state and transition in one transaction. A pure function of the store: another receiver would see the
 * same.
 */
export interface WatcherDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly rules: WatchRules;
  readonly destinations: readonly WatchedDestination[];
  /** What was seen has been written down. */
  readonly onLooked?: () => void;
}

export interface Watcher {
  readonly loop: Loop;
  /** One evaluation of the whole region; true when days are left to be counted. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
  /** False when the last evaluation ended more than five minutes ago. */
  readonly isFresh: () => boolean;
}

const everyMs = 60_000;
const staleMs = 5 * 60_000;
export const watchedDays = 14;
/** Days whose hours one evaluation counts from their records, over all facilities: each costs a third of a millisecond. */
const countedAtOnce = 600;
/** First sights older than this are taken note of, and told to nobody. */
const newsMs = 24 * 3_600_000;

export function createWatcher(deps: WatcherDeps): Watcher {
  const { clock, logger } = deps;
  const models = createVolumeModels();
  let endedAt = clock.monotonic();

  const step = async (signal: AbortSignal): Promise<boolean> => {
    const now = clock.now();
    const to = dayOfInstant(now);
    const span = { from: (to - watchedDays) as Day, to, now, budget: countedAtOnce };
    const found = await look({ ...deps, models }, span, signal);
    if (signal.aborted) return false;
    await keep(deps, found, now);
    endedAt = clock.monotonic();
    deps.onLooked?.();
    return found.pairs.some(({ unfinished }) => unfinished);
  };

  return {
    step,
    isFresh: () => clock.monotonic() - endedAt <= staleMs,
    loop: createLoop({ name: 'watch', idleMs: everyMs, logger, step }),
  };
}

async function keep({ store, logger }: WatcherDeps, { pairs, seen }: Looked, now: number): Promise<void> {
  const states: SeenState[] = [];
  const changes: Omit<WatchTransition, 'id'>[] = [];
  for (const { facility, feed, day, state, cause, deadline } of pairs.flatMap(({ days }) => days)) {
    const before = seen.get(nameOf({ facility, feed }))?.get(day);
    if (state === null || (before?.state === state && before.cause === cause)) continue;
    const since = before?.state === state ? before.since : now;
    states.push({ facility, feed, day, state, cause, since });
    const isNews = before !== undefined || ((isTrouble(state) || cause !== null) && now - deadline <= newsMs);
    if (!isNews) continue;
    const from = { fromState: before?.state ?? null, fromCause: before?.cause ?? null };
    changes.push({ facility, feed, day, ...from, state, cause, at: now });
  }
  await store.transaction(async (tx) => {
    for (const { pair, counted } of pairs)
      if (counted.length > 0) await tx.watch.putHours(pair.facility, pair.feed, counted);
    await tx.watch.put(states, changes);
    await tx.watch.putRun(now);
  });
  for (const { facility, feed, day, fromState, state, cause } of changes)
    logger.info({ facility, feed, day, fromState, state, cause }, 'watch-state-changed');
}
