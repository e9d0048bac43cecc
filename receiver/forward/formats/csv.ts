import type { ItemValue } from '../profiles/item.ts';
import { createEncoder } from './encoding.ts';
import { recordsOf, type FormatKind, type PrintedForm, type DispatchInput } from './format.ts';

/**
 * One record a line, for machines: `;` between cells, a header of lower-case tags with the facility's number first, lists
 * joined by a comma and a space, quotes where RFC 4180 wants them. Cells are what they are: nothing is defused for a
 * spreadsheet. A character that the encoding lacks is a question mark. The window is in the name only.
 */
export const csv: FormatKind = {
  name: 'csv',
  feed: undefined,
  layout: 'free',
  defaultName: (feed) => `${feed}_{facility}_{extract}_{from}_{to}.csv`,
  printer,
};

function printer({
  feed,
  items,
  encoding,
  lineEnds = 'crlf',
}: PrintedForm): (input: DispatchInput) => Buffer {
  const eol = lineEnds === 'lf' ? '\n' : '\r\n';
  const header = ['finess', ...items.map(({ tag }) => tag.toLowerCase())].join(';') + eol;
  const encode = createEncoder(encoding, () => '?');
  return ({ facility, bodies }) => {
    let text = header;
    for (const record of recordsOf(feed, bodies)) {
      text += facility;
      for (const item of items) text += `;${cell(item.read(record))}`;
      text += eol;
    }
    return encode(text);
  };
}

function cell(value: ItemValue): string {
  const text = typeof value === 'string' ? value : value.join(', ');
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
