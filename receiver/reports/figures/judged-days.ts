import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import { evaluatePair } from '../../monitor/evaluate.ts';
import { createVolumeModels } from '../../monitor/expected-volume.ts';
import { readPair } from '../../monitor/pair-facts.ts';
import { readRegion, type RegionFacts, type WatchedDestination } from '../../monitor/region-facts.ts';
import type { WatchRules } from '../../monitor/settings.ts';
import { watchedDays } from '../../monitor/watcher.ts';
import type { Store } from '../../store/store.ts';
import type { WatchState } from '../../store/watch-tables.ts';

/**
 * What a report says of a day of a facility: as the watching judges it; running: not over; awaited: over and not due;
 * future: of a week that goes on; gone: the facility is another one's by then.
 */
export type ReportState = WatchState | 'running' | 'awaited' | 'future' | 'gone';

export interface JudgedDay {
  readonly day: Day;
  readonly state: ReportState;
  /** Visits that the day should have; null: too little is known. */
  readonly expected: number | null;
}

/** All that is due is here: such days alone are compared, and go into a mean. */
export function isWhole(state: ReportState): boolean {
  return state === 'received' || state === 'late';
}

/** Nothing of it is awaited: neither whole nor lacking. */
export function isNotAwaited(state: ReportState): boolean {
  return state === 'closed' || state === 'not-connected' || state === 'future' || state === 'gone';
}

export interface JudgingDeps {
  readonly store: Store;
  readonly rules: WatchRules;
  readonly destinations: readonly WatchedDestination[];
}

/** Days of one facility, by day. */
export type JudgeDays = (facility: string) => Promise<ReadonlyMap<Day, JudgedDay>>;

export const reportedFeed = 'ed-visits';
/** Days of one facility whose hours may be counted from their records: a third of a millisecond each. */
const budget = 200;

/** Judges from..to as the watching does; writes nothing. */
export async function judgeSpan(
  { store, rules, destinations }: JudgingDeps,
  { from, to, now }: { readonly from: Day; readonly to: Day; readonly now: number },
): Promise<JudgeDays> {
  const region = await store.read((tx) => readRegion(tx, destinations, { from, to, now }));
  const today = dayOfInstant(now);
  return async (facility) => {
    const days = await judgeOne({ store, rules }, region, facility, { from, to, now });
    const judged = new Map<Day, JudgedDay>();
    for (let day = from; day <= to; day = (day + 1) as Day) {
      const known = days.get(day);
      const absent = day > today ? 'future' : day === today ? 'running' : 'gone';
      judged.set(day, known ?? { day, state: absent, expected: null });
    }
    return judged;
  };
}

async function judgeOne(
  { store, rules }: Omit<JudgingDeps, 'destinations'>,
  region: RegionFacts,
  facility: string,
  { from, to, now }: { readonly from: Day; readonly to: Day; readonly now: number },
): Promise<ReadonlyMap<Day, JudgedDay>> {
  const pair = { facility, feed: reportedFeed };
  const { facts, states } = await store.read(async (tx) => ({
    facts: await readPair(tx, pair, region, { from, to, budget }, true),
    states: await tx.watch.statesOf(facility, reportedFeed, from, to),
  }));
  const seen = new Map(states.map((state) => [state.day, state]));
  const models = createVolumeModels();
  const days = evaluatePair({
    ...{ pair, region, facts, models, from, to, now, seen },
    rules: rules.of(facility),
  });
  const counted = new Set(facts.hours.map(({ day }) => day));
  return new Map(
    days.map(({ day, state, expected }) => {
      // Hours of an old day that nobody counted cannot contradict what was seen while they were known.
      const isOld = day < dayOfInstant(now) - watchedDays && !counted.has(day);
      const wasPartial = isOld && seen.get(day)?.state === 'partial';
      const known = wasPartial && state !== null && isWhole(state) ? 'partial' : (state ?? 'awaited');
      return [day, { day, state: known, expected: expected?.median ?? null }];
    }),
  );
}
