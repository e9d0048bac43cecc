import { feedNamed } from '../../../shared/feeds/registry.ts';
import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import { declaredForLacking } from '../../care/lacking-days.ts';
import { evaluatePair, type WatchedDay } from '../../monitor/evaluate.ts';
import { createVolumeModels, type VolumeModels } from '../../monitor/expected-volume.ts';
import { readPair, type PairFacts } from '../../monitor/pair-facts.ts';
import { nameOf, readRegion, type WatchedDestination } from '../../monitor/region-facts.ts';
import type { WatchRules } from '../../monitor/settings.ts';
import { watchedDays } from '../../monitor/watcher.ts';
import type { StoreTx } from '../../store/store.ts';
import { readHeld, readPairMore } from './region-pair.ts';
import type { SeenPair } from './region-seen.ts';

/** What one facility's days are judged with. */
export interface Judging {
  readonly rules: WatchRules;
  readonly destinations: readonly WatchedDestination[];
  /** What was learnt, by days looked back: a longer look learns from a longer past. */
  readonly models: Map<number, VolumeModels>;
}

export interface JudgedFeed {
  readonly feed: string;
  readonly daily: boolean;
  /** Every day asked for up to the latest one that can be said something of, in order. */
  readonly days: readonly WatchedDay[];
  /** Undefined = nothing ever came; 0 = before this was written down. */
  readonly connectedAt: number | undefined;
  /** As the region sees it, to tell its cause in the same words. */
  readonly pair: SeenPair;
  readonly facts: PairFacts;
}

/** Days whose hours one page may count from their records: a third of a millisecond each. */
const budget = 120;

export function createJudging(rules: WatchRules, destinations: readonly WatchedDestination[]): Judging {
  return { rules, destinations, models: new Map() };
}

/** Every feed of one facility, the daily ones first, judged from..to as the watching would. */
export async function judgeFacility(
  tx: StoreTx,
  { rules, destinations, models }: Judging,
  facility: string,
  { from, to, now }: { readonly from: Day; readonly to: Day; readonly now: number },
): Promise<readonly JudgedFeed[]> {
  const region = await readRegion(tx, destinations, { from, to, now });
  const span = to - from;
  const learnt = models.get(span) ?? createVolumeModels();
  // Three spans are offered; days of the past have spans of their own, which are not worth keeping.
  if (models.has(span) || models.size < 4) models.set(span, learnt);
  const held = await readHeld(tx);
  const declared = await declaredForLacking(tx, now);
  const judged: JudgedFeed[] = [];
  for (const pair of region.pairs.filter((each) => each.facility === facility)) {
    const daily = feedNamed(pair.feed)?.rhythm.every === 'day';
    const facts = await readPair(tx, pair, region, { from, to, budget }, daily);
    const states = await tx.watch.statesOf(facility, pair.feed, from, to);
    const seen = new Map(states.map((state) => [state.day, state]));
    const known = { ...{ pair, region, facts, from, to, now, seen }, rules: rules.of(facility) };
    const days = evaluatePair({ ...known, models: learnt });
    const counted = new Set(facts.hours.map(({ day }) => day));
    const shown = days.map((one) => asSeen(one, seen.get(one.day)?.state, counted.has(one.day), now));
    judged.push({
      ...{ feed: pair.feed, daily, facts, days: shown, connectedAt: facts.connectedAt },
      pair: {
        ...{ ...pair, name: region.names.get(facility) ?? facility, days: shown },
        since: new Map(states.map(({ day, since }) => [day, since])),
        ...{ agents: region.signsOf(pair), rejectedAt: region.rejectedAt(pair) ?? null },
        ...{ before: rules.of(facility).before, held: held.get(nameOf(pair)) ?? null },
        ...(await readPairMore(tx, pair, { from, now, declared })),
      },
    });
  }
  return judged.sort((one, other) => Number(other.daily) - Number(one.daily));
}

/** Hours of an old day that nobody counted cannot contradict what was seen while they were known. */
function asSeen(one: WatchedDay, seen: string | undefined, counted: boolean, now: number): WatchedDay {
  const old = one.day < dayOfInstant(now) - watchedDays;
  const whole = one.state === 'received' || one.state === 'late';
  return old && whole && !counted && one.count > 0 && seen === 'partial' ? { ...one, state: 'partial' } : one;
}
