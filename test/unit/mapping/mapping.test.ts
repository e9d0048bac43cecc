import { describe, expect, it } from 'vitest';
import { builtInMappings, builtInTexts } from '../../../agent/mapping/built-in.ts';
import { checkMapping } from '../../../agent/mapping/check.ts';
import { compileMapping } from '../../../agent/mapping/compile.ts';
import { testMapping } from '../../../agent/mapping/test-mapping.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';

const start = `version: 1
name: urg
feed: ed-visits
format: { type: csv, requires: [A] }
`;
const compile = (rest: string) => compileMapping(start + rest, { origin: 'urg.yaml', feeds: feedNamed });

/** What one field, written as in a mapping file, makes of a row. */
function value(field: string, row: Record<string, string | readonly string[]>, extra = ''): unknown {
  const mapped = compile(`${extra}fields:\n  commune: ${field}\n`)
    .bind(Object.keys(row))
    .map(Object.values(row));
  return mapped.kind === 'rejected' ? mapped.breach : mapped.fields.values['commune'];
}

describe('a field of a mapping', () => {
  it.each([
    ['trim', 'A', ' a ', 'a'],
    ['upper', 'A', 'évry', 'ÉVRY'],
    ['lower', 'A', 'ÉVRY', 'évry'],
    ['digits', 'A', '67 000-x', '67000'],
    ['removeDots', 'A', 'J18.9', 'J189'],
    ['{ substring: [1, 3] }', 'A', 'abcdef', 'bcd'],
    ['{ pad: 5 }', 'A', '1000', '01000'],
    ['{ before: " - " }', 'A', '8 - Domicile', '8'],
    ['{ before: "/" }', 'A', 'sans', 'sans'],
    ['{ after: ":" }', 'A', 'CCMU:2', '2'],
    ['firstWord', 'A', '  VSAB pompiers', 'VSAB'],
    ['removeLeadingZeros', 'A', '000120', '120'],
    ['removeLeadingZeros', 'A', '0', '0'],
  ])('applies %s', (step, column, text, expected) => {
    expect(value(`{ from: ${column}, do: [${step}] }`, { A: text })).toBe(expected);
  });

  it('applies its steps in the order they are written', () => {
    expect(value('{ from: A, do: [digits, { pad: 5 }, { substring: [0, 2] }] }', { A: '1 000' })).toBe('01');
  });

  it('takes the first column that is not blank', () => {
    expect(value('{ from: [A, B, C] }', { A: ' ', B: '', C: 'c' })).toBe('c');
    expect(value('{ from: [A, B] }', { B: 'b' })).toBe('b');
    expect(value('{ from: [A, B] }', { A: '', B: ' ' })).toBeUndefined();
  });

  it('can be constant, joined from pieces, or defaulted when blank', () => {
    expect(value('{ const: "01" }', { A: 'x' })).toBe('01');
    expect(
      value('{ concat: [{ column: A }, { text: " " }, { column: B }] }', { A: '11/01', B: '09:42' }),
    ).toBe('11/01 09:42');
    expect(
      value('{ concat: [{ column: A }, { text: " " }, { column: B }] }', { A: '', B: ' ' }),
    ).toBeUndefined();
    expect(value('{ from: A, default: z }', { A: '  ' })).toBe('z');
  });

  it('applies only when another column says so', () => {
    const when = (condition: string, other: string): unknown =>
      value(`{ from: A, when: ${condition} }`, { A: 'a', B: other });
    expect([when('{ column: B, equals: "6" }', '6'), when('{ column: B, equals: "6" }', '7')]).toEqual([
      'a',
      undefined,
    ]);
    expect([when('{ column: B, in: ["6", "7"] }', ' 7 '), when('{ column: B, in: ["6"] }', '')]).toEqual([
      'a',
      undefined,
    ]);
    expect([when('{ column: B, empty: yes }', ' '), when('{ column: B, empty: no }', ' ')]).toEqual([
      'a',
      undefined,
    ]);
  });

  it('splits a list, whatever blanks stand around its items', () => {
    expect(value('{ from: A, split: ", " }', { A: 'I10, J18.9,K35 , ' })).toEqual(['I10', 'J18.9', 'K35']);
    expect(value('{ from: A, split: " " }', { A: 'I10  J189' })).toEqual(['I10', 'J189']);
    expect(value('{ from: A, do: [upper] }', { A: ['i10', ''] })).toBe('I10');
  });

  it('reads dates and times in any declared format and prints the national one', () => {
    const time = (text: string): unknown =>
      value('{ from: A, dateTime: [yyyy-MM-ddTHH:mm:ss, dd.MM.yyyy HH:mm, yyyyMMddHHmm] }', { A: text });
    expect(time('2026-01-11T09:42:07')).toBe('11/01/2026 09:42:07');
    expect(time(' 11.01.2026 09:42 ')).toBe('11/01/2026 09:42');
    expect(time('202601110942')).toBe('11/01/2026 09:42');
    expect(value('{ from: A, date: [yyyyMMdd] }', { A: '19510214' })).toBe('14/02/1951');
    expect(value('{ from: A, dateTime: [d/M/yyyy Hhmm, d/M/yyyy H:mm] }', { A: '1/2/2026 9:05' })).toBe(
      '01/02/2026 09:05',
    );
  });

  it('puts a date and a time of two columns together', () => {
    const both = (row: Record<string, string>): unknown =>
      value(
        '{ concat: [{ column: D, do: [{ before: " " }] }, { text: " " }, { column: H, do: [digits, { pad: 4 }] }], dateTime: [dd/MM/yyyy HHmm] }',
        row,
      );
    expect(both({ D: '11/01/2026 00:00:00', H: '9:42' })).toBe('11/01/2026 09:42');
    expect(both({ D: '', H: ' ' })).toBeUndefined();
    expect(both({ D: '11/01/2026', H: '' })).toBe('11/01/2026 ');
  });

  it('reads two digits of a year as one of the hundred years up to that of the reading', () => {
    const born = (text: string, latestYear: number): unknown => {
      const mapped = compile('fields: { birthDate: { from: A, date: [dd/MM/yy] } }')
        .bind(['A'], { latestYear })
        .map([text]);
      return mapped.kind === 'fields' ? mapped.fields.values['birthDate'] : mapped;
    };
    expect([born('14/02/26', 2026), born('14/02/27', 2026), born('14/02/27', 2027)]).toEqual([
      '14/02/2026',
      '14/02/1927',
      '14/02/2027',
    ]);
    expect(value('{ from: A, dateTime: [dd/MM/yy HH:mm] }', { A: '11/01/26 09:42' })).toBe(
      '11/01/2026 09:42',
    );
  });

  it('takes 24:00 for the next midnight only where the mapping says so', () => {
    const end = (option: string, text = '31/12/2025 24:00'): unknown =>
      value(`{ from: A, dateTime: [dd/MM/yyyy HH:mm], otherwise: blank${option} }`, { A: text });
    expect(end('')).toBeUndefined();
    expect(end(', allow24: no')).toBeUndefined();
    expect(end(', allow24: yes')).toBe('01/01/2026 00:00');
    expect(end(', allow24: yes', '31/12/2025 24:01')).toBeUndefined();
  });

  it('keeps what a table or a date does not know, unless it says otherwise', () => {
    const table = 'tables: { sexe: { "1": M, "2": F } }\n';
    const coded = (otherwise: string, text = '9'): unknown =>
      value(`{ from: A, table: sexe${otherwise} }`, { A: text }, table);
    expect(coded('', ' 1 ')).toBe('M');
    expect(coded('')).toBe('9');
    expect(coded(', otherwise: blank')).toBeUndefined();
    expect(coded(', otherwise: { const: I }')).toBe('I');
    expect(coded(', otherwise: reject')).toEqual({ rule: 'mapping-value-refused', field: 'A' });
    expect(coded(', otherwise: reject', '')).toBeUndefined();
    expect(coded('', 'constructor')).toBe('constructor');
    expect(value('{ from: A, dateTime: [yyyy-MM-dd HH:mm] }', { A: '2026-02-31 10:00' })).toBe(
      '2026-02-31 10:00',
    );
  });

  it('that only copies is untouched, columns found in any case', () => {
    expect(value('COMMUNE_RES', { commune_res: ' x ' })).toBe(' x ');
  });
});

