import type { Day } from '../../shared/runtime/paris-time.ts';
import type { DeliveryState, DispatchRow } from './dispatch-table.ts';
import type { ExportRow, ExportState } from './export-tables.ts';

/** What pages ask for by the page: the latest first, each found by an index whatever the store holds. */
export interface ListingTables {
  exports(query: ExportQuery): Promise<readonly ExportRow[]>;
  /** By the start of an id, at most `limit`. */
  exportsByPrefix(prefix: string, limit: number): Promise<readonly ExportRow[]>;
  /** The exports whose envelopes' ids start so, at most `limit`. */
  exportsOfEnvelopes(prefix: string, limit: number): Promise<readonly string[]>;
  /** Of the same facility and feed, received just before and just after. */
  neighbours(
    row: ExportRow,
  ): Promise<{ readonly before: string | undefined; readonly after: string | undefined }>;
  /** Dispatches of a destination with ids under `before`, the latest first; in one state, or in any. */
  dispatches(query: DispatchQuery): Promise<readonly DispatchRow[]>;
  /** What calendars, replays and decisions composed of this export's records, the latest first. */
  dispatchesFrom(exportId: string, limit: number): Promise<readonly DispatchRow[]>;
  /** The latest file of a destination that its agency acknowledged. */
  lastAcknowledged(destination: string): Promise<DispatchRow | undefined>;
  /** Files and records of a destination by the day they were composed and their state; none = no row. */
  deliveryDays(destination: string, from: Day, to: Day): Promise<readonly DeliveryDay[]>;
  /** Replaces what was noted of an earlier apply of the same export. */
  putChanges(exportId: string, days: readonly DayChange[]): Promise<void>;
  /** Undefined: applied before this was noted, or not at all. */
  changes(exportId: string): Promise<readonly DayChange[] | undefined>;
}

export interface ExportQuery {
  /** Undefined: of every facility. */
  readonly facilities?: readonly string[] | undefined;
  readonly state?: ExportState | undefined;
  /** Received in [from, to), epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Only those listed after this one. */
  readonly after?: ExportCursor | undefined;
  readonly limit: number;
}

export interface ExportCursor {
  readonly receivedAt: number;
  readonly reception: number;
}

export interface DispatchQuery {
  readonly destination: string;
  readonly state?: Exclude<DeliveryState, 'sending'> | undefined;
  readonly before: number;
  readonly limit: number;
}

export interface DeliveryDay {
  readonly day: Day;
  readonly state: DeliveryState;
  readonly files: number;
  readonly records: number;
}

/** What one export did to one day of a facility. `before` and `after` are over the part that it replaced. */
export interface DayChange {
  readonly facility: string;
  readonly day: Day;
  readonly before: number;
  readonly after: number;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly suspended: number;
}
