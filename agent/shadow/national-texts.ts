import type { Feed, FeedRecord, FieldSpec } from '../../shared/feeds/feed.ts';

/** Text by national tag; a blank one is absent. */
export type Texts = ReadonlyMap<string, string>;

/**
 * What a national file would hold of a record, for comparing: times to the minute, lists in their order, and nothing that
 * the format cannot carry (a rule of severity error says so). Upper and lower case are not told apart.
 */
export function nationalTexts(feed: Feed, record: FeedRecord): Texts {
  const refused = refusedTags(feed, record);
  const texts = new Map<string, string>();
  for (const field of feed.fields) {
    if (field.tag === null) continue;
    const value = refused.has(field.tag) ? carried(feed, record, field) : record[field.name];
    const text = textOf(value);
    if (text !== '') texts.set(field.tag, text);
  }
  return texts;
}

function refusedTags(feed: Feed, record: FeedRecord): ReadonlySet<string> {
  const errors = errorRules(feed);
  return new Set(
    feed.check(record).flatMap(({ rule, field }) => (field !== null && errors.has(rule) ? [field] : [])),
  );
}

const known = new WeakMap<Feed, ReadonlySet<string>>();

function errorRules(feed: Feed): ReadonlySet<string> {
  const rules =
    known.get(feed) ?? new Set(feed.rules.filter(({ severity }) => severity === 'error').map(({ id }) => id));
  known.set(feed, rules);
  return rules;
}

/** Of a list, the items that pass alone; of anything else that is refused, nothing. */
function carried(feed: Feed, record: FeedRecord, { name, tag, list }: FieldSpec): unknown {
  const value = record[name];
  if (!list || !Array.isArray(value)) return undefined;
  return value.filter((item: unknown) => !refusedTags(feed, { ...record, [name]: [item] }).has(tag ?? ''));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim().toUpperCase();
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  // A local time as written, less its seconds.
  if (typeof value === 'object' && value !== null && 'text' in value) return textOf(value.text).slice(0, 16);
  return '';
}