describe('a mapping bound to an export', () => {
  it('keeps the local number apart from the fields, so that it cannot leave unhashed', () => {
    const mapped = compile('fields: { visitId: NUM, sex: S }').bind(['NUM', 'S']).map([' 4711 ', 'F']);
    expect(mapped).toMatchObject({ kind: 'fields', localId: '4711', fields: { values: { sex: 'F' } } });
    expect(JSON.stringify(mapped.kind === 'fields' && mapped.fields)).not.toContain('4711');
  });

  it('reports, keeps or drops the columns it does not know; keeping is for the mappings of the product', () => {
    const bound = (unknown: string) =>
      compileMapping(`${start}unknownColumns: ${unknown}\nignore: [C]\nfields: { sex: A }`, {
        origin: 'urg',
        feeds: feedNamed,
        builtIn: true,
      }).bind(['A', 'B', 'C', '']);
    const extensions = (unknown: string): unknown => {
      const mapped = bound(unknown).map(['F', ' b ', 'c', 'd']);
      return mapped.kind === 'fields' ? mapped.fields.extensions : mapped;
    };
    expect([bound('warn').unknownColumns, extensions('warn')]).toEqual([['B'], undefined]);
    expect([bound('keep').unknownColumns, extensions('keep')]).toEqual([[], { B: 'b' }]);
    expect([bound('drop').unknownColumns, extensions('drop')]).toEqual([[], undefined]);
    expect(() => compile('unknownColumns: keep\nfields: { sex: A }')).toThrow('mapping-invalid');
  });

  it('sends of unknown columns only those it names, under the names it gives', () => {
    const bound = compile('extensions: { HMED: MEDECIN }\nfields: { sex: A }').bind(['A', 'medecin', 'B']);
    const mapped = bound.map(['F', ' 09:50 ', 'b']);
    expect(mapped).toMatchObject({ fields: { extensions: { HMED: '09:50' } } });
    expect(bound.unknownColumns).toEqual(['B']);
  });

  it('withholds free text that is no code, unless the source lets the field out', () => {
    const reason = (text: string | readonly string[], freeText?: readonly string[]): unknown => {
      const mapped = compile('fields: { reason: MOTIF }')
        .bind(['MOTIF'], freeText === undefined ? {} : { freeText })
        .map([text]);
      if (mapped.kind !== 'fields') return mapped;
      return [mapped.fields.values['reason'], mapped.breaches.map(({ rule, field }) => `${rule} ${field}`)];
    };
    for (const code of ['R06.0', 'GASTRO04', ' J18.9 ', 'Z000+1', '101', ''])
      expect(reason(code)).toEqual([code, []]);
    for (const words of ['chute', 'Chute de M. X', 'DUPONT', '0612345678', '12/03/1950', 'R060 DUPONT'])
      expect(reason(words)).toEqual([[], ['free-text-withheld MOTIF']]);
    expect(reason(['R060', 'chute'])).toEqual([['R060'], ['free-text-withheld MOTIF']]);
    expect(reason('chute', ['reason'])).toEqual(['chute', []]);
  });

  it('says which values it replaced, by column and never by value', () => {
    const mapped = compile(
      'tables: { t: { a: b } }\nfields: { sex: { from: S, table: t, otherwise: blank } }',
    )
      .bind(['S'])
      .map(['SECRET']);
    expect(mapped).toMatchObject({ breaches: [{ rule: 'mapping-value-replaced', field: 'S' }] });
    expect(JSON.stringify(mapped)).not.toContain('SECRET');
  });
});

