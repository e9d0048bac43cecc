import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../../agent/mapping/compile.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { bodies, csvHeader, finess, read, type Reject } from './reading.ts';

const row = (minute: number, motif = '', id = finess): string =>
  `${id};11/01/2026 09:${String(minute).padStart(2, '0')};F;8;${motif};`;
const csv = (...lines: readonly string[]): string => [csvHeader, ...lines, ''].join('\r\n');

describe('a CSV export', () => {
  it('gives a header without dates, then its records with line and number', async () => {
    const seen = await read(csv(row(1), row(2)));
    expect(seen.header).toMatchObject({
      mapping: 'rpu-csv',
      facility: finess,
      part: '0',
      extract: null,
      extractState: 'missing',
      window: null,
    });
    expect(seen.records.map(({ record, line }) => [record, line])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(seen.findings.filter(({ rule }) => rule.startsWith('extract'))).toEqual([]);
  });

  it('reads column names quoted, padded and in any case, and keeps unknown columns', async () => {
    const text = '"FINESS" ; Entree ;"sexe";MODE_ENTREE;box\n990000010;11/01/2026 09:42;F;8;12\n';
    expect(bodies(await read(text))).toMatchObject([
      { facility: finess, sex: 'F', extensions: { box: '12' } },
    ]);
  });

  it('finds the delimiter in the header line', async () => {
    for (const delimiter of [',', '|', '\t'])
      expect((await read(csv(row(1)).replaceAll(';', delimiter))).summary?.accepted).toBe(1);
  });

  it('counts lines over quoted line ends of every kind, blank lines and blank rows', async () => {
    const lines = [row(1, '"a\r\nb\nc"'), row(2), '', ';;;;;', row(3, '"\r\n\r\n"'), row(4)];
    const seen = await read(csv(...lines));
    expect(seen.records.map(({ record, line }) => [record, line])).toEqual([
      [1, 2],
      [2, 5],
      [3, 8],
      [4, 11],
    ]);
  });

  it('loses only the row whose columns do not add up', async () => {
    const seen = await read(csv(row(1), `${row(2)};x`, row(3)));
    expect(seen.rejected).toEqual([
      { record: 2, line: 3, breach: { rule: 'record-unreadable', field: null } },
    ]);
    expect(seen.summary).toEqual({ records: 3, accepted: 2, rejected: 1 });
  });

  it('leaves formula-like text alone, quotes doubled inside quotes, and lists split', async () => {
    const seen = await read(csv(`${finess};11/01/2026 09:42;F;8;"=A1&""x""";"I10, E11.9"`));
    expect(bodies(seen)).toMatchObject([{ reason: '=A1&"x"', associatedDiagnoses: ['I10', 'E119'] }]);
  });

  it('is read as windows-1252 or UTF-8, as it comes', async () => {
    for (const encoding of ['utf8', 'latin1'] as const)
      expect(bodies(await read(Buffer.from(csv(row(1, 'fièvre')), encoding)))).toMatchObject([
        { reason: 'fièvre' },
      ]);
  });

  const rejects: readonly Reject[] = [
    ['is nothing but a header', csv(), 'export-without-record'],
    ['has other columns', 'a;b\n1;2\n', 'export-shape-unknown'],
    [
      'has a header split by two delimiters equally',
      'finess;entree;sexe,mode_entree,motif\n',
      'csv-delimiter-ambiguous',
    ],
    [
      'opens a quote for good',
      csv(row(1), row(2, '"x'), row(3)),
      'csv-quote-unclosed',
      { line: 3, record: 2 },
    ],
    ['goes on after a quote', csv(row(1), row(2, '"x"y')), 'csv-quote-misplaced', { line: 3, record: 2 }],
    ['opens a quote inside a text', csv(row(1, 'x"y')), 'csv-quote-misplaced', { line: 2, record: 1 }],
    ['has no row that can be placed', csv(`${finess};hier;F;8;;`), 'export-without-readable-record'],
    [
      'names two facilities',
      csv(row(1), row(2, '', '990000028')),
      'facility-several',
      { line: 3, record: 2 },
    ],
    ['names a facility that cannot be', csv(row(1, '', '990000011')), 'facility-invalid', { line: 2 }],
    ['leaves the facility out', csv(row(1), row(2, '', '')), 'facility-missing', { line: 3, record: 2 }],
  ];
  it.each(rejects.map(([what, text, code, position]) => ({ what, text, code, position })))(
    'is rejected when it $what',
    async ({ text, code, position }) => {
      const { fault } = await read(text);
      expect(fault?.code).toBe(code);
      expect(fault?.position ?? {}).toMatchObject(position ?? {});
    },
  );

  it('takes the facility of the source where rows leave it out', async () => {
    const seen = await read(csv(row(1, '', '')), { facility: finess });
    expect(seen.header?.facility).toBe(finess);
    expect((await read(csv(row(1)), { facility: '990000028' })).fault?.code).toBe('facility-mismatch');
  });

  it('is rejected when a value or a row is longer than allowed', async () => {
    expect((await read(csv(row(1, 'a'.repeat(70_000))))).fault?.code).toBe('csv-field-too-long');
    const long = csv(row(1, `"${'a\n'.repeat(700_000)}`));
    expect((await read(long)).fault).toMatchObject({
      code: 'record-too-long',
      position: { line: 2, record: 1 },
    });
    const many = csv(row(1), row(2), row(3));
    expect((await read(many, { limits: { records: 2 } })).fault?.code).toBe('export-too-many-records');
  });

  it('never says a value of the export in its fault', async () => {
    const { fault } = await read(csv(row(1, 'SECRET"SECRET')));
    expect(
      JSON.stringify([fault?.code, fault?.facts, fault?.position, fault?.message, fault?.cause]),
    ).not.toContain('SECRET');
  });

  it('says what a mapping does not know: columns once, values row by row', async () => {
    const mapping = compileMapping(
      `version: 1
name: urg
feed: ed-visits
format: { type: csv, requires: [SITE, DT], delimiter: ";" }
tables: { sexe: { "1": M, "2": F } }
fields:
  facility: SITE
  visitId: NUM
  arrivedAt: { from: DT, dateTime: [yyyy-MM-dd HH:mm] }
  sex: { from: SX, table: sexe, otherwise: blank }
  severity: { from: GR, table: sexe, otherwise: reject }
`,
      { origin: 'urg', feeds: feedNamed },
    );
    const lines = [
      'SITE;NUM;DT;SX;GR;X',
      '990000010;77;2026-01-11 09:42;9;;z',
      '990000010;78;2026-01-11 09:43;1;7;z',
    ];
    const seen = await read(lines.join('\n'), { mappings: [mapping] });
    expect(bodies(seen)).toMatchObject([
      { visitId: '990000010#77', arrivedAt: { text: '11/01/2026 09:42' } },
    ]);
    expect(bodies(seen)[0]).not.toHaveProperty('sex');
    expect(seen.findings).toContainEqual({
      rule: 'column-unknown',
      severity: 'info',
      field: 'X',
      line: 1,
      record: null,
    });
    expect(seen.findings).toContainEqual({
      rule: 'mapping-value-replaced',
      severity: 'warning',
      field: 'SX',
      line: 2,
      record: 1,
    });
    expect(seen.rejected).toEqual([
      { record: 2, line: 3, breach: { rule: 'mapping-value-refused', field: 'GR' } },
    ]);
  });

  it('of beds is known by its columns, and either name of the facility', async () => {
    for (const name of ['finess', 'facility']) {
      const text = `${name},zoneId,careClass,observedAt,source,nature,status,horizon,count\n990000010,Z1,MCO,11/01/2026 09:42,1,01,02,H0,4\n`;
      const seen = await read(text);
      expect(seen.header).toMatchObject({ mapping: 'beds-csv', facility: finess });
      expect(bodies(seen)).toMatchObject([{ zoneId: 'Z1', count: 4 }]);
    }
  });
});
