import { expect, test } from 'vitest';
import { createDerReader, der, derOid, tags } from '../../../shared/envelope/der.ts';
import { faultOf } from './sealed.ts';

const read = (hex: string): Promise<string> =>
  faultOf(() => {
    const reader = createDerReader(Buffer.from(hex, 'hex'), 'envelope-malformed');
    reader.content(tags.octets);
    reader.end();
  });

test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('an element of %i bytes is read back', (length) => {
  const content = Buffer.alloc(length, 7);
  const reader = createDerReader(der(tags.octets, content), 'envelope-malformed');
  expect(reader.content(tags.octets)).toEqual(content);
  reader.end();
});

test('object identifiers are written as the standard shows them', () => {
  expect(derOid('1.2.840.113549.1.9.16.1.23').toString('hex')).toBe('060b2a864886f70d0109100117');
});

test.each([
  ['an indefinite length', '048000'],
  ['a length longer than needed', '04810155'],
  ['a length with a leading zero', `04820080${'00'.repeat(128)}`],
  ['a length of five bytes', '0485000000000155'],
  ['a length past the end', '040355'],
  ['a length of 4 GiB', '0484ffffffff55'],
  ['another tag', '020155'],
  ['nothing', ''],
  ['a tag alone', '04'],
  ['something after it', '04015500'],
])('%s is refused', async (_, hex) => {
  expect(await read(hex)).toBe('envelope-malformed');
});

test('nesting deeper than the format needs is refused', async () => {
  let nested = der(tags.octets);
  for (let depth = 0; depth < 50; depth += 1) nested = der(tags.sequence, nested);
  const dive = (): void => {
    let reader = createDerReader(nested, 'envelope-malformed');
    while (reader.peek() === tags.sequence) reader = reader.enter(tags.sequence);
  };
  expect(await faultOf(dive)).toBe('envelope-malformed');
});
