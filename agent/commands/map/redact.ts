import type { Feed, FeedRecord } from '../../../shared/feeds/feed.ts';

/**
 * The shape of a text and nothing of its content: every letter is X, every digit 9. Of a text that is no code not even how
 * long its words are: that alone may name a town.
 */
export function redact(text: string): string {
  const letters = isCode(text) ? /\p{L}|\p{M}/gu : /[\p{L}\p{M}]+/gu;
  const shape = text.replace(letters, 'X').replace(/\p{N}/gu, '9');
  return shape.length > longest ? `${shape.slice(0, longest)}…` : shape;
}

const longest = 40;
/** PARAMED; without a digit, no code is longer. */
const longestWord = 7;

function isCode(text: string): boolean {
  return /\p{N}/u.test(text)
    ? !/\s\p{L}|\p{L}\s/u.test(text)
    : text.length <= longestWord && !/[\s'’-]/.test(text);
}

/** Name of a field as people know it: its national tag, else its own. */
export function labelOf({ name, tag }: Feed['fields'][number]): string {
  return tag ?? name;
}

/** What a field of a record says, as texts; empty when it is blank. */
export function textsOfField(record: FeedRecord, name: string): readonly string[] {
  const value = record[name];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'object' && 'text' in value) return [String(value.text)];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [String(value)]
    : [JSON.stringify(value)];
}
