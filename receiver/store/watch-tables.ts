import type { Day } from '../../shared/runtime/paris-time.ts';

/**
 * received: whole, on time. late: whole, after the due time and its grace. partial: hours or a part are missing. low: far
 * fewer than usual. silent: nothing, and it was due. held: a person decides. degraded, closed: as declared.
 * not-connected: before the first export.
 */
export type WatchState =
  'received' | 'late' | 'partial' | 'low' | 'silent' | 'held' | 'degraded' | 'closed' | 'not-connected';

/**
 * agent-dead: no sign of life. network-cut: none either, or nothing passes, and envelopes wait at the agent. agent-paused:
 * alive, and taking no export. source-silent: alive, and nothing exported. exports-rejected: exported, and unreadable.
 * export-short: the export came and holds too little. held-by-guard: suspended removals. forward-blocked: here, and its
 * destination is down or paused.
 */
export type WatchCause =
  | 'agent-dead'
  | 'network-cut'
  | 'agent-paused'
  | 'source-silent'
  | 'exports-rejected'
  | 'export-short'
  | 'held-by-guard'
  | 'forward-blocked';

export interface FeedOfFacility {
  readonly facility: string;
  readonly feed: string;
}

/** When a day of a part came. Epoch ms; 0 = before this was written down. */
export interface DayArrival {
  readonly day: Day;
  readonly part: string;
  readonly firstAt: number;
  /** Reception of the first export taken after the day had ended; null = none yet. */
  readonly settledAt: number | null;
  readonly settledExtract: number | null;
}

export interface CountedDay {
  readonly day: Day;
  readonly count: number;
}

export interface HoursOfDay {
  readonly day: Day;
  /** Of the content counted: equal contents, equal stamps. */
  readonly stamp: string;
  /** Records by hour since the day began, 24 numbers. */
  readonly counts: readonly number[];
}

export interface ImportedDay extends CountedDay {
  readonly counts: readonly number[] | null;
  /** Orders files that tell of the same day; epoch ms. */
  readonly extract: number;
}

export interface DeclaredVolume extends FeedOfFacility {
  readonly annual: number;
  readonly at: number;
}

export interface SeenState extends FeedOfFacility {
  readonly day: Day;
  readonly state: WatchState;
  readonly cause: WatchCause | null;
  readonly since: number;
}

/** One change of a day's state, in the order of their ids: alerts are made of these and of what is seen now. */
export interface WatchTransition extends FeedOfFacility {
  readonly id: number;
  readonly day: Day;
  /** null: seen for the first time. */
  readonly fromState: WatchState | null;
  readonly fromCause: WatchCause | null;
  readonly state: WatchState;
  readonly cause: WatchCause | null;
  readonly at: number;
}

/** A reject at an agent, or of an export that came here. */
export interface RejectSeen {
  readonly agent: string;
  readonly source: string;
  readonly facility: string | null;
  readonly feed: string | null;
  readonly code: string | null;
  readonly at: number;
}

export interface WaitingDays {
  readonly facility: string;
  readonly from: Day;
  readonly to: Day;
  readonly records: number;
}

export interface WatchTable {
  /** Every facility and feed that ever came, was imported or declared. */
  pairs(): Promise<readonly FeedOfFacility[]>;
  parts(): Promise<
    readonly (FeedOfFacility & { readonly part: string; readonly agent: string; readonly source: string })[]
  >;
  /** Over all parts, in order, days of a trusted window with nothing included. */
  counts(
    facility: string,
    feed: string,
    from: Day,
    to: Day,
  ): Promise<readonly (CountedDay & { readonly stamp: string })[]>;
  /** Instants (epoch ms) of a day's records. */
  instants(facility: string, feed: string, day: Day): Promise<readonly number[]>;
  arrivals(facility: string, feed: string, from: Day, to: Day): Promise<readonly DayArrival[]>;
  /** When something first came of it; undefined = never; 0 = before this was written down. */
  connectedAt(facility: string, feed: string): Promise<number | undefined>;
  hours(facility: string, feed: string, from: Day, to: Day): Promise<readonly HoursOfDay[]>;
  putHours(facility: string, feed: string, days: readonly HoursOfDay[]): Promise<void>;
  imported(facility: string, feed: string, from: Day, to: Day): Promise<readonly ImportedDay[]>;
  /** A day told by a file with an older extract stays as it is; answers how many were written. */
  putImported(facility: string, feed: string, days: readonly ImportedDay[]): Promise<number>;
  declared(): Promise<readonly DeclaredVolume[]>;
  declare(volume: DeclaredVolume): Promise<void>;
  /** Rejects since `since` (epoch ms), the latest first, at most `limit` of each kind. */
  rejects(since: number, limit: number): Promise<readonly RejectSeen[]>;
  /** What waits for a destination, at most `limit` dispatches. */
  waiting(destination: string, limit: number): Promise<readonly WaitingDays[]>;
  states(from: Day, to: Day): Promise<readonly SeenState[]>;
  /** In order of days. */
  statesOf(facility: string, feed: string, from: Day, to: Day): Promise<readonly SeenState[]>;
  /** Replaces the states and notes the changes. */
  put(states: readonly SeenState[], changes: readonly Omit<WatchTransition, 'id'>[]): Promise<void>;
  transitionsOf(facility: string, feed: string, day: Day, limit: number): Promise<readonly WatchTransition[]>;
  /** With ids above `after`, in order. */
  transitions(after: number, limit: number): Promise<readonly WatchTransition[]>;
  /** Its id; 0 before the first one. */
  newestTransition(): Promise<number>;
  /** Deletes changes before this instant, at most up to this id and `limit` of them; answers how many. */
  purgeTransitions(before: number, upTo: number, limit: number): Promise<number>;
  /** When the last evaluation ended, epoch ms. */
  lastRun(): Promise<number | undefined>;
  putRun(at: number): Promise<void>;
}
