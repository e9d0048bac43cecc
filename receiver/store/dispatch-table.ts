import type { Day } from '../../shared/runtime/paris-time.ts';

/**
 * waiting: composed, in its destination's queue. sending: on its way now. sent: at the agency, whole, under its name.
 * acknowledged, refused: the agency's answer, the latest one. dead: it could not be delivered, and a person must look.
 */
export type DeliveryState = 'waiting' | 'sending' | 'sent' | 'acknowledged' | 'refused' | 'dead';

/** What made a dispatch: an export's apply; a decision or an alias; its destination's calendar; a person's replay. */
export type DispatchCause = 'export' | 'decision' | 'schedule' | 'replay';

/** One file composed for one destination, and where its delivery stands. */
export interface DispatchRow {
  readonly id: number;
  readonly name: string;
  readonly destination: string;
  readonly facility: string;
  readonly feed: string;
  readonly from: Day;
  readonly to: Day;
  readonly records: number;
  /** Wall-clock milliseconds of Paris written as if UTC: strictly increasing per facility and destination, also over the clock change. */
  readonly extract: number;
  /** Lower-case hex SHA-256 of the content as composed. */
  readonly digest: string;
  readonly composedAt: number;
  /** The export whose apply composed it; null for every other cause. */
  readonly export: string | null;
  readonly cause: DispatchCause;
  /** Format and version it was composed in. */
  readonly format: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When the next attempt was planned: told to people, the destination's breaker decides. */
  readonly nextAttemptAt: number;
  readonly changedAt: number;
  /** When it was found whole at the agency. */
  readonly sentAt: number | null;
  /** The agency's own id of it. */
  readonly reference: string | null;
  /** Why it waits, died or was refused: ours, or the agency's own code. */
  readonly code: string | null;
}

export type DeliveryChange = Pick<
  DispatchRow,
  'state' | 'attempts' | 'nextAttemptAt' | 'changedAt' | 'code'
> &
  Partial<Pick<DispatchRow, 'sentAt' | 'reference'>>;

/** A dispatch as it travels: zipped, encrypted. Kept, so that a repeat carries the very same bytes. */
export interface SealedContent {
  readonly name: string;
  /** What it was sealed for: form and key. */
  readonly protection: string;
  /** Lower-case hex SHA-256 of `content`. */
  readonly digest: string;
  readonly content: Buffer;
}

export interface SealedAs extends Omit<SealedContent, 'content'> {
  readonly bytes: number;
}

export interface DispatchTable {
  /** State `waiting`, no attempt yet. `sources`: the exports to be told of it, when none made it. Answers its id. */
  put(
    row: Omit<
      DispatchRow,
      'id' | 'state' | 'attempts' | 'nextAttemptAt' | 'changedAt' | 'sentAt' | 'reference' | 'code'
    >,
    content: Buffer,
    sources?: readonly string[],
  ): Promise<number>;
  get(id: number): Promise<DispatchRow | undefined>;
  byName(name: string): Promise<readonly DispatchRow[]>;
  /** The dispatch of this name for a destination. */
  named(destination: string, name: string): Promise<DispatchRow | undefined>;
  content(id: number): Promise<Buffer | undefined>;
  sealed(id: number): Promise<SealedContent | undefined>;
  /** Without the content, which is not read. */
  sealedAs(id: number): Promise<SealedAs | undefined>;
  /** Replaces what was sealed before. */
  putSealed(id: number, sealed: SealedContent): Promise<void>;
  /** The exports to be told of a dispatch that no export made: those whose records it shows, or its parts' latest ones. */
  sources(id: number): Promise<readonly string[]>;
  lastExtract(facility: string, destination: string): Promise<number | undefined>;
  ofExport(exportId: string): Promise<readonly DispatchRow[]>;
  /** The latest dispatch of each destination covering each of these days, without repeats, oldest first. */
  inForce(facility: string, feed: string, days: readonly Day[]): Promise<readonly DispatchRow[]>;
  /** The next dispatches of a destination not yet sent, in order. */
  due(destination: string, limit: number): Promise<readonly DispatchRow[]>;
  /** Dispatches of a destination in this state with ids above `after`, in order. */
  inDelivery(
    destination: string,
    state: 'waiting' | 'sent' | 'acknowledged' | 'refused' | 'dead',
    after: number,
    limit: number,
  ): Promise<readonly DispatchRow[]>;
  /** Moves a dispatch that is in one of the states `from`; false when it is in another. */
  setDelivery(id: number, from: readonly DeliveryState[], change: DeliveryChange): Promise<boolean>;
  /** Deliveries left `sending` by a dead process become `waiting`. */
  recover(now: number): Promise<number>;
  /** Deletes contents of dispatches sent or acknowledged before `before`; rows stay. At most `limit`. */
  purgeContents(before: number, limit: number): Promise<number>;
  recent(limit: number): Promise<readonly DispatchRow[]>;
  counts(): Promise<Readonly<Record<DeliveryState, number>>>;
  /** When the latest dispatch that reached it was found there; undefined before the first one. */
  lastSentAt(destination: string): Promise<number | undefined>;
  countsOf(destination: string): Promise<Readonly<Record<DeliveryState, number>>>;
  /** Every destination that dispatches wait for, configured or not. */
  awaited(): Promise<readonly string[]>;
}
