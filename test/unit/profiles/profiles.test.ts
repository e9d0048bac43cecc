import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { atihTreatments } from '../../../receiver/forward/profiles/atih.ts';
import { edVisitFields, edVisitSchema, type EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { visitOf, type Values } from '../feeds/visit-values.ts';
import { formatOf, inputOf } from '../formats/built-format.ts';

/** A table of geographic codes in a file of its own. */
function tableFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'vgm-codes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'codes.csv');
  writeFileSync(file, text);
  return file;
}

const usualTable = 'code postal;code geographique\r\n67600;67B12\r\n01000;01053\r\n';

async function composed(
  profile: object,
  format: object | string,
  ...visits: readonly EdVisit[]
): Promise<string> {
  const built = await formatOf({ profile, format });
  return built.compose(inputOf(...visits.map((visit) => JSON.stringify(visit)))).toString();
}

type Line = Readonly<Record<string, string | readonly string[]>>;

/** What leaves of one visit, by tag. */
async function sentOf(profile: object, change: Values = {}): Promise<Line> {
  const text = await composed(profile, 'json-lines', visitOf(change));
  return JSON.parse(text.split('\n')[1] ?? '') as Line;
}

function atih(table = usualTable) {
  return { kind: 'atih', geographicCodesFile: tableFile(table) };
}

describe('the profile of everything', () => {
  it('is that of the national summary, for visits', async () => {
    expect(await sentOf({ kind: 'all' })).toEqual(await sentOf({ kind: 'oscour' }));
    expect(Object.keys(await sentOf({ kind: 'oscour' }))).toHaveLength(18);
  });
});

describe('a profile that allows some items', () => {
  it('sends these, in its order, and nothing else', async () => {
    const line = await sentOf({ kind: 'allow', items: ['DP', 'ENTREE', 'SEXE'] });
    expect(Object.entries(line)).toEqual([
      ['DP', 'J189'],
      ['ENTREE', '11/01/2026 09:42'],
      ['SEXE', 'F'],
    ]);
  });
});

describe('the profile without town, postcode and birth date', () => {
  const order =
    'CODE_GEO AGE SEXE ENTREE MODE_ENTREE PROVENANCE TRANSPORT TRANSPORT_PEC MOTIF GRAVITE DP LISTE_DA LISTE_ACTES SORTIE MODE_SORTIE DESTINATION ORIENT';

  it('has code and age where postcode and birth date are', async () => {
    const line = await sentOf(atih(), { postalCode: '67600' });
    expect(Object.keys(line).join(' ')).toBe(order);
    expect(line).toMatchObject({ CODE_GEO: '67B12', AGE: '74' });
    expect(await composed(atih(), 'oscour-xml', visitOf())).toContain(
      '<PATIENT>\n<CODE_GEO>67999</CODE_GEO>\n<AGE>74</AGE>\n<SEXE>',
    );
  });

  const codes: readonly [postalCode: string, code: string | undefined][] = [
    ['67600', '67B12'],
    ['01000', '01053'],
    ['67001', '67999'],
    ['67999', '67999'],
    ['20090', '20999'],
    ['97110', '97199'],
    ['98800', '98899'],
    ['99109', '99109'],
    ['99999', '99999'],
    ['96000', undefined],
    ['2A004', undefined],
    ['6760', undefined],
    ['', undefined],
  ];
  it.each(codes)('sends of postcode "%s" the code %s', async (postalCode, code) => {
    expect((await sentOf(atih(), { postalCode }))['CODE_GEO']).toBe(code);
  });

  const ages: readonly [birthDate: string, arrivedAt: string, age: string | undefined][] = [
    ['14/02/1951', '13/02/2026 23:59', '74'],
    ['14/02/1951', '14/02/2026 00:01', '75'],
    ['29/02/2024', '28/02/2026 10:00', '1'],
    ['29/02/2024', '01/03/2026 10:00', '2'],
    ['11/01/2026', '11/01/2026 09:42', '0'],
    ['11/01/1906', '11/01/2026 09:42', '120'],
    ['11/01/1905', '11/01/2026 09:42', undefined],
    ['12/01/2026', '11/01/2026 09:42', undefined],
    ['31/02/1951', '11/01/2026 09:42', undefined],
    ['1951', '11/01/2026 09:42', undefined],
    ['', '11/01/2026 09:42', undefined],
  ];
  it.each(ages)(
    'makes of a birth on "%s" and an arrival on %s the age %s',
    async (birthDate, arrivedAt, age) => {
      expect((await sentOf(atih(), { birthDate, arrivedAt }))['AGE']).toBe(age);
    },
  );
});

/** Fields that the profile says nothing about. */
function unclassified(schema: z.ZodObject, fields: readonly { readonly name: string }[]): readonly string[] {
  const known = new Set([...Object.keys(schema.shape), ...fields.map(({ name }) => name)]);
  return [...known].filter((name) => !Object.hasOwn(atihTreatments, name));
}

