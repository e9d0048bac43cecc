import type { Day } from '../../shared/runtime/paris-time.ts';
import { deadAfterMs } from '../monitor/causes.ts';
import type { RegionFacts } from '../monitor/region-facts.ts';
import type { AlertFacts, AlertState } from '../store/alert-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { FeedOfFacility, SeenState, WatchCause } from '../store/watch-tables.ts';
import { alertStateOf, familyOf, isOfAgent, type Condition, type Family } from './condition.ts';
import { missingOf } from './missing-visits.ts';

interface Trouble extends FeedOfFacility {
  readonly family: Family;
  readonly state: AlertState;
  readonly cause: WatchCause;
  readonly days: readonly Day[];
  readonly since: number;
}

/** Every facility's days in trouble, one condition for what is one telephone call. */
export async function facilityConditions(
  tx: StoreTx,
  region: Pick<RegionFacts, 'signsOf' | 'annualOf' | 'noticeOf'>,
  states: readonly SeenState[],
  now: number,
): Promise<readonly Condition[]> {
  const groups = new Map<string, Trouble[]>();
  // A person may have declared the day since it was seen: what is closed or on paper is no silence. What waits for a
  // decision waits all the same.
  const awaited = states.filter((one) => one.state === 'held' || region.noticeOf(one, one.day) === null);
  for (const trouble of troublesOf(awaited)) {
    const key = keyOf(trouble);
    groups.set(key, [...(groups.get(key) ?? []), trouble]);
  }
  const found: Condition[] = [];
  for (const [key, troubles] of groups) {
    const condition = await conditionOf(tx, region, key, troubles, now);
    if (condition !== undefined) found.push(condition);
  }
  return found;
}

/** By feed and family; the cause and the state are those of the latest day. */
function troublesOf(states: readonly SeenState[]): readonly Trouble[] {
  const found = new Map<string, Trouble>();
  for (const one of [...states].sort((a, b) => a.day - b.day)) {
    const { facility, feed, day, cause, since } = one;
    const state = alertStateOf(one.state);
    if (state === undefined || cause === null) continue;
    const family = familyOf(cause);
    const name = `${facility} ${feed} ${family}`;
    const before = found.get(name);
    found.set(name, {
      ...{ facility, feed, family, state, cause },
      days: [...(before?.days ?? []), day],
      since: Math.min(since, before?.since ?? Infinity),
    });
  }
  return [...found.values()];
}

/** An agent that is gone is gone for all its feeds. */
function keyOf({ facility, feed, family, cause }: Trouble): string {
  return isOfAgent(cause) ? `facility ${facility} ${family}` : `facility ${facility} ${family} ${feed}`;
}

async function conditionOf(
  tx: StoreTx,
  region: Pick<RegionFacts, 'signsOf' | 'annualOf'>,
  key: string,
  troubles: readonly Trouble[],
  now: number,
): Promise<Condition | undefined> {
  const days = [...new Set(troubles.flatMap((each) => each.days))].sort((a, b) => a - b);
  // The feed whose latest day is the latest says what it looks like.
  const [first] = [...troubles].sort((a, b) => (b.days.at(-1) ?? 0) - (a.days.at(-1) ?? 0));
  if (first === undefined) return undefined;
  const { facility, state, cause } = first;
  let missing = 0;
  for (const each of troubles)
    missing += each.family === 'held' ? 0 : await missingOf(tx, each, each.days, region.annualOf(each));
  const signs = troubles.flatMap((each) => region.signsOf(each));
  const heardAt = Math.max(...signs.map(({ at }) => at ?? 0), 0);
  const since = Math.min(...troubles.map((each) => each.since));
  const lastAt = await lastArrival(tx, first, days);
  const facts: AlertFacts = {
    ...(lastAt === undefined ? {} : { lastAt }),
    agent: now - heardAt <= deadAfterMs ? 'alive' : 'silent',
  };
  return {
    ...{ key, kind: 'facility', facility, destination: null, members: [facility], state, cause, days },
    ...{ missing, facts, since },
    feed: isOfAgent(cause) ? null : first.feed,
    onset: isOfAgent(cause) && heardAt > 0 ? Math.min(heardAt, since) : since,
  };
}

async function lastArrival(
  tx: StoreTx,
  { facility, feed }: FeedOfFacility,
  days: readonly Day[],
): Promise<number | undefined> {
  const to = days.at(-1) ?? (0 as Day);
  const arrivals = await tx.watch.arrivals(facility, feed, (to - 28) as Day, (to + 1) as Day);
  const last = Math.max(...arrivals.map(({ firstAt, settledAt }) => Math.max(firstAt, settledAt ?? 0)), 0);
  return last === 0 ? undefined : last;
}
