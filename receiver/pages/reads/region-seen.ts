import { reaches } from '../../accounts/profile.ts';
import type { AgentSign } from '../../monitor/causes.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import type { BlockedDestination } from '../../monitor/region-facts.ts';
import type { Call } from '../../monitor/summary.ts';
import type { DestinationRow, DestinationRun } from '../../store/destination-tables.ts';
import type { DeliveryState } from '../../store/dispatch-table.ts';
import type { FeedOfFacility } from '../../store/watch-tables.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { withinReach, type ViewReach } from './reach.ts';

/** The region as the watching sees it: every facility's days, judged, within one viewer's reach. */
export interface RegionSeen {
  /** When it was judged, epoch ms. */
  readonly at: number;
  /** When the watching loop last ended a round; null = never. */
  readonly watchedAt: number | null;
  /** Days judged, `to` included: the day of `at`, which only feeds that come during the day have a cell for. */
  readonly from: Day;
  readonly to: Day;
  readonly pairs: readonly SeenPair[];
  /** Whom to call, by visits that the national sending lacks; of the last two weeks. */
  readonly calls: readonly Call[];
  /** Destinations that are down or paused while files wait for them. */
  readonly blocked: readonly BlockedDestination[];
  /** Declared, and nothing ever came. */
  readonly neverSent: readonly MissingFacility[];
  /** Far fewer than declared, over four weeks. */
  readonly thin: readonly ThinFacility[];
  readonly destinations: readonly SeenDestination[];
}

export interface SeenPair extends FeedOfFacility {
  readonly name: string;
  readonly days: readonly WatchedDay[];
  /** Since when each day's state stands, epoch ms. */
  readonly since: ReadonlyMap<Day, number>;
  /** Agents that feed it. */
  readonly agents: readonly AgentSign[];
  /** When something of it last came, whatever became of it. */
  readonly lastReceptionAt: number | null;
  readonly rejectedAt: number | null;
  /** By when a day must be here on the next morning, without grace: "04:00". */
  readonly before: string | undefined;
  /** What waits for a person's decision; null: nothing. */
  readonly held: HeldOfPair | null;
  /** Of the latest visit day: what each destination has of it. */
  readonly deliveries: readonly SeenDelivery[];
  /** Findings of the exports that brought that day. */
  readonly findings: number;
  /** Counted by a person while on paper, by day: shown beside visits, never added to them. */
  readonly byHand: ReadonlyMap<Day, number>;
  /** Days of the last sixty, over its parts, that hold nothing and are not declared closed: to be caught up. */
  readonly lacking: number;
}

export interface HeldOfPair {
  readonly exports: readonly string[];
  /** Suspended removals; 0 when nothing at all of the export was applied. */
  readonly removals: number;
  readonly days: readonly Day[];
}

export interface SeenDelivery {
  readonly destination: string;
  readonly dispatch: number;
  readonly state: DeliveryState;
  readonly records: number;
  readonly sentAt: number | null;
  readonly changedAt: number;
}

export interface MissingFacility {
  readonly facility: string;
  readonly name: string;
  readonly missing: number;
}

export interface ThinFacility {
  readonly facility: string;
  readonly name: string;
  readonly percent: number;
}

export interface SeenDestination extends Pick<DestinationRow, 'breaker' | 'failures' | 'pausedBy' | 'code'> {
  readonly name: string;
  /** Whose it is; its own name when nobody said. */
  readonly owner: string;
  readonly feed: string;
  readonly acknowledges: boolean;
  /** null: dispatched with each change. */
  readonly nextAt: number | null;
  readonly nextAttemptAt: number;
  /** Of the fault or of the pause. */
  readonly since: number;
  readonly counts: Readonly<Record<DeliveryState, number>>;
  readonly lastSentAt: number | null;
  readonly lastRun: DestinationRun | null;
}

/** What this viewer may know of it. */
export function seenWithin(seen: RegionSeen, reach: ViewReach): RegionSeen {
  if (reach.facilities === 'all' && reach.destinations === 'all') return seen;
  const reached = ({ name }: { readonly name: string }): boolean => reaches(reach.destinations, name);
  return {
    ...seen,
    pairs: withinReach(reach, seen.pairs).map((pair) => ({
      ...pair,
      deliveries: pair.deliveries.filter(({ destination }) => reaches(reach.destinations, destination)),
    })),
    calls: withinReach(reach, seen.calls),
    // Counts of all facilities: for who sees them all.
    blocked: reach.facilities === 'all' ? seen.blocked.filter(reached) : [],
    neverSent: withinReach(reach, seen.neverSent),
    thin: withinReach(reach, seen.thin),
    destinations: reach.facilities === 'all' ? seen.destinations.filter(reached) : [],
  };
}
