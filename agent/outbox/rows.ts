import type { Finding } from '../../shared/feeds/feed.ts';
import type { Outcome } from './states.ts';

/** What agent.db holds of one export. Paths are bytes: a name may be no valid UTF-8. */
export interface ExportRow {
  readonly id: string;
  readonly source: string;
  /** Base name as shown. */
  readonly name: string;
  readonly path: Buffer;
  /** Where the file lies now, once archived or quarantined. */
  readonly movedTo: Buffer | null;
  readonly digest: string | null;
  readonly bytes: number;
  readonly feed: string | null;
  readonly facility: string | null;
  readonly part: string | null;
  readonly mapping: string | null;
  readonly state: 'reading' | 'read' | 'superseded';
  readonly outcome: Outcome;
  readonly hold: string | null;
  readonly records: number;
  readonly accepted: number;
  readonly rejected: number;
  /** ISO days. */
  readonly windowFrom: string | null;
  readonly windowTo: string | null;
  readonly trusted: number;
  readonly errorCode: string | null;
  /** JSON: the fault's facts and position. */
  readonly errorFacts: string | null;
  readonly findingsTotal: number;
  readonly receiverFindingsTotal: number;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly stale: number;
  readonly suspended: number;
  readonly slices: number;
  readonly resend: number;
  /** Duplicate: the export that answers. Superseded: the export that replaces it. */
  readonly original: string | null;
  readonly readAt: number;
  readonly settledAt: number | null;
}

/** What reading establishes; the rest comes with receipts. */
export type ReadExportRow = Omit<
  ExportRow,
  | 'movedTo'
  | 'state'
  | 'hold'
  | 'receiverFindingsTotal'
  | 'added'
  | 'updated'
  | 'removed'
  | 'unchanged'
  | 'stale'
  | 'suspended'
  | 'settledAt'
>;

/** A sealed slice before it has a row. */
export interface SealedEnvelope {
  readonly id: string;
  readonly export: string;
  readonly slice: number;
  readonly feed: string;
  readonly epoch: number;
  readonly seq: number;
  readonly prev: string;
  readonly digest: string;
  readonly records: number;
  readonly firstRecord: number;
  readonly lastRecord: number;
  readonly createdAt: number;
  readonly content: Buffer;
}

export interface LedgerTail {
  readonly epoch: number;
  readonly seq: number;
  readonly digest: string;
}

/** A file as the scan saw it, kept so that it is read once. */
export interface SeenFile {
  readonly source: string;
  readonly name: Buffer;
  readonly size: number;
  readonly mtime: number;
  readonly inode: string;
  readonly export: string;
  readonly move: 'archive' | 'quarantine' | null;
}

/** `target` undefined: it was no longer the file that was read. */
export interface MovedFile extends Pick<SeenFile, 'source' | 'name' | 'export'> {
  readonly target: Buffer | undefined;
}

/** One export ready for the commit: read, sealed, or rejected, or found duplicate. */
export interface ReadyExport {
  readonly row: ReadExportRow;
  readonly findings: readonly Finding[];
  /** Not yet staged ones; a large export's first slices are in the table already. */
  readonly envelopes: readonly SealedEnvelope[];
  readonly stagedSlices: number;
  readonly seen: SeenFile | null;
  /** The export this reading replaces. */
  readonly rereadOf: string | null;
  /** What else must become true in the same transaction. Synchronous; a throw undoes the whole commit. */
  readonly also?: () => void;
}

export interface EnvelopeRow {
  readonly n: number;
  readonly id: string;
  readonly export: string;
  readonly slice: number;
  readonly feed: string;
  readonly epoch: number;
  readonly seq: number;
  readonly prev: string;
  readonly digest: string;
  readonly state: string;
  readonly attempts: number;
  readonly bytes: number;
  readonly records: number;
  readonly firstRecord: number;
  readonly lastRecord: number;
  readonly createdAt: number;
  readonly acceptedAt: number | null;
  readonly code: string | null;
}

export interface ClaimedEnvelope extends EnvelopeRow {
  readonly content: Buffer;
}
