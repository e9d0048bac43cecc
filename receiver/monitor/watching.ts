import type { Clock } from '../../shared/runtime/clock.ts';
import type { Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { createFollowUp } from '../care/follow-up.ts';
import type { WatchingConfig } from '../config-watching.ts';
import type { Store } from '../store/store.ts';
import { createBeat, readBeatHeaders } from './beat.ts';
import type { WatchedDestination } from './region-facts.ts';
import { createWatchRules } from './settings.ts';
import { createWatcher } from './watcher.ts';

export interface WatchingDeps {
  readonly settings: WatchingConfig;
  readonly destinations: readonly WatchedDestination[];
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A look has ended. */
  readonly onLooked: () => void;
}

export interface Watching {
  readonly loops: readonly Loop[];
  /** False when nobody has looked for five minutes. */
  readonly isFresh: () => boolean;
}

/** Who is late, low or silent; what was asked of them; and the sign of life that says this very receiver is neither. */
export async function openWatching(deps: WatchingDeps): Promise<Watching> {
  const { settings, destinations, store, clock, logger, onLooked } = deps;
  const rules = createWatchRules(settings);
  const { loop, isFresh } = createWatcher({ store, clock, logger, destinations, rules, onLooked });
  const { beat } = settings;
  const loops = [loop, createFollowUp({ store, clock, logger })];
  if (beat === undefined) return { loops, isFresh };
  const headers = await readBeatHeaders(beat.headersFile);
  return { loops: [...loops, createBeat({ settings: beat, headers, logger, isAlive: isFresh })], isFresh };
}
