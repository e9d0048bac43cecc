import { describe, expect, it } from 'vitest';
import { checkMapping, printFault } from '../../../agent/mapping/check.ts';
import { compileMapping } from '../../../agent/mapping/compile.ts';
import { mappingExpectations } from '../../../shared/i18n/mapping-expected.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';

const faults = (text: string): readonly string[] => {
  const checked = checkMapping(text, feedNamed);
  return checked.kind === 'valid' ? [] : checked.faults.map((fault) => printFault(fault, 'en'));
};
const file = (format: string, rest = ''): string =>
  `version: 1\nname: urg\nfeed: ed-visits\nformat: ${format}\nfields: { sex: A }\n${rest}`;

describe('the format of a mapping file', () => {
  it.each([
    ['a CSV without what recognises it', '{ type: csv }', 'requires: the columns by which'],
    ['columns beside a header', '{ type: csv, requires: [A], columns: [A] }', 'columns only with header: no'],
    [
      'no columns where there is no header',
      '{ type: csv, header: no, delimiter: ";" }',
      'columns: the names of the columns',
    ],
    ['no delimiter where there is no header', '{ type: csv, header: no, columns: [A] }', 'delimiter, as the'],
    [
      'requires where there is no header',
      '{ type: csv, header: no, columns: [A], delimiter: ";", requires: [A] }',
      'requires only with header: yes',
    ],
    ['a column twice', '{ type: csv, header: no, columns: [A, a], delimiter: ";" }', 'each column once'],
    ['another quote', `{ type: csv, requires: [A], quote: "'" }`, "'\"' or none"],
    ['an unknown encoding', '{ type: csv, requires: [A], encoding: ebcdic }', 'utf-8, windows-1252'],
    [
      'a column that starts nowhere',
      '{ type: fixed-width, columns: [{ name: A, start: 0, length: 3 }] }',
      'a whole number, 1 to 9999',
    ],
    [
      'lines shorter than their columns',
      '{ type: fixed-width, lineLength: 4, columns: [{ name: A, start: 3, length: 3 }] }',
      'at least the end of the last column (5)',
    ],
    [
      'a field without its column',
      '{ type: fixed-width, columns: [{ name: B, start: 1, length: 3 }] }',
      'a declared column: B',
    ],
    ['an unknown type', '{ type: excel }', 'type: rpu-xml, csv'],
  ])('is refused for %s', (_what, format, expected) => {
    const found = faults(file(format));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('names the line of each fault, wherever it is', () => {
    const text = `version: 1
name: urg
feed: ed-visits
format:
  type: fixed-width
  columns:
    - { name: A, start: 1, length: 3 }
    - { name: A, start: 4, length: 3 }
fields:
  sex: &copied
    from: B
  commune: *copied
extensions:
  "1x": A
`;
    expect(faults(text)).toEqual([
      'line 8, format.columns.1: "A", expected: each column once',
      'line 10, fields.sex: "B", expected: a declared column: A, A',
      'line 12, fields.commune: "B", expected: a declared column: A, A',
      'line 14, extensions.1x: "A", expected: a letter, then letters, digits, dashes or underscores, at most 40',
    ]);
    expect(faults(text.replace('"1x"', 'x1')).map((fault) => fault.split(',')[0])).toEqual([
      'line 8',
      'line 10',
      'line 12',
    ]);
  });
});

const joined = (change: (text: string) => string = (text) => text): string =>
  change(`version: 1
name: urg
feed: ed-visits
format: { type: csv, requires: [NUM] }
join:
  name: adm
  format: { type: csv, delimiter: "|", header: no, columns: [NUM, CP] }
  key: { main: [NUM], joined: [NUM] }
fields:
  arrivedAt: ENTREE
  postalCode: adm.CP
`);

describe('a mapping that joins two exports', () => {
  it('tells the columns of either side, its key columns known, and those it remembers', () => {
    const mapping = compileMapping(joined(), { origin: 'urg', feeds: feedNamed });
    expect(mapping.join?.remembered('main')).toEqual(['ENTREE']);
    expect(mapping.join?.remembered('joined')).toEqual(['CP']);
    expect(mapping.bind(['NUM', 'ENTREE', 'X']).unknownColumns).toEqual(['X']);
    expect(mapping.bind(['adm.NUM', 'adm.CP', 'adm.X']).unknownColumns).toEqual(['adm.X']);
  });

  it('compares keys without regard to case, and times to the minute', () => {
    const text = joined((whole) =>
      whole.replace(
        'key: { main: [NUM], joined: [NUM] }',
        'key: { main: [NUM, { from: T, dateTime: ["dd/MM/yyyy HH:mm:ss"] }], joined: [{ from: NUM, do: [removeLeadingZeros] }, { from: CP, dateTime: [yyyyMMddHHmm] }] }',
      ),
    );
    const { join } = compileMapping(text, { origin: 'urg', feeds: feedNamed });
    const main = join?.bindKey('main', ['num', 'T']);
    const other = join?.bindKey('joined', ['NUM', 'CP']);
    expect(main?.(['a12 ', '11/01/2026 09:42:59'])).toBe(other?.(['00A12', '202601110942']));
    expect(main?.(['a12', '11/01/2026 09:43:00'])).not.toBe(other?.(['00A12', '202601110942']));
    expect([main?.(['', '11/01/2026 09:42:59']), main?.(['a12', 'hier']), main?.([])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    [
      'keys of unequal length',
      (text: string) => text.replace('main: [NUM]', 'main: [NUM, NE]'),
      'as many columns',
    ],
    [
      'a key of the other side',
      (text: string) => text.replace('main: [NUM]', 'main: [adm.NUM]'),
      'a column of its own export',
    ],
    [
      'a key column that is not declared',
      (text: string) => text.replace('joined: [NUM]', 'joined: [PASSAGE]'),
      'a declared column: NUM, CP',
    ],
    [
      'a field of a joined column that is not declared',
      (text: string) => text.replace('adm.CP', 'adm.VILLE'),
      'a declared column: NUM, CP',
    ],
    [
      'a visit number that only the other half knows',
      (text: string) => `${text}  visitId: adm.CP\n`,
      'known without the other half',
    ],
    [
      'a facility that only the other half knows',
      (text: string) => `${text}  facility: { from: [SITE, adm.CP] }\n`,
      'known without the other half',
    ],
    [
      'a main export whose rows are no lines',
      (text: string) =>
        text.replace(
          'format: { type: csv, requires: [NUM] }',
          'format: { type: rpu-xml, header: { facility: F, part: O, extract: E, from: D, to: T } }',
        ),
      'csv or fixed-width for the main export',
    ],
  ])('is refused for %s', (_what, change, expected) => {
    const found = faults(joined(change));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });
});

describe('what a mapping file should hold', () => {
  it('is said in French and in English', () => {
    for (const { fr, en } of Object.values(mappingExpectations))
      expect([fr.length > 0, en.length > 0]).toEqual([true, true]);
    const checked = checkMapping(file('{ type: csv }'), feedNamed);
    const [fault] = checked.kind === 'valid' ? [] : checked.faults;
    expect(fault === undefined ? '' : printFault(fault, 'fr')).toMatch(
      /^ligne 4, format : « ∅ », attendu : requires/,
    );
  });

  it('is known wherever the schema asks for it', () => {
    const messages = [
      'version: 9',
      'name: A',
      'feed: []',
      'format: { type: csv, requires: x }',
      'tables: x',
      'fields: x',
      'extensions: x',
      'ignore: x',
      'unknownColumns: x',
      'tests: x',
      'join: x',
      'format: { type: rpu-xml }',
      'format: { type: fixed-width, columns: [x] }',
      'tests: [x]',
      'tables: { t: x }',
      'text alone',
    ];
    for (const message of messages) {
      const checked = checkMapping(message, feedNamed);
      if (checked.kind === 'valid') throw new Error('a lone key cannot be a mapping');
      for (const { path, expected } of checked.faults)
        expect([path, expected.fr === expected.en && expected.en !== 'version: 1']).toEqual([path, false]);
    }
  });
});
