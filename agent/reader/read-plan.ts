import { dayOfInstant, dayToIso } from '../../shared/runtime/paris-time.ts';
import type { Feed } from '../../shared/feeds/feed.ts';
import type { BindOptions, CompiledMapping, FeedLookup } from '../mapping/compiled-mapping.ts';
import type { Side } from '../mapping/columns.ts';
import type { DecodedExport } from './decode.ts';
import type { ExportSink } from './export-sink.ts';
import type { HalfBook } from './join.ts';
import type { ReadLimits } from './limits.ts';

export interface ReadInput {
  /** The export's bytes from the start; called up to three times, so the file must not change under it. */
  open(): AsyncIterable<Buffer>;
  readonly mappings: readonly CompiledMapping[];
  readonly feeds: FeedLookup;
  /** Keyed hash of the source's own visit number, under the facility's key. */
  hashVisitId(facility: string, local: string): string;
  readonly limits?: Partial<ReadLimits>;
  /** Settings of the source. */
  readonly encoding?: string | undefined;
  readonly facility?: string | undefined;
  readonly part?: string | undefined;
  /** Fields of free text that may leave the hospital; default: none. */
  readonly freeText?: readonly string[] | 'all' | undefined;
  /** The only side of a join that the source holds. */
  readonly side?: Side | undefined;
  /** The year of the reading: what two digits of a year mean. */
  readonly year?: number | undefined;
  /** Where halves of records are remembered; without it a joined mapping sees the other half nowhere. */
  readonly halves?: HalfBook | undefined;
  readonly signal: AbortSignal;
}

/** A recognised export about to be read. */
export interface ReadPlan {
  readonly input: ReadInput;
  readonly sink: ExportSink;
  readonly limits: ReadLimits;
  readonly decoded: DecodedExport;
  readonly feed: Feed;
  readonly mapping: CompiledMapping;
}

/** Of Paris, for an instant in epoch ms: what two digits of a year in an export read then mean. */
export function yearOf(at: number): number {
  return Number(dayToIso(dayOfInstant(at)).slice(0, 4));
}

export function bindOptions({ freeText, year }: ReadInput): BindOptions {
  return {
    ...(freeText === undefined ? {} : { freeText }),
    ...(year === undefined ? {} : { latestYear: year }),
  };
}
