import type { Finding } from '../../shared/feeds/feed.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { Scope } from './record-scope.ts';

/**
 * receiving: slices are missing. complete: all there, waiting to be applied. waiting: its facility is not registered.
 * processed: applied (or found duplicate). held: a person decides. rejected: never applied.
 */
export type ExportState = 'receiving' | 'complete' | 'waiting' | 'processed' | 'held' | 'rejected';

export interface ExportRow {
  readonly id: string;
  readonly agent: string;
  readonly facility: string;
  readonly feed: string;
  readonly part: string;
  readonly source: string;
  readonly receivedAt: number;
  /** Order of reception among exports: breaks ties of equal EXTRACT. */
  readonly reception: number;
  readonly slicesSeen: number;
  /** JSON of the Manifest once the last slice is here. */
  readonly manifest: string | null;
  readonly digest: string | null;
  readonly state: ExportState;
  /** The instant that orders it: EXTRACT, or reception when EXTRACT cannot be trusted. */
  readonly extract: number | null;
  /** JSON of the processed receipt's claims, as last signed. */
  readonly outcome: string | null;
}

export interface StagedRecord {
  readonly day: Day;
  readonly record: number;
  readonly line: number;
  readonly body: string;
}

export interface ExportTable {
  get(id: string): Promise<ExportRow | undefined>;
  put(row: ExportRow): Promise<void>;
  update(id: string, change: Partial<Omit<ExportRow, 'id'>>): Promise<void>;
  nextReception(): Promise<number>;
  inState(state: ExportState, limit: number): Promise<readonly ExportRow[]>;
  /** The export already processed for this part with this digest, if any. */
  processedDigest(scope: Scope, digest: string): Promise<ExportRow | undefined>;
  /** Exports still `receiving` first seen before `before`. */
  incompleteSince(before: number): Promise<readonly ExportRow[]>;
  recent(limit: number): Promise<readonly ExportRow[]>;
  counts(): Promise<Readonly<Record<ExportState, number>>>;
  /** Records of exports that came in several slices, until they are applied. */
  stage(id: string, records: readonly StagedRecord[]): Promise<void>;
  stagedDays(id: string): Promise<readonly Day[]>;
  /** In record order. */
  stagedOfDay(id: string, day: Day): Promise<readonly StagedRecord[]>;
  unstage(id: string): Promise<void>;
  /** Listed findings are bounded by the caller; totals are not. */
  putFindings(
    id: string,
    listed: readonly Finding[],
    totals: Readonly<Record<string, number>>,
  ): Promise<void>;
  findings(
    id: string,
  ): Promise<{ readonly listed: readonly Finding[]; readonly totals: Readonly<Record<string, number>> }>;
}
