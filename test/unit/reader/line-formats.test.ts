import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../../agent/mapping/compile.ts';
import type { CompiledMapping } from '../../../agent/mapping/compiled-mapping.ts';
import { createCsvReader } from '../../../agent/reader/csv.ts';
import { createFixedWidthReader } from '../../../agent/reader/fixed-width.ts';
import { defaultReadLimits } from '../../../agent/reader/limits.ts';
import type { RowHandlers } from '../../../agent/reader/row-reader.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { bodies, finess, read, type Read } from './reading.ts';

const fields = `fields: { facility: SITE, arrivedAt: ENTREE, sex: SEXE, reason: MOTIF }`;
const mapping = (format: string, name = 'urg', more = fields): CompiledMapping =>
  compileMapping(`version: 1\nname: ${name}\nfeed: ed-visits\nformat: ${format}\n${more}\n`, {
    origin: `${name}.yaml`,
    feeds: feedNamed,
  });
const places = (seen: Read): unknown => seen.records.map(({ record, line }) => [record, line]);

const handlersFor = (row: (line: number, record: number) => void): RowHandlers => ({
  columns: () => undefined,
  row: (_row, line, record) => row(line, record),
  unreadable: () => {
    throw new Error('every line can be read');
  },
});
/** Cut without regard to what is in it: a line end may fall between two pieces. */
const piecesOf = (text: string, size: number): readonly string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_none, n) => text.slice(n * size, (n + 1) * size));

const headerless = mapping('{ type: csv, delimiter: ";", header: no, columns: [SITE, ENTREE, SEXE, MOTIF] }');
const row = (minute: number, motif = 'R060'): string =>
  `${finess};11/01/2026 09:${String(minute).padStart(2, '0')};F;${motif}`;
const readRows = (text: string, using = headerless): Promise<Read> => read(text, { mappings: [using] });

describe('a CSV export without a header line', () => {
  it('is read by the columns its mapping names, from its first line on', async () => {
    const seen = await readRows(`${row(1)}\r\n\r\n${row(2)}\r\n`);
    expect(places(seen)).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(bodies(seen)).toMatchObject([{ facility: finess, sex: 'F', reason: 'R060' }, {}]);
  });

  it('loses only the row whose columns do not add up', async () => {
    const seen = await readRows(`${row(1)}\n${row(2)};x\n${row(3)}\n`);
    expect(seen.rejected).toEqual([
      { record: 2, line: 2, breach: { rule: 'record-unreadable', field: null } },
    ]);
    expect(seen.summary).toEqual({ records: 3, accepted: 2, rejected: 1 });
  });

  it('is not recognised when its first line has another number of columns', async () => {
    expect((await readRows(`${row(1)};x\n`)).fault?.code).toBe('export-shape-unknown');
  });

  it('skips the lines before it, whatever ends them and however the text is cut, and counts them', async () => {
    const layout = { quotes: true, skipLines: 2, columns: ['SITE', 'ENTREE', 'SEXE', 'MOTIF'] };
    for (const end of ['\n', '\r\n', '\r']) {
      const text = `Extraction "du jour;${end};${end}${row(1)}${end}${row(2)}${end}`;
      for (const size of [1, 3, 65_536]) {
        const rows: number[][] = [];
        const reader = createCsvReader(
          { delimiter: ';', layout, limits: defaultReadLimits },
          handlersFor((line, record) => rows.push([record, line])),
        );
        for (const piece of piecesOf(text, size)) await reader.write(piece);
        await reader.end();
        expect([end, size, rows]).toEqual([
          end,
          size,
          [
            [1, 3],
            [2, 4],
          ],
        ]);
      }
    }
  });
});

describe('a CSV export without quotes', () => {
  const unquoted = mapping('{ type: csv, delimiter: "|", quote: none, requires: [SITE, ENTREE] }');
  const text = (...reasons: readonly string[]): string =>
    ['SITE|ENTREE|SEXE|MOTIF', ...reasons.map((each, n) => row(n, each).replaceAll(';', '|')), ''].join('\n');

  it('takes a quote for a character like any other', async () => {
    const seen = await read(text('"aïe', 'dit "non"', '5\'4" x'), {
      mappings: [unquoted],
      freeText: ['reason'],
    });
    expect(bodies(seen).map(({ reason }) => reason)).toEqual(['"aïe', 'dit "non"', '5\'4" x']);
    expect(places(seen)).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });
});

const fixed = (more = ''): CompiledMapping =>
  mapping(
    `{ type: fixed-width, encoding: windows-1252, columns: [{ name: SITE, start: 1, length: 9 }, { name: ENTREE, start: 10, length: 16 }, { name: SEXE, start: 26, length: 1 }, { name: MOTIF, start: 27, length: 8 }]${more} }`,
  );
const line = (minute: number, motif = 'R060'): string =>
  `${finess}11/01/2026 09:${String(minute).padStart(2, '0')}F${motif.padEnd(8)}`;