describe('the classification of the profile', () => {
  it('says of every field of the common schema what becomes of it', () => {
    expect(unclassified(edVisitSchema, edVisitFields)).toEqual([]);
  });

  it('would not let a field pass that nobody classified', () => {
    const grown = edVisitSchema.extend({ phone: z.exactOptional(z.string()) });
    expect(unclassified(grown, edVisitFields)).toEqual(['phone']);
    expect(unclassified(edVisitSchema, [...edVisitFields, { name: 'nickname' }])).toEqual(['nickname']);
  });

  it('does not compile until a new field is in it', () => {
    // @ts-expect-error: nobody classified the field.
    const grown: Readonly<Record<keyof EdVisit | 'phone', string>> = atihTreatments;
    expect(Object.hasOwn(grown, 'phone')).toBe(false);
  });

  it('names no field that does not exist', () => {
    expect(Object.keys(atihTreatments).filter((name) => !Object.hasOwn(edVisitSchema.shape, name))).toEqual(
      [],
    );
  });

  /** Every value of a visit, recognisable wherever it turns up. */
  const planted = visitOf(
    {
      ...{
        visitId: 'canary-visit-id',
        postalCode: '67610',
        commune: 'CANARI-VILLE',
        birthDate: '17/03/1943',
      },
      ...{ reason: 'canary-reason', associatedDiagnoses: ['K35', 'K36'], procedures: ['HHFA001'] },
    },
    { HMED: 'canary-doctor' },
  );

  const removed: readonly [what: string, text: string][] = [
    ['visit id', 'canary-visit-id'],
    ['postcode', '67610'],
    ['town', 'CANARI'],
    ['birth date', '17/03'],
    ['year of birth', '1943'],
    ['unknown tag', 'HMED'],
    ['value of an unknown tag', 'canary-doctor'],
  ];

  it.each(['oscour-xml', 'csv', 'json-lines'])(
    'lets nothing removed or transformed show in %s',
    async (name) => {
      for (const encoding of ['utf-8', 'iso-8859-1'])
        for (const version of ['2006', '2013']) {
          const text = await composed(atih('67610;67C99\n'), { name, encoding, version }, planted);
          expect(removed.filter(([, found]) => text.includes(found)).map(([what]) => what)).toEqual([]);
          // The canaries that may sing do: the search would have found the others.
          for (const kept of ['canary-reason', 'K36', 'HHFA001', '67C99', '82']) expect(text).toContain(kept);
        }
    },
  );

  it('would show them in the profile of everything', async () => {
    const text = await composed({ kind: 'all' }, 'csv', planted);
    const shown = removed.filter(([, found]) => text.includes(found)).map(([what]) => what);
    expect(shown).toEqual(['postcode', 'town', 'birth date', 'year of birth']);
  });

  it('plants every field that it removes or transforms', () => {
    const away = Object.entries(atihTreatments).filter(([, treatment]) => treatment !== 'kept');
    expect(away.filter(([name]) => !Object.hasOwn(planted, name))).toEqual([]);
  });
});

describe('a table of geographic codes', () => {
  const open = (text: string): Promise<unknown> => formatOf({ profile: atih(text) });

  it('is refused when it cannot be read, with its name', async () => {
    const missing = { kind: 'atih', geographicCodesFile: '/nowhere/codes.csv' };
    await expect(formatOf({ profile: missing })).rejects.toMatchObject({
      code: 'geographic-codes-unreadable',
      facts: { file: '/nowhere/codes.csv', reason: 'ENOENT' },
    });
  });

  it.each(['', 'postcode;code\n', '\n\n'])('is refused when it holds nothing (%j)', async (text) => {
    await expect(open(text)).rejects.toMatchObject({
      code: 'geographic-codes-unreadable',
      facts: { reason: 'EMPTY' },
    });
  });

  it('is refused when it is far too large', async () => {
    await expect(open('67600;67600\n'.repeat(400_000))).rejects.toMatchObject({ facts: { reason: 'EFBIG' } });
  });

  it('is refused with every line that is something else', async () => {
    const text = 'postcode;code\n67600;67B12\n1000;01053\n67601\n67600;67B13\n67602;67602;x\n';
    await expect(open(text)).rejects.toMatchObject({
      code: 'geographic-codes-invalid',
      position: { line: 3 },
      facts: { count: 4, lines: '3, 4, 5, 6' },
    });
  });

  it('names twenty wrong lines at most', async () => {
    await expect(open('x\n'.repeat(30))).rejects.toMatchObject({
      facts: { count: 30, lines: expect.stringMatching(/^1, .*, 20, \.\.\.$/) as unknown },
    });
  });

  it.each([
    '67600;67b12\n',
    '\ufeffcode postal;code\n67600;67B12\n',
    '"67600";"67B12"\r\n',
    '67600,67B12',
    '67600;67B12\n\n67600;67B12\n',
  ])('may be written %j', async (text) => {
    expect((await sentOf(atih(text), { postalCode: '67600' }))['CODE_GEO']).toBe('67B12');
  });
});
