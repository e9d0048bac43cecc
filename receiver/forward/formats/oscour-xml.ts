import { dayToFrench } from '../../../shared/runtime/paris-time.ts';
import type { FeedRecord } from '../../../shared/feeds/feed.ts';
import type { Item } from '../profiles/item.ts';
import { createEncoder, declaredEncoding } from './encoding.ts';
import { frenchExtract, recordsOf, type DispatchInput, type FormatKind, type PrintedForm } from './format.ts';
import { xmlReference, xmlText } from './xml-text.ts';

/**
 * The national ED visit summary (June 2006 format) in one canonical form:
 *
 *   one tag a line; OSCOUR > ETABLISSEMENT, PASSAGES > PATIENT; the items of the profile always present in a PATIENT, in
 *   its order, empty when blank; ORDRE 0. A character that the encoding lacks is a numeric reference.
 */
export const oscourXml: FormatKind = {
  name: 'oscour-xml',
  feed: 'ed-visits',
  layout: 'free',
  defaultName: () => 'O{facility}_0_{extract}.xml',
  printer,
};

function printer({ feed, items, encoding, lineEnds = 'lf' }: PrintedForm): (input: DispatchInput) => Buffer {
  const eol = lineEnds === 'lf' ? '\n' : '\r\n';
  const printed = items.map((item) => itemPrinter(item, eol));
  const encode = createEncoder(encoding, xmlReference);
  return (input) => {
    const lines = [
      `<?xml version="1.0" encoding="${declaredEncoding[encoding]}"?>`,
      '<OSCOUR>',
      '<ETABLISSEMENT>',
      `<FINESS>${xmlText(input.facility)}</FINESS>`,
      '<ORDRE>0</ORDRE>',
      `<EXTRACT>${frenchExtract(input.extract)}</EXTRACT>`,
      `<DATEDEBUT>${dayToFrench(input.from)}</DATEDEBUT>`,
      `<DATEFIN>${dayToFrench(input.to)}</DATEFIN>`,
      '</ETABLISSEMENT>',
      '<PASSAGES>',
    ];
    let text = `${lines.join(eol)}${eol}`;
    for (const record of recordsOf(feed, input.bodies)) {
      text += `<PATIENT>${eol}`;
      for (const print of printed) text += print(record);
      text += `</PATIENT>${eol}`;
    }
    return encode(`${text}</PASSAGES>${eol}</OSCOUR>${eol}`);
  };
}

/** The lines' fixed parts are made once. */
function itemPrinter(item: Item, eol: string): (record: FeedRecord) => string {
  const [before, after] = [`<${item.tag}>`, `</${item.tag}>${eol}`];
  const [open, close] = [`<${item.each ?? ''}>`, `</${item.each ?? ''}>`];
  return (record) => {
    const value = item.read(record);
    if (typeof value === 'string') return before + xmlText(value) + after;
    let texts = '';
    for (const text of value) texts += open + xmlText(text) + close;
    return before + texts + after;
  };
}