describe('a mapping file', () => {
  const faults = (text: string): readonly string[] => {
    const checked = checkMapping(text, feedNamed);
    return checked.kind === 'valid'
      ? []
      : checked.faults.map(({ line, path, found }) => `${line} ${path}=${found}`);
  };

  it('is refused with all its faults at once, each with its path and what stands there', () => {
    const text = `version: 2
name: Urg X
feed: ed-visits
format: { type: csv, requires: [A], delimiter: ";;" }
unknownColumns: shout
fields:
  sex: { from: A, do: [explode] }
  commune: { from: A, const: b }
  reason: { form: A }
surprise: yes
`;
    expect(faults(text)).toEqual([
      '1 version=2',
      '2 name=Urg X',
      '4 format.delimiter=;;',
      '5 unknownColumns=shout',
      '7 fields.sex.do.0=explode',
      '8 fields.commune={…}',
      '9 fields.reason.form=A',
      '9 fields.reason={…}',
      '10 surprise=yes',
    ]);
  });

  it('is refused for names its feed, its tables or its formats do not have', () => {
    const rest = `ignore: [a]
tables: { t: { x: y } }
fields:
  colour: A
  sex: { from: A, table: missing }
  arrivedAt: { from: A, dateTime: [dd/MM/yyyyy HH:mm] }
  birthDate: { from: A, date: [dd/MM/yyyy HH:mm] }
  reason: { from: A, otherwise: blank }
tests:
  - { in: { A: x }, out: { shade: x } }
`;
    expect(faults(start + rest)).toEqual([
      '5 ignore.0=a',
      '8 fields.colour=colour',
      '9 fields.sex.table=missing',
      '10 fields.arrivedAt.dateTime.0=dd/MM/yyyyy HH:mm',
      '11 fields.birthDate.date.0=dd/MM/yyyy HH:mm',
      '12 fields.reason.otherwise=otherwise',
      '14 tests.0.out.shade=shade',
    ]);
    expect(faults(start.replace('ed-visits', 'weather') + 'fields: { a: A }')).toEqual(['3 feed=weather']);
  });

  it('cannot map the facility of an XML export, which its header gives', () => {
    const text = (builtInTexts['rpu-2006'] ?? '').replace('fields:', 'fields:\n  facility: FINESS');
    expect(faults(text)).toEqual(['8 fields.facility=facility', '27 unknownColumns=keep']);
  });

  it('is refused when it is no YAML, repeats a key, is huge, or multiplies aliases', () => {
    expect(faults('a: [')).toHaveLength(1);
    expect(faults(`${start}name: twice\nfields: { sex: A }`)).toEqual(['5 =name: twice (duplicate key)']);
    expect(faults(`# ${'a'.repeat(300_000)}`)).toHaveLength(1);
    const layers = Array.from(
      { length: 9 },
      (_none, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}*l${n}]`,
    );
    expect(faults(`l0: &l0 [a]\n${layers.join('\n')}\n`)).toEqual(['1 => 100']);
  });

  it('reads every scalar as text: 01 keeps its zero and no stays no', () => {
    expect(value('{ from: A, table: t }', { A: '01' }, 'tables: { t: { 01: no } }\n')).toBe('no');
  });

  it('says its origin and its faults when it is compiled', () => {
    expect(() => compile('fields: { sex: { from: A, table: t } }')).toThrow(
      expect.objectContaining({
        code: 'mapping-invalid',
        facts: {
          origin: 'urg.yaml',
          count: 1,
          faultsFr: 'ligne 5, fields.sex.table : « t », attendu : une table de ce fichier',
          faultsEn: 'line 5, fields.sex.table: "t", expected: a table of this file',
        },
      }) as Error,
    );
  });

  it('carries tests, of which the ones that fail are named', () => {
    const mapping = compile(`fields: { sex: { from: A, do: [upper] }, visitId: N }
tests:
  - { in: { A: f, N: "7" }, out: { sex: F, visitId: "7", reason: "" } }
  - { in: { A: m }, out: { sex: F } }
`);
    expect(testMapping(mapping)).toEqual([{ test: 2, field: 'sex', expected: 'F', found: 'M' }]);
  });
});

describe('the mappings the product brings', () => {
  it('compile, and their own tests hold', () => {
    const mappings = builtInMappings(feedNamed);
    expect(mappings.map(({ name }) => name)).toEqual(['rpu-2006', 'rpu-csv', 'beds-csv', 'pam-fr']);
    for (const mapping of mappings) {
      expect(mapping.tests.length).toBeGreaterThan(0);
      expect(testMapping(mapping)).toEqual([]);
    }
  });

  it('fill every field of their feed but the local number, where the format carries them all', () => {
    for (const mapping of builtInMappings(feedNamed).filter(({ format }) => format !== 'hl7v2')) {
      const mapped = mapping.bind([]).map([]);
      const filled = mapped.kind === 'fields' ? Object.keys(mapped.fields.values) : [];
      const names = feedNamed(mapping.feedName)?.fields.map(({ name }) => name) ?? [];
      expect(names.filter((name) => !filled.includes(name))).toEqual([]);
    }
  });
});
