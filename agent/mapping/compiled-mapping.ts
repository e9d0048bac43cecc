import type { Breach, Feed, SourceFields } from '../../shared/feeds/feed.ts';
import type { Side } from './columns.ts';

export type Value = string | readonly string[] | undefined;

/** One record as a reader found it: texts by column position; a list where the source repeats a tag. */
export type Row = readonly Value[];

export type MappingFormat = 'rpu-xml' | 'csv' | 'fixed-width' | 'hl7v2';

/** What mapping one row gives. `localId` is the source's own visit number: it must be hashed before it goes anywhere. */
export type Mapped =
  | {
      readonly kind: 'fields';
      readonly fields: SourceFields & { readonly values: Record<string, Value> };
      readonly localId: string | undefined;
      readonly breaches: readonly Breach[];
    }
  | { readonly kind: 'rejected'; readonly breach: Breach };

/** A mapping bound to the columns of one export. */
export interface BoundMapping {
  /** `extensions`: what the reader itself found under unknown names. */
  map(row: Row, extensions?: Readonly<Record<string, string>>): Mapped;
  /** Columns that no field uses and the mapping wants reported. */
  readonly unknownColumns: readonly string[];
}

/** Tags of the header of an XML export. */
export interface HeaderTags {
  readonly facility: string;
  readonly part: string;
  readonly extract: string;
  readonly from: string;
  readonly to: string;
}

/** Delimited text. */
export interface CsvLayout {
  readonly format: 'csv';
  readonly encoding: string | undefined;
  /** Undefined = found in the header line. */
  readonly delimiter: string | undefined;
  /** False: a quote is a character like any other. */
  readonly quotes: boolean;
  /** Lines before the header or the first record. */
  readonly skipLines: number;
  /** Columns an export must have to be recognised; "a|b" = one of them. */
  readonly requires: readonly string[];
  /** The names of its columns where it has no header line. */
  readonly columns: readonly string[] | undefined;
}

/** Columns at fixed places, counted in characters after decoding. */
export interface FixedWidthLayout {
  readonly format: 'fixed-width';
  readonly encoding: string | undefined;
  /** `start` from 1. */
  readonly columns: readonly { readonly name: string; readonly start: number; readonly length: number }[];
  /** The length of every line; undefined = up to the end of the last column, trailing blanks may be cut. */
  readonly lineLength: number | undefined;
  readonly skipLines: number;
  readonly hasHeader: boolean;
}

/** An export whose rows are lines. */
export type LineLayout = CsvLayout | FixedWidthLayout;

/** How an export that completes another is put to it. */
export interface CompiledJoin {
  /** Prefix of its columns in fields, without the dot. */
  readonly name: string;
  readonly layout: LineLayout;
  /** The columns of one side that have to be remembered, as that export names them. */
  remembered(side: Side): readonly string[];
  /**
   * What names a row on both sides, for the columns of one export; undefined for a row in which a piece is blank or is not
   * the date it should be.
   */
  bindKey(side: Side, columns: readonly string[], options?: BindOptions): (row: Row) => string | undefined;
  /** Fields of the common schema that read a column of the joined export. */
  readonly fields: ReadonlySet<string>;
}

export interface BindOptions {
  /** Fields of free text that may leave the hospital, by their names in the common schema. Default: none. */
  readonly freeText?: readonly string[] | 'all';
  /** The year in which the export is read: what two digits of a year mean. */
  readonly latestYear?: number;
}

export interface CompiledMapping {
  readonly name: string;
  /** The feed its records belong to. */
  readonly feedName: string;
  readonly format: MappingFormat;
  readonly encoding: string | undefined;
  /** Of the main export; undefined where its rows are not lines. */
  readonly layout: LineLayout | undefined;
  /** A second export that completes the main one. */
  readonly join: CompiledJoin | undefined;
  /** Every column or tag path ("LISTE_DA/DA") the mapping reads or ignores, in order of first use. */
  readonly columns: readonly string[];
  readonly header: HeaderTags | undefined;
  readonly keepsUnknown: boolean;
  /** Columns of the joined export carry its prefix. */
  bind(columns: readonly string[], options?: BindOptions): BoundMapping;
  readonly tests: readonly MappingTest[];
}

/** A case written in the mapping file itself. */
export interface MappingTest {
  readonly input: Readonly<Record<string, string | readonly string[]>>;
  /** A blank text = the field must be absent. */
  readonly output: Readonly<Record<string, string | readonly string[]>>;
}

/** Feeds a mapping may target, by name. */
export type FeedLookup = (name: string) => Feed | undefined;
