import type { Day } from '../../shared/runtime/paris-time.ts';
import type { DispatchRow } from './dispatch-table.ts';

/** How far each destination's calendar has come. */
export interface CalendarTable {
  /** When the destination was first there: what was due before is none of its business. */
  start(destination: string): Promise<number | undefined>;
  /** Only the first one counts. */
  putStart(destination: string, at: number): Promise<void>;
  /** Facilities already composed for this due time, with their files. */
  composed(
    destination: string,
    dueAt: number,
  ): Promise<readonly { readonly facility: string; readonly files: number }[]>;
  /** Replaces what was noted for an earlier due time. */
  putComposed(destination: string, dueAt: number, facility: string, files: number): Promise<void>;
}

/** A day of which the region knows something: it holds or held records, or a trusted window covered it. */
export interface KnownDay {
  readonly day: Day;
  readonly count: number;
  /** Whether it ever held a record. */
  readonly held: boolean;
}

/** What is known of days and of what was sent of them, without looking at a record. */
export interface CoverageTable {
  /** Over all parts, in order. */
  knownDays(facility: string, feed: string, from: Day, to: Day): Promise<readonly KnownDay[]>;
  /** When the export came that first brought something for this day; 0 when it is not known any more. */
  arrival(facility: string, feed: string, day: Day): Promise<number | undefined>;
  /** When an export of the facility last came, whatever became of it. */
  lastReception(facility: string, feed: string): Promise<number | undefined>;
  /** The latest dispatch of this destination that covers the day. */
  inForce(facility: string, feed: string, destination: string, day: Day): Promise<DispatchRow | undefined>;
  /** The latest dispatch of this destination whose EXTRACT (wall clock) is in from..to. */
  lastComposed(
    facility: string,
    destination: string,
    from: number,
    to: number,
  ): Promise<DispatchRow | undefined>;
  /** Dispatches of this destination touching from..to with ids under `before`, the latest first. */
  touching(
    query: {
      readonly facility: string;
      readonly feed: string;
      readonly destination: string;
      readonly from: Day;
      readonly to: Day;
    },
    before: number,
    limit: number,
  ): Promise<readonly Pick<DispatchRow, 'id' | 'from' | 'to' | 'state'>[]>;
  /** Differs when anything a manifest tells may have changed. */
  stamp(): Promise<string>;
}
