import type { Day } from '../../shared/runtime/paris-time.ts';
import type { Store } from '../store/store.ts';
import type { FeedOfFacility, WatchCause, WatchState } from '../store/watch-tables.ts';
import type { WatchedDay } from './evaluate.ts';
import type { Looked } from './look.ts';
import { nameOf, type BlockedDestination, type RegionFacts } from './region-facts.ts';

/** One telephone call: a feed of a facility with days in trouble, worst things first. */
export interface Call extends FeedOfFacility {
  readonly name: string;
  /** Of the latest day in trouble. */
  readonly state: WatchState;
  readonly cause: WatchCause | null;
  /** The latest first. */
  readonly days: readonly WatchedDay[];
  /** Visits that the national sending lacks, estimated. */
  readonly missing: number;
}

export interface RegionSummary {
  readonly calls: readonly Call[];
  readonly blocked: readonly BlockedDestination[];
  /** Declared, and nothing ever came. */
  readonly neverSent: readonly {
    readonly facility: string;
    readonly name: string;
    readonly missing: number;
  }[];
  /** Far fewer than declared, over four weeks. */
  readonly thin: readonly { readonly facility: string; readonly name: string; readonly percent: number }[];
}

export interface Coverage extends FeedOfFacility {
  readonly annual: number;
  /** Received of what was declared, in 28 days; null when too few days came to tell. */
  readonly percent: number | null;
}

const coverageDays = 28;
const enoughDays = 21;
/** A unit of several missing shows as less than this. */
const thinPercent = 70;

/** What came in the four weeks up to `until`, against the declared annual volume; days without any are silences, not thinness. */
export async function coverageOf(
  store: Store,
  region: RegionFacts,
  until: Day,
): Promise<readonly Coverage[]> {
  return store.read(async (tx) => {
    const found: Coverage[] = [];
    for (const pair of region.pairs) {
      const annual = region.annualOf(pair);
      if (annual === undefined) continue;
      const from = (until - coverageDays + 1) as Day;
      const counts = (await tx.watch.counts(pair.facility, pair.feed, from, until)).filter(
        ({ count }) => count > 0,
      );
      const received = counts.reduce((sum, { count }) => sum + count, 0);
      const percent = Math.round((100 * received) / ((annual / 365) * counts.length));
      found.push({ ...pair, annual, percent: counts.length < enoughDays ? null : percent });
    }
    return found;
  });
}

export function summarise({ region, pairs }: Looked, coverage: readonly Coverage[]): RegionSummary {
  const nameFor = (facility: string): string => region.names.get(facility) ?? facility;
  const calls: Call[] = [];
  const neverSent: { facility: string; name: string; missing: number }[] = [];
  for (const { pair, days } of pairs) {
    const troubled = days.filter(({ state }) => isOpen(state)).reverse();
    const [latest] = troubled;
    const name = nameFor(pair.facility);
    if (latest?.state != null) {
      const missing = troubled.reduce((sum, each) => sum + each.missing, 0);
      calls.push({ ...pair, name, state: latest.state, cause: latest.cause, days: troubled, missing });
    }
    const last = days.at(-1);
    if (last?.state === 'not-connected' && region.annualOf(pair) !== undefined)
      neverSent.push({ facility: pair.facility, name, missing: last.missing });
  }
  const thin = coverage.flatMap(({ facility, percent }) =>
    percent === null || percent >= thinPercent ? [] : [{ facility, name: nameFor(facility), percent }],
  );
  return {
    calls: calls.sort((a, b) => b.missing - a.missing || nameOf(a).localeCompare(nameOf(b))),
    blocked: region.blocked.filter(({ files }) => files > 0),
    neverSent: neverSent.sort((a, b) => b.missing - a.missing),
    thin: thin.sort((a, b) => a.percent - b.percent),
  };
}

/** Something is missing still: what was late is here by now. */
function isOpen(state: WatchState | null): boolean {
  return state === 'silent' || state === 'partial' || state === 'low' || state === 'held';
}
