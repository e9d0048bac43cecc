import type { Breach, Feed, FeedRecord, Finding } from '../../shared/feeds/feed.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';

/** What is known of an export before its first record. */
export interface ExportHeader {
  readonly mapping: string;
  readonly feed: Feed;
  readonly facility: string;
  readonly part: string;
  /** The header's EXTRACT: source text and instant (epoch ms); null when missing or unreadable. */
  readonly extract: { readonly text: string; readonly at: number } | null;
  readonly extractState: 'good' | 'missing' | 'unreadable';
  /** Null unless both dates parse and are in order. */
  readonly window: { readonly from: Day; readonly to: Day } | null;
}

/** Where an export goes as it is read. All synchronous but `settle`, awaited between chunks so that a sink can push back. */
export interface ExportSink {
  /** Once, before the first `record`; rejected records and findings may come earlier. */
  header(header: ExportHeader): void;
  /** `record` and `line` are 1-based; `body` is the canonical JSON of `built`. */
  record(record: number, line: number, built: FeedRecord, body: string): void;
  /** A record that cannot be placed: the export goes on without it. No finding is given beside it. */
  rejected(record: number, line: number, breach: Breach): void;
  finding(finding: Finding): void;
  settle(): Promise<void>;
}

export interface ReadSummary {
  /** records = accepted + rejected (+ waiting) */
  readonly records: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Rows that wait for their other half in another export: remembered, not sent. */
  readonly waiting?: number;
}
