import type { Day } from '../../shared/runtime/paris-time.ts';
import type { FeedOfFacility } from './retention-tables.ts';

/** How an erased visit is recognised, under its facility's key: by its visit id where both sides have one, else by its key. */
export interface VisitName {
  readonly key: Buffer;
  readonly visit: Buffer | null;
}

/** A name that nothing may bear any more. */
export interface ErasedVisit extends VisitName, FeedOfFacility {
  readonly id: number;
  /** Id of the record that says it was erased. */
  readonly deletion: string;
}

/** A record of a visit, held now or before. */
export interface VisitRow extends VisitName, FeedOfFacility {
  readonly day: Day;
  readonly part: string;
  readonly rank: number;
  readonly hash: Buffer;
  readonly body: string;
  /** Where it was read. */
  readonly export: string;
  readonly line: number;
  readonly record: number;
  /** Of the row in the history; null: held now. */
  readonly history: number | null;
}

export interface StagedRow {
  readonly export: string;
  readonly day: Day;
  readonly record: number;
  readonly line: number;
  readonly body: string;
}

export interface KeptEnvelope {
  readonly arrival: number;
  readonly id: string;
  readonly agent: string;
  readonly feed: string;
}

export interface CoveringDispatch {
  readonly id: number;
  readonly name: string;
  readonly destination: string;
  readonly from: Day;
  readonly to: Day;
  readonly state: 'waiting' | 'sending' | 'sent' | 'acknowledged' | 'refused' | 'dead';
  readonly attempts: number;
  /** Its content, as composed or as sealed, is still here. */
  readonly kept: boolean;
}

export interface LeftOut {
  readonly record: number;
  readonly line: number;
}

export interface ErasureTables {
  erasedVisits(of: FeedOfFacility): Promise<readonly VisitName[]>;
  /** Of every facility and feed, in the order in which they were erased, from above `after`. */
  allErasedVisits(after: number, limit: number): Promise<readonly ErasedVisit[]>;
  putErasedVisit(of: FeedOfFacility, visit: VisitName, deletion: string): Promise<void>;
  /** Records of an export that were not taken in, in order. */
  leftOut(exportId: string): Promise<readonly LeftOut[]>;
  putLeftOut(exportId: string, records: readonly LeftOut[]): Promise<void>;

  /** Held now or before, of a day, arrived in [from, to) (epoch ms). */
  arrived(of: FeedOfFacility, day: Day, from: number, to: number): Promise<readonly VisitRow[]>;
  /** Whose key or visit id starts with these hex digits. */
  byPrefix(of: FeedOfFacility, prefix: string): Promise<readonly VisitRow[]>;
  /** Held now or before, on any day, that bear this name: the same visit id, or the same key. */
  bearing(of: FeedOfFacility, name: VisitName): Promise<readonly VisitRow[]>;
  dropRecord(row: VisitRow): Promise<void>;
  dropHistory(id: number): Promise<void>;
  /** Answers the exports that had asked for its removal. */
  dropRemoval(row: VisitRow): Promise<readonly string[]>;
  /** What was counted of the day, to be counted anew. */
  forgetCounts(of: FeedOfFacility, day: Day): Promise<void>;

  /** Of exports of these facilities of which nothing was applied. */
  staged(facility: string, feed: string): Promise<readonly StagedRow[]>;
  dropStaged(row: StagedRow): Promise<void>;

  /** Envelopes whose content is still here, in the order of arrival. */
  keptEnvelopes(after: number, limit: number): Promise<readonly KeptEnvelope[]>;
  /** Its digest, its row and its receipt stay. */
  destroyContent(envelope: string, at: number): Promise<boolean>;
  isErased(envelope: string): Promise<boolean>;

  /** Dispatches of every destination that cover this day. */
  covering(of: FeedOfFacility, day: Day): Promise<readonly CoveringDispatch[]>;
  dropDispatchContent(id: number): Promise<void>;
}

/** Twins share a key: where both sides have a visit id, it alone says which is which. */
export function isSameVisit(one: VisitName, other: VisitName): boolean {
  if (one.visit !== null && other.visit !== null) return one.visit.equals(other.visit);
  return one.key.equals(other.key);
}

/** The very same name: what one gives, the other gives too. */
export function isSameName(one: VisitName, other: VisitName): boolean {
  if (!one.key.equals(other.key)) return false;
  return one.visit === null || other.visit === null
    ? one.visit === other.visit
    : one.visit.equals(other.visit);
}
