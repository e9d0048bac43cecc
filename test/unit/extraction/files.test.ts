import { chownSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { SaxesParser } from 'saxes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireParquet } from '../../../receiver/extraction/files/parquet-file.ts';
import { rowFiles } from '../../../receiver/extraction/files/row-file.ts';
import type { Sheet } from '../../../receiver/extraction/files/sheet.ts';
import { mostXlsxRows } from '../../../receiver/extraction/files/xlsx-file.ts';
import type { Cell } from '../../../receiver/extraction/plan.ts';
import type { ExtractionForm } from '../../../receiver/extraction/request.ts';
import { columns } from './desk-kit.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vgm-rows-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sheet: Sheet = { columns, notes: ['Semaine 41 incomplète', '<&>'], language: 'fr', mayHide: true };
const nasty: readonly (readonly Cell[])[] = [
  ['=1+1', 3],
  ['+33', -4],
  ['-2', 0],
  ['@SUM(A1)', null],
  ['\tx', { hidden: true }],
  ['a;b"c\nd', 9_007_199_254],
  ['', 1],
  [' =HYPERLINK("http://x")', 2],
  ['É&<>\u0001\ud800_x0041_', 5],
];

async function write(
  form: ExtractionForm,
  rows: readonly (readonly Cell[])[],
  of: Sheet = sheet,
): Promise<string> {
  const path = join(folder, `file.${form}`);
  const file = await rowFiles[form](path, of);
  await file.add(rows.slice(0, 3));
  await file.add([]);
  await file.add(rows.slice(3));
  const { bytes } = await file.end();
  expect(bytes).toBe(statSync(path).size);
  return path;
}

describe('csv', () => {
  it('has no cell that a spreadsheet takes for a formula, and cells with signs of the form are quoted', async () => {
    const lines = readFileSync(await write('csv', nasty), 'utf8');
    expect(lines.startsWith('\ufefffacility;visits\r\n')).toBe(true);
    for (const expected of [
      "'=1+1;3",
      "'+33;-4",
      "'-2;0",
      "'@SUM(A1);",
      '"a;b""c\nd";9007199254',
      "' =HYPERLINK",
    ])
      expect(lines).toContain(expected);
    expect(lines).toContain("'\tx;masqué\r\n");
    expect(lines.split('\r\n').every((line) => !/^[=+\-@\t]/.test(line))).toBe(true);
  });
});

describe('xlsx', () => {
  const parts = (path: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(unzipSync(readFileSync(path))).map(([name, content]) => [name, strFromU8(content)]),
    );

  /** Cells as an XML parser reads them: [kind, text]. Throws when a part is not well-formed. */
  const cellsOf = (xml: string): readonly (readonly (readonly [string, string])[])[] => {
    const rows: [string, string][][] = [];
    const parser = new SaxesParser();
    let text = '';
    parser.on('opentag', ({ name, attributes }) => {
      if (name === 'row') rows.push([]);
      if (name === 'c') rows.at(-1)?.push([attributes['t'] ?? 'n', '']);
      text = '';
    });
    parser.on('text', (part) => (text += part));
    parser.on('closetag', ({ name }) => {
      const cell = rows.at(-1)?.at(-1);
      if ((name === 'v' || name === 't') && cell !== undefined) cell[1] = text;
    });
    parser.write(xml).close();
    return rows;
  };

  it('has numbers as numbers, texts as texts, and no formula at all', async () => {
    const found = parts(await write('xlsx', nasty));
    const xml = found['xl/worksheets/sheet1.xml'] ?? '';
    const [header, ...rows] = cellsOf(xml);
    expect(header).toEqual([
      ['inlineStr', 'Établissement'],
      ['inlineStr', 'Passages'],
    ]);
    expect(rows).toEqual([
      ...[
        [
          ['inlineStr', '=1+1'],
          ['n', '3'],
        ],
        [
          ['inlineStr', '+33'],
          ['n', '-4'],
        ],
      ],
      ...[
        [
          ['inlineStr', '-2'],
          ['n', '0'],
        ],
        [
          ['inlineStr', '@SUM(A1)'],
          ['n', ''],
        ],
      ],
      ...[
        [
          ['inlineStr', '\tx'],
          ['inlineStr', 'masqué'],
        ],
        [
          ['inlineStr', 'a;b"c\nd'],
          ['n', '9007199254'],
        ],
      ],
      ...[
        [
          ['inlineStr', ''],
          ['n', '1'],
        ],
        [
          ['inlineStr', ' =HYPERLINK("http://x")'],
          ['n', '2'],
        ],
      ],
      [
        ['inlineStr', 'É&<>\ufffd\ufffd_x005F_x0041_'],
        ['n', '5'],
      ],
    ]);
    expect(xml).not.toMatch(/<f[ >]/);
    expect(xml).toContain('state="frozen"');
  });

  it('is a whole package: every part is well-formed and named in its lists, notes are on a sheet of their own', async () => {
    const found = parts(await write('xlsx', nasty));
    for (const xml of Object.values(found)) new SaxesParser().write(xml).close();
    const types = found['[Content_Types].xml'] ?? '';
    for (const [, name] of types.matchAll(/PartName="\/([^"]+)"/g))
      expect(Object.keys(found)).toContain(name);
    for (const [, target] of (found['xl/_rels/workbook.xml.rels'] ?? '').matchAll(/Target="([^"]+)"/g))
      expect(Object.keys(found)).toContain(`xl/${target ?? ''}`);
    const notes = cellsOf(found['xl/worksheets/sheet2.xml'] ?? '').map((row) => row.map(([, text]) => text));
    expect(notes).toEqual([
      ...[['Semaine 41 incomplète'], ['<&>'], []],
      ...[
        ['facility', 'Établissement'],
        ['visits', 'Passages'],
      ],
    ]);
  });

  it('of more rows than a workbook holds is refused, and says which forms hold them', async () => {
    const file = await rowFiles.xlsx(join(folder, 'big.xlsx'), sheet);
    const block = Array.from({ length: 65_536 }, (): readonly Cell[] => []);
    let rows = 0;
    const adding = async (): Promise<void> => {
      for (; rows <= mostXlsxRows; rows += block.length) await file.add(block);
    };
    await expect(adding()).rejects.toMatchObject({ code: 'extraction-too-many-rows' });
    expect(rows + block.length).toBe(1_048_576);
    await file.drop();
  });
});

describe('parquet', () => {
  const isThere = (): Promise<boolean> =>
    requireParquet().then(
      () => true,
      () => false,
    );

  it('without its library says which one to install', async () => {
    await expect(requireParquet('vaguemestre-no-such-library')).rejects.toMatchObject({
      code: 'extraction-parquet-missing',
      facts: { library: 'vaguemestre-no-such-library' },
    });
  });

  it('keeps texts, numbers, nothing and what is hidden apart', async (context) => {
    if (!(await isThere())) {
      if (process.env['REQUIRE_PEERS'] === '1')
        throw new Error('REQUIRE_PEERS=1, and DuckDB is not installed');
      process.stderr.write('NOT TRIED: without @duckdb/node-api, no Parquet file was made\n');
      context.skip();
    }
    // As CSV: what root writes in another account's folder belongs to that account.
    if (process.getuid?.() === 0) chownSync(folder, 12_345, 12_345);
    const path = await write('parquet', nasty);
    expect(statSync(path).uid).toBe(statSync(folder).uid);
    const { DuckDBInstance } = await requireParquet();
    const instance = await DuckDBInstance.create(':memory:', {});
    const connection = await instance.connect();
    const rows = (await connection.run(`select * from '${path}'`)) as { getRows(): Promise<unknown[][]> };
    expect(await rows.getRows()).toEqual([
      ...[
        ['=1+1', 3n, false],
        ['+33', -4n, false],
        ['-2', 0n, false],
        ['@SUM(A1)', null, false],
      ],
      ...[
        ['\tx', null, true],
        ['a;b"c\nd', 9_007_199_254n, false],
        ['', 1n, false],
      ],
      ...[
        [' =HYPERLINK("http://x")', 2n, false],
        ['É&<>\u0001\ufffd_x0041_', 5n, false],
      ],
    ]);
    const said = (await connection.run(`select decode(value) from parquet_kv_metadata('${path}')`)) as {
      getRows(): Promise<unknown[][]>;
    };
    expect(await said.getRows()).toEqual([['Semaine 41 incomplète\n<&>']]);
    connection.closeSync();
    instance.closeSync();
  });
});
