import type { Feed, FeedRecord } from '../../../shared/feeds/feed.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { Item } from '../profiles/item.ts';
import type { Encoding } from './encoding.ts';

/** How the records of a facility and a run of days become one file for an agency. Pure: the same input gives the same bytes. */
export interface DispatchFormat {
  readonly name: string;
  readonly version: string;
  readonly feed: string;
  /** Records a file may hold; only a single larger day goes beyond. */
  readonly maxRecords: number;
  fileName(file: Omit<DispatchInput, 'bodies'>): string;
  compose(input: DispatchInput): Buffer;
}

export interface DispatchInput {
  readonly facility: string;
  readonly from: Day;
  readonly to: Day;
  /** Wall-clock milliseconds of Paris written as if UTC: printed piece by piece, never converted. */
  readonly extract: number;
  /** JSON of the records as the store holds them, validated when they were applied. */
  readonly bodies: readonly string[];
}

/** A kind of file that settings can name. */
export interface FormatKind {
  readonly name: string;
  /** Which feed it is for; undefined: any. */
  readonly feed: string | undefined;
  /** `fixed`: every agency gets the same: no profile, order, encoding or line ends of its own. */
  readonly layout: 'free' | 'fixed';
  /** The pattern of its files' names unless settings say another; see naming.ts. */
  defaultName(feed: string): string;
  /** What a file holds for this input. Items in order, as the version carries them. */
  printer(form: PrintedForm): (input: DispatchInput) => Buffer;
}

export interface PrintedForm {
  readonly feed: Feed;
  readonly version: string;
  readonly items: readonly Item[];
  readonly encoding: Encoding;
  /** The kind's own unless said. */
  readonly lineEnds: 'lf' | 'crlf' | undefined;
}

/**
 * The records of bodies that the store holds. Of a feed that replaces by key, the latest row of every key in the order of
 * the keys: another part may hold an older one.
 */
export function recordsOf(feed: Feed, bodies: readonly string[]): readonly FeedRecord[] {
  // The store's bodies passed the schema when they were applied.
  const records = bodies.map((body) => JSON.parse(body) as FeedRecord);
  if (feed.replacement !== 'snapshot') return records;
  const latest = new Map<string, FeedRecord>();
  for (const record of records) {
    const key = feed.naturalKey(record);
    const held = latest.get(key);
    if (held === undefined || feed.instantOf(held) <= feed.instantOf(record)) latest.set(key, record);
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}

/** "dd/MM/yyyy HH:mm:ss" */
export function frenchExtract(extract: number): string {
  const iso = new Date(extract).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

/** "yyyy-MM-ddTHH:mm:ss" */
export function isoExtract(extract: number): string {
  return new Date(extract).toISOString().slice(0, 19);
}
