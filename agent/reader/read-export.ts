import type { Breach, Feed, FeedRecord, Finding } from '../../shared/feeds/feed.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { CompiledMapping, FeedLookup } from '../mapping/compiled-mapping.ts';
import type { ReadLimits } from './limits.ts';

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

export interface ReadInput {
  /** The export's bytes from the start; called up to three times, so the file must not change under it. */
  open(): AsyncIterable<Buffer>;
  readonly mappings: readonly CompiledMapping[];
  readonly feeds: FeedLookup;
  /** Keyed hash of the source's own visit number, under the facility's key. */
  hashVisitId(facility: string, local: string): string;
  readonly limits?: Partial<ReadLimits>;
  /** Settings of the source. */
  readonly encoding?: string;
  readonly facility?: string;
  readonly part?: string;
  readonly signal: AbortSignal;
}

export interface ReadSummary {
  /** records = accepted + rejected */
  readonly records: number;
  readonly accepted: number;
  readonly rejected: number;
}

/**
 * Reads an export to its last byte. A Fault (permanent unless said) means that the whole export is rejected, whatever
 * the sink was given before: nothing counts until this promise resolves.
 */
export async function readExport(input: ReadInput, sink: ExportSink): Promise<ReadSummary> {
  await sink.settle();
  throw permanent('export-shape-unknown', { facts: { mappings: input.mappings.length } });
}
