import { setImmediate } from 'node:timers/promises';
import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import type { Declared } from '../../care/declared.ts';
import { declaredForLacking } from '../../care/lacking-days.ts';
import type { ReceiverConfig } from '../../config.ts';
import { createVolumeModels } from '../../monitor/expected-volume.ts';
import { look, type LookedPair, type SeenByPair } from '../../monitor/look.ts';
import { nameOf, type RegionFacts } from '../../monitor/region-facts.ts';
import { createWatchRules, type WatchRules } from '../../monitor/settings.ts';
import { coverageOf, summarise } from '../../monitor/summary.ts';
import { watchedDays } from '../../monitor/watcher.ts';
import type { Store } from '../../store/store.ts';
import { createDestinationLook } from './region-destinations.ts';
import { readHeld, readPairMore } from './region-pair.ts';
import type { RegionSeen, SeenPair } from './region-seen.ts';

export interface RegionLookDeps {
  readonly store: Store;
  readonly config: ReceiverConfig;
  /** Days before today. */
  readonly days: number;
}

/** Judges the whole region once; pages of other viewers get their turn between two facilities. */
export type RegionLook = (now: number, signal: AbortSignal) => Promise<RegionSeen>;

/** Days whose hours one look may count from their records; the watching loop has kept nearly all of them. */
const budget = 600;
const pairsAtOnce = 8;

export function createRegionLook({ store, config, days }: RegionLookDeps): RegionLook {
  const rules = createWatchRules(config.watching);
  const models = createVolumeModels();
  const lookAtDestinations = createDestinationLook(config.destinations);
  return async (now, signal) => {
    const to = dayOfInstant(now);
    const from = (to - days) as Day;
    const deps = { store, rules, models, destinations: config.destinations };
    const { region, pairs, seen } = await look(deps, { from, to, now, budget }, signal);
    const recent = pairs.map((each) => ({
      ...each,
      days: each.days.filter(({ day }) => day >= to - watchedDays),
    }));
    const coverage = await coverageOf(store, region, (to - 1) as Day);
    const declared = await store.read((tx) => declaredForLacking(tx, now));
    const found = { store, rules, region, seen, from, now, declared };
    return {
      ...{ at: now, from, to, ...summarise({ region, seen, pairs: recent }, coverage) },
      watchedAt: (await store.read((tx) => tx.watch.lastRun())) ?? null,
      pairs: await allPairs(pairs, found, signal),
      destinations: await store.read((tx) => lookAtDestinations(tx, now)),
    };
  };
}

interface Found {
  readonly store: Store;
  readonly rules: WatchRules;
  readonly region: RegionFacts;
  readonly seen: SeenByPair;
  readonly from: Day;
  readonly now: number;
  readonly declared: readonly Declared[];
}

async function allPairs(
  looked: readonly LookedPair[],
  { store, rules, region, seen, from, now, declared }: Found,
  signal: AbortSignal,
): Promise<readonly SeenPair[]> {
  const held = await store.read(readHeld);
  const pairs: SeenPair[] = [];
  for (let at = 0; at < looked.length && !signal.aborted; at += pairsAtOnce) {
    const some = looked.slice(at, at + pairsAtOnce);
    pairs.push(
      ...(await store.read(async (tx) => {
        const done: SeenPair[] = [];
        for (const { pair, days } of some)
          done.push({
            ...{ facility: pair.facility, feed: pair.feed, days },
            name: region.names.get(pair.facility) ?? pair.facility,
            since: new Map([...(seen.get(nameOf(pair)) ?? [])].map(([day, state]) => [day, state.since])),
            agents: region.signsOf(pair),
            rejectedAt: region.rejectedAt(pair) ?? null,
            before: rules.of(pair.facility).before,
            held: held.get(nameOf(pair)) ?? null,
            ...(await readPairMore(tx, pair, { from, now, declared })),
          });
        return done;
      })),
    );
    await setImmediate();
  }
  return pairs;
}
