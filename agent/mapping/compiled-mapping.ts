import type { Breach, Feed, SourceFields } from '../../shared/feeds/feed.ts';

export type Value = string | readonly string[] | undefined;

/** One record as a reader found it: texts by column position; a list where the source repeats a tag. */
export type Row = readonly Value[];

export type MappingFormat = 'rpu-xml' | 'csv';

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

export interface CompiledMapping {
  readonly name: string;
  /** The feed its records belong to. */
  readonly feedName: string;
  readonly format: MappingFormat;
  /** Declared delimiter of a CSV export; undefined = found in the header line. */
  readonly delimiter: string | undefined;
  readonly encoding: string | undefined;
  /** Columns an export must have to be recognised as this mapping's (CSV); "a|b" = one of them. */
  readonly requiredColumns: readonly string[];
  /** Every column or tag path ("LISTE_DA/DA") the mapping reads or ignores, in order of first use. */
  readonly columns: readonly string[];
  readonly header: HeaderTags | undefined;
  readonly keepsUnknown: boolean;
  bind(columns: readonly string[]): BoundMapping;
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
