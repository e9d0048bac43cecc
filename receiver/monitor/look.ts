import { setImmediate } from 'node:timers/promises';
import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { Store } from '../store/store.ts';
import type { FeedOfFacility, HoursOfDay, SeenState } from '../store/watch-tables.ts';
import { evaluatePair, type WatchedDay } from './evaluate.ts';
import type { VolumeModels } from './expected-volume.ts';
import { readPair } from './pair-facts.ts';
import { nameOf, readRegion, type RegionFacts, type WatchedDestination } from './region-facts.ts';
import type { WatchRules } from './settings.ts';

export interface LookDeps {
  readonly store: Store;
  readonly rules: WatchRules;
  readonly models: VolumeModels;
  readonly destinations: readonly WatchedDestination[];
}

export interface LookSpan {
  readonly from: Day;
  readonly to: Day;
  readonly now: number;
  /** Days whose hours may be counted from their records, over all facilities. */
  readonly budget: number;
}

export interface LookedPair {
  readonly pair: FeedOfFacility;
  readonly days: readonly WatchedDay[];
  /** Hours counted anew. */
  readonly counted: readonly HoursOfDay[];
  readonly unfinished: boolean;
}

export type SeenByPair = ReadonlyMap<string, ReadonlyMap<Day, SeenState>>;

export interface Looked {
  readonly region: RegionFacts;
  readonly pairs: readonly LookedPair[];
  /** What was seen before. */
  readonly seen: SeenByPair;
}

/** Judges every day of the span, of every feed and facility; writes nothing. Incomplete when the signal fires. */
export async function look(deps: LookDeps, span: LookSpan, signal?: AbortSignal): Promise<Looked> {
  const { store, rules, models, destinations } = deps;
  const { from, to, now } = span;
  const { region, states } = await store.read(async (tx) => ({
    region: await readRegion(tx, destinations, { from, to, now }),
    states: await tx.watch.states(from, to),
  }));
  const seen = byPair(states);
  const pairs: LookedPair[] = [];
  let budget = span.budget;
  for (const pair of region.pairs) {
    if (signal?.aborted === true) break;
    const daily = feedNamed(pair.feed)?.rhythm.every === 'day';
    const facts = await store.read((tx) => readPair(tx, pair, region, { from, to, budget }, daily));
    const known = { ...{ pair, region, facts, models, from, to, now }, rules: rules.of(pair.facility) };
    const days = evaluatePair({ ...known, seen: seen.get(nameOf(pair)) ?? new Map() });
    pairs.push({ pair, days, counted: facts.counted, unfinished: facts.unfinished });
    budget -= facts.counted.length;
    // Envelopes get their turn between two facilities.
    await setImmediate();
  }
  return { region, pairs, seen };
}

function byPair(states: readonly SeenState[]): SeenByPair {
  const found = new Map<string, Map<Day, SeenState>>();
  for (const one of states) {
    const days = found.get(nameOf(one)) ?? new Map<Day, SeenState>();
    days.set(one.day, one);
    found.set(nameOf(one), days);
  }
  return found;
}
