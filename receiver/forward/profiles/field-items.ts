import type { Feed, FeedRecord, FieldSpec } from '../../../shared/feeds/feed.ts';
import type { Item, ItemValue } from './item.ts';

/**
 * The items of a feed that has no national form of its own in this folder: its fields under their national tags; under
 * their names when it has no tag at all. The facility is in the file's header. A field that breaks a rule of severity
 * error is one a national file cannot carry: it is blank.
 */
export function fieldItems(feed: Feed): readonly Item[] {
  const facility = feed.fields.find(({ name }) => name === facilityField);
  const fields = feed.fields.filter((field) => field !== facility);
  const tagged = fields.filter(({ tag }) => tag !== null);
  const broken = brokenTags(feed);
  return (tagged.length > 0 ? tagged : fields).map((field) => itemOf(field, broken));
}

const facilityField = 'facility';

function itemOf({ name, tag, list }: FieldSpec, broken: (record: FeedRecord) => ReadonlySet<string>): Item {
  const called = tag ?? name;
  return {
    tag: called,
    each: list ? called : undefined,
    read: (record) => {
      const value = broken(record).has(called) ? undefined : record[name];
      return list ? listOf(value) : textOf(value);
    },
  };
}

/** Asked once for every item of a record: the last answer is kept. */
function brokenTags(feed: Feed): (record: FeedRecord) => ReadonlySet<string> {
  const errors = new Set(feed.rules.filter(({ severity }) => severity === 'error').map(({ id }) => id));
  let asked: FeedRecord | undefined;
  let answer: ReadonlySet<string> = new Set();
  return (record) => {
    if (record === asked) return answer;
    const breaches = feed.check(record).filter(({ rule }) => errors.has(rule));
    answer = new Set(breaches.flatMap(({ field }) => (field === null ? [] : [field])));
    asked = record;
    return answer;
  };
}

function listOf(value: unknown): ItemValue {
  return Array.isArray(value) ? value.map(textOf).filter((text) => text !== '') : [];
}

/** Texts, numbers, and times by the text of their source. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && value !== null && 'text' in value) return textOf(value.text);
  return '';
}