describe('an export of fixed width', () => {
  it('is cut at its columns, in characters after decoding', async () => {
    const text = Buffer.from(`${line(1, 'été')}\r\n${line(2)}\r\n`, 'latin1');
    const seen = await read(text, { mappings: [fixed()], freeText: ['reason'] });
    expect(bodies(seen)).toMatchObject([{ reason: 'été', sex: 'F' }, { reason: 'R060' }]);
  });

  it('counts lines exactly, over blank ones and every kind of line end, however the text is cut', async () => {
    const text = `${line(1)}\r\n\r\n${line(2)}\n   \n${line(3)}\r${line(4)}\r\r${line(5)}\u001a`;
    const { layout } = fixed();
    if (layout?.format !== 'fixed-width') throw new Error('another layout');
    for (const size of [1, 7, 65_536]) {
      const rows: number[][] = [];
      const reader = createFixedWidthReader(
        { layout, limits: defaultReadLimits },
        handlersFor((at, record) => rows.push([record, at])),
      );
      for (const piece of piecesOf(text, size)) await reader.write(piece);
      await reader.end();
      expect([size, rows]).toEqual([
        size,
        [
          [1, 1],
          [2, 3],
          [3, 5],
          [4, 6],
          [5, 8],
        ],
      ]);
    }
  });

  it('loses only the line that is too long', async () => {
    const seen = await read(`${line(1)}\n${line(2)}x\n${line(3)}   \n`, { mappings: [fixed()] });
    expect(seen.rejected).toEqual([
      { record: 2, line: 2, breach: { rule: 'record-unreadable', field: null } },
    ]);
    expect(seen.summary).toEqual({ records: 3, accepted: 2, rejected: 1 });
  });

  it('takes a short line for one whose blanks were cut, unless the length of lines is declared', async () => {
    const text = `${line(1)}\n${line(2, '').trimEnd()}\n`;
    expect((await read(text, { mappings: [fixed()] })).summary?.accepted).toBe(2);
    const strict = await read(text, { mappings: [fixed(', lineLength: 34')] });
    expect(strict.rejected).toEqual([
      { record: 2, line: 2, breach: { rule: 'record-unreadable', field: null } },
    ]);
  });

  it('passes over its header and the lines before it', async () => {
    const text = `DUMP\nSITE     ENTREE\n${line(1)}\n`;
    const seen = await read(text, { mappings: [fixed(', skipLines: 1, header: yes')] });
    expect(places(seen)).toEqual([[1, 3]]);
  });

  it('is rejected when a line never ends, and holds no more than its bound', async () => {
    const { fault } = await read(`${line(1)}\n${'x'.repeat(2_000_000)}`, { mappings: [fixed()] });
    expect(fault).toMatchObject({ code: 'record-too-long', position: { line: 2, record: 2 } });
  });

  it('is rejected when it has more records than allowed', async () => {
    const text = `${line(1)}\n${line(2)}\n`;
    const { fault } = await read(text, { mappings: [fixed()], limits: { records: 1 } });
    expect(fault).toMatchObject({ code: 'export-too-many-records', position: { line: 2 } });
  });
});

describe('which mapping reads an export', () => {
  const wide = mapping(
    '{ type: fixed-width, columns: [{ name: SITE, start: 1, length: 40 }] }',
    'wide',
    'fields: { facility: SITE }',
  );
  const header = mapping('{ type: csv, requires: [SITE, ENTREE] }', 'titles');
  const by = async (text: string, mappings: readonly CompiledMapping[]): Promise<string | undefined> => {
    const seen = await read(text, { mappings });
    return seen.header?.mapping ?? seen.fault?.code;
  };

  it('is told by a header, else by the number of columns, else by the width of a line', async () => {
    const all = [wide, fixed(), header, headerless];
    expect(await by(`SITE;ENTREE;SEXE\n${finess};11/01/2026 09:00;F\n`, all)).toBe('titles');
    expect(await by(`${row(1)}\n`, all)).toBe('urg');
    expect(await by(`${line(1)}\n`, all)).toBe('urg');
  });

  it('of fixed width is taken when it is the only one, so that its lines can be rejected one by one', async () => {
    const { fault } = await read('short\nlines\n', { mappings: [fixed(', lineLength: 34')] });
    expect(fault?.code).toBe('export-without-readable-record');
    expect(await by('short\nlines\n', [fixed(', lineLength: 34'), header])).toBe('export-shape-unknown');
  });

  it('is refused rather than guessed when two fit alike', async () => {
    const twin = mapping('{ type: csv, requires: [SITE, SEXE] }', 'twin');
    const seen = await read(`SITE;ENTREE;SEXE\n`, { mappings: [header, twin] });
    expect(seen.fault).toMatchObject({
      code: 'export-shape-ambiguous',
      facts: { first: 'titles', second: 'twin' },
    });
    const more = mapping('{ type: csv, requires: [SITE, ENTREE, SEXE] }', 'more');
    expect(await by(`SITE;ENTREE;SEXE\n${finess};11/01/2026 09:00;F\n`, [header, more])).toBe('more');
  });
});
