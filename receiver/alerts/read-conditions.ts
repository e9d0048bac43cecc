import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import { readRegion, type WatchedDestination } from '../monitor/region-facts.ts';
import { watchedDays } from '../monitor/watcher.ts';
import type { StoreTx } from '../store/store.ts';
import type { Condition } from './condition.ts';
import { facilityConditions } from './facility-conditions.ts';
import { destinationConditions, receiverConditions } from './other-conditions.ts';
import { readPassed, type Passed } from './passed.ts';

export interface Situation {
  readonly conditions: readonly Condition[];
  /** Troubles that came and went since the last round. */
  readonly passed: Passed;
  readonly names: ReadonlyMap<string, string>;
  /** Facilities that ever sent something. */
  readonly connected: number;
}

/** All that is wrong at this moment, as the store has it; nothing is written. */
export async function readSituation(
  tx: StoreTx,
  destinations: readonly WatchedDestination[],
  { now, resumedAt }: { readonly now: number; readonly resumedAt: number | undefined },
): Promise<Situation> {
  const to = dayOfInstant(now);
  const from = (to - watchedDays) as Day;
  const region = await readRegion(tx, destinations, { from, to, now });
  const states = await tx.watch.states(from, to);
  const connected = new Set(
    states.filter(({ state }) => state !== 'not-connected').map(({ facility }) => facility),
  );
  // Registered no more, or renamed: nobody is called about it.
  const known = states.filter(({ facility }) => region.names.has(facility));
  const ofFacilities = await facilityConditions(tx, region, known, now);
  return {
    conditions: [
      ...ofFacilities,
      ...destinationConditions(region, now),
      ...(await receiverConditions(tx, { now, resumedAt })),
    ],
    passed: await readPassed(tx, region, ofFacilities, now),
    names: region.names,
    connected: connected.size,
  };
}
