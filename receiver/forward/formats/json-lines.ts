import type { FeedRecord } from '../../../shared/feeds/feed.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { Item, ItemValue } from '../profiles/item.ts';
import { createEncoder } from './encoding.ts';
import { isoExtract, recordsOf, type DispatchInput, type FormatKind, type PrintedForm } from './format.ts';

/**
 * One object a line: first the file's own (facility, from, to, extract, how many records follow, format, version), then
 * one a record, keyed by tag; lists are arrays, what is blank is absent. A character that the encoding lacks is escaped,
 * so that nothing is lost.
 */
export const jsonLines: FormatKind = {
  name: 'json-lines',
  feed: undefined,
  layout: 'free',
  defaultName: (feed) => `${feed}_{facility}_{extract}_{from}_{to}.jsonl`,
  printer,
};

function printer({
  feed,
  version,
  items,
  encoding,
  lineEnds = 'lf',
}: PrintedForm): (input: DispatchInput) => Buffer {
  const eol = lineEnds === 'lf' ? '\n' : '\r\n';
  const encode = createEncoder(encoding, escaped);
  return ({ facility, from, to, extract, bodies }) => {
    const records = recordsOf(feed, bodies);
    const header = {
      ...{ facility, from: dayToIso(from), to: dayToIso(to), extract: isoExtract(extract) },
      ...{ records: records.length, format: jsonLines.name, version },
    };
    const lines = [header, ...records.map((record) => filledItems(items, record))];
    return encode(lines.map((line) => JSON.stringify(line) + eol).join(''));
  };
}

function filledItems(items: readonly Item[], record: FeedRecord): Readonly<Record<string, ItemValue>> {
  return Object.fromEntries(
    items.map((item) => [item.tag, item.read(record)] as const).filter(([, value]) => value.length > 0),
  );
}

/** Beyond 16 bits, as a pair. */
function escaped(codePoint: number): string {
  return String.fromCodePoint(codePoint)
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
