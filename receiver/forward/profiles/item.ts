import type { FeedRecord } from '../../../shared/feeds/feed.ts';

/** One thing that may leave for an agency: its tag, and how it is got from a record. Nothing else of a record leaves. */
export interface Item<R extends FeedRecord = FeedRecord> {
  /** How settings and formats name it. */
  readonly tag: string;
  /** The tag of one text of a list; undefined when there is one text only. */
  readonly each: string | undefined;
  /** As the national form accepts it: what it cannot carry is blank. A list exactly when `each` is there. */
  read(record: R): ItemValue;
}

export type ItemValue = string | readonly string[];

/** What a version of the national form does not know yet: codes, by tag. */
export interface ItemVersion {
  readonly name: string;
  readonly without: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Items as a version carries them. Items that the version leaves alone stay the same objects. */
export function inVersion(items: readonly Item[], { without }: ItemVersion): readonly Item[] {
  return items.map((item) => {
    const unknown = without.get(item.tag);
    if (unknown === undefined) return item;
    return {
      ...item,
      read: (record) => {
        const value = item.read(record);
        if (typeof value !== 'string') return value.filter((text) => !unknown.has(text));
        return unknown.has(value) ? '' : value;
      },
    };
  });
}
