import type { ZodType } from 'zod';
import type { Day } from '../runtime/paris-time.ts';

/**
 * What a feed is. One file per feed in this folder says everything the rest of the product needs to know about a kind
 * of data; outbox, envelope, inbox, store and delivery never know a feed by name.
 */

/** How new data replaces old: see design, section 2. */
export type Replacement = 'window' | 'upsert' | 'snapshot';

export type Severity = 'error' | 'warning' | 'info';

/** One broken rule. Never the value. `line` is 1-based in the export, `record` 1-based among its records. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** The national tag or the source's column; null when the rule concerns the whole record or export. */
  readonly field: string | null;
  readonly line: number | null;
  readonly record: number | null;
}

/** What a check says of one record; line and record number are added by the caller. */
export interface Breach {
  readonly rule: string;
  readonly field: string | null;
}

/** One stable rule: its sentences are in shared/i18n/findings.ts under the same id. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** The fields the rule looks at, by their names in the common schema. */
  readonly fields: readonly string[];
}

/** A local time of Paris as the source wrote it, beside its instant (epoch ms); `at` is null when it is no date. */
export interface SourceTime {
  readonly text: string;
  readonly at: number | null;
}

/** A record of the common schema. Absent = blank at the source. Keys always in the feed's field order. */
export type FeedRecord = Readonly<Record<string, unknown>>;

/** What a mapping targets: names of the common schema, with the texts the source gave. */
export interface SourceFields {
  readonly values: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Unknown tags, kept and never forwarded nationally. */
  readonly extensions?: Readonly<Record<string, string>>;
}

export interface FieldSpec {
  /** Name in the common schema. */
  readonly name: string;
  /** Name in the national format, also used in findings; null when the format has none. */
  readonly tag: string | null;
  readonly list: boolean;
  /** People write what they want in it: it leaves the hospital only where the source's settings allow it. */
  readonly freeText?: true;
}

/** How full a field should be, and of which records. */
export interface QualityTarget {
  readonly field: string;
  /** Percent of the records in which the field is due. */
  readonly percent: number;
  isDue(record: FeedRecord): boolean;
}

/**
 * What is counted of a day's records once they are held: how full each item is, which rules are broken, and where the
 * records lie in a few classes. Numbers only; the feed says what they mean, and nothing else knows it by name.
 */
export interface FeedTally {
  /** Raised when the same records would be counted otherwise: every day is then counted again. */
  readonly version: number;
  readonly items: readonly TalliedItem[];
  readonly dimensions: readonly Dimension[];
  /** Whether a record belongs to the hours in which fewer people fill items in. */
  isNight(record: FeedRecord): boolean;
  /** One class of each dimension in its order, or several where the dimension takes many. */
  placesOf(record: FeedRecord): readonly Places[];
  /** Names of what is counted beside: each gives a plausible cause to something. */
  signsOf(record: FeedRecord): readonly string[];
}

export type Places = number | readonly number[];

export interface TalliedItem {
  /** Name in the common schema, and the tag that people know it by. */
  readonly field: string;
  readonly tag: string;
  /** Rules whose breach makes a filled value unusable. */
  readonly unusable: ReadonlySet<string>;
  isDue(record: FeedRecord): boolean;
}

/** one: each record is in exactly one class, the last meaning "unknown". many: in any number of them. */
export interface Dimension {
  readonly name: string;
  readonly kind: 'one' | 'many';
  readonly classes: readonly string[];
}

export type Built<R extends FeedRecord> =
  | { readonly kind: 'record'; readonly record: R; readonly breaches: readonly Breach[] }
  /** The record cannot be placed (for ED visits: ENTREE missing or unreadable). */
  | { readonly kind: 'rejected'; readonly breach: Breach };

export interface Feed<R extends FeedRecord = FeedRecord> {
  readonly name: string;
  /** Version of the record schema, carried in every envelope header. */
  readonly version: number;
  readonly replacement: Replacement;
  readonly fields: readonly FieldSpec[];
  readonly rules: readonly Rule[];
  /** Fields without a target may stay blank. */
  readonly targets?: readonly QualityTarget[];
  /** What is counted of a day's records; a feed without it is not counted. */
  readonly tally?: FeedTally;
  /** Validates what arrives at the receiver; strict: unknown keys refused. */
  readonly schema: ZodType<R>;
  /** When exports are expected. */
  readonly rhythm: { readonly every: 'day' | 'minutes'; readonly before?: string; readonly minutes?: number };
  /** Source texts to a record in canonical key order: trims, aliases, normalises. Its breaches are what normalising saw. */
  build(source: SourceFields): Built<R>;
  /** All broken rules of a built record, in rule order; pure, so both ends get the same answer. */
  check(record: R): readonly Breach[];
  facilityOf(record: R): string;
  dayOf(record: R): Day;
  /** The instant that places the record in its day, epoch ms (for ED visits: arrival). */
  instantOf(record: R): number;
  /** Canonical text of the natural key, without the facility. Leaves a record's body only as an HMAC. */
  naturalKey(record: R): string;
  /** Keyed hash of the source's own identifier, when it gives one. */
  visitId(record: R): string | undefined;
}
