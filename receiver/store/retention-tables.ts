import type { Day } from '../../shared/runtime/paris-time.ts';

/** A deletion as the region signed it: `text` is what the proof covers. */
export interface DeletionRow {
  /** 1-based, without gaps. */
  readonly seq: number;
  readonly id: string;
  readonly class: string;
  /** Epoch ms, as are all that end in At. */
  readonly at: number;
  readonly text: string;
  readonly proof: string;
}

/** A deletion under way: what it did so far, changed in the transaction that does it. */
export interface OpenDeletion {
  readonly class: string;
  readonly id: string;
  readonly rule: string;
  /** Who asked for it. */
  readonly person: string;
  /** Only what is older goes; epoch ms. */
  readonly before: number;
  readonly startedAt: number;
  readonly counts: Readonly<Record<string, number>>;
  /** The oldest and the newest of what went, as ISO days or instants; null: nothing yet. */
  readonly first: string | null;
  readonly last: string | null;
  readonly digest: string;
}

/** One thing that went: its name for the digest, and its day or instant (ISO). */
export interface Gone {
  readonly name: string;
  readonly at: string;
}

export interface FeedOfFacility {
  readonly facility: string;
  readonly feed: string;
}

export interface DayOfFeed extends FeedOfFacility {
  readonly day: Day;
}

export interface PurgedDay {
  readonly records: readonly { readonly part: string; readonly key: Buffer; readonly rank: number }[];
  readonly history: number;
  /** Exports that had removals pending on this day. */
  readonly pending: ReadonlySet<string>;
}

export interface RetentionTables {
  /** What is deleted from now on is overwritten with zeros; until `false`. */
  overwrite(on: boolean): Promise<void>;
  // What was deleted.
  lastDeletion(): Promise<DeletionRow | undefined>;
  deletion(id: string): Promise<DeletionRow | undefined>;
  /** In order, from above `after`. */
  deletions(after: number, limit: number): Promise<readonly DeletionRow[]>;
  putDeletion(row: DeletionRow): Promise<void>;
  open(name: string): Promise<OpenDeletion | undefined>;
  putOpen(deletion: OpenDeletion): Promise<void>;
  dropOpen(name: string): Promise<void>;
  plannedFiles(name: string): Promise<readonly string[]>;
  planFiles(name: string, files: readonly string[]): Promise<void>;
  dropPlanned(name: string): Promise<void>;
  // Records and what they were.
  feedsHeld(): Promise<readonly FeedOfFacility[]>;
  /** Days before this one of which something is held, the oldest first. */
  daysBefore(of: FeedOfFacility, before: Day, limit: number): Promise<readonly Day[]>;
  recordsBefore(of: FeedOfFacility, before: Day): Promise<number>;
  /** Records, what they were, and what was pending; the day is noted as purged. Counts of the day stay. */
  purgeDay(of: DayOfFeed, at: number): Promise<PurgedDay>;
  purgedDays(of: FeedOfFacility, from: Day, to: Day): Promise<readonly Day[]>;
  /** In the order it was written; only the oldest of it is looked at. */
  purgeHistory(before: number, limit: number): Promise<readonly Gone[]>;
  historyBefore(before: number): Promise<number>;
  // Contents.
  purgeEnvelopes(before: number, limit: number): Promise<readonly Gone[]>;
  envelopesBefore(before: number): Promise<number>;
  purgeDispatches(before: number, limit: number): Promise<readonly Gone[]>;
  dispatchesBefore(before: number): Promise<number>;
  /** Exports that nothing was applied of, received before; their ids. */
  unsettledBefore(
    before: number,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly receivedAt: number }[]>;
  unsettledCount(before: number): Promise<number>;
  /** Stored reports, with their files. */
  purgeReports(before: number, limit: number): Promise<readonly Gone[]>;
  reportsBefore(before: number): Promise<number>;
  // The audit log.
  /** Its first line, signed by the region; 0: it begins with line 1. */
  auditFloor(): Promise<number>;
  /** The last line that the region signed before this instant, above the floor and not the head. */
  sealBefore(before: number): Promise<number | undefined>;
  /** The floor rises to a signed line: what stands before it goes, at most `limit` lines. */
  purgeAudit(upTo: number, limit: number): Promise<readonly Gone[]>;
  auditBefore(upTo: number): Promise<number>;
  // The file itself.
  nightlyDay(): Promise<Day | undefined>;
  putNightlyDay(day: Day): Promise<void>;
  rewriteWanted(): Promise<boolean>;
  putRewriteWanted(wanted: boolean): Promise<void>;
  /** Gives at most so many free pages back; answers how many are left. */
  shrink(pages: number): Promise<number>;
}
