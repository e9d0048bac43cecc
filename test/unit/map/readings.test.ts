import { describe, expect, it } from 'vitest';
import { guessColumns } from '../../../agent/mapping/guess-columns.ts';
import {
  isDiagnosis,
  profileColumn,
  readList,
  type ColumnProfile,
} from '../../../agent/mapping/guess-content.ts';
import { edVisitVocabulary } from '../../../agent/mapping/guess-ed-visits.ts';
import { isElsewhere, seenDates, seenDateTimes } from '../../../agent/mapping/guess-formats.ts';
import { isOfVocabulary } from '../../../agent/mapping/guess-labels.ts';
import { wordsOf } from '../../../agent/mapping/guess-names.ts';
import { departureModeWords, dispositionWords } from '../../../agent/mapping/guess-ed-outcomes.ts';
import { readLabelled } from '../../../agent/mapping/guess-readings.ts';
import { propose, type Sample } from '../../../agent/mapping/propose.ts';

const rows = 24;

function profile(column: string, text: (row: number) => string): ColumnProfile {
  return profileColumn(
    column,
    0,
    Array.from({ length: rows }, (_, row) => text(row)),
  );
}

describe('codes beside their label', () => {
  it.each([
    [['J18.9', 'I10'], []],
    [['J18.9 - Pneumopathie, sans précision', 'I10 - Hypertension'], ['firstWord']],
    [['J18.9: Pneumopathie', 'I10: Hypertension'], [{ before: ':' }]],
    [['J18.9-Pneumopathie', 'I10-Hypertension'], [{ before: '-' }]],
    [
      ['Pneumopathie (J18.9)', 'Hypertension (I10)'],
      [{ after: '(' }, { before: ')' }],
    ],
    [
      ['[J18.9] Pneumopathie', '[I10] Hypertension'],
      [{ after: '[' }, { before: ']' }],
    ],
  ] as const)('%s are read by %j', (texts, steps) => {
    expect(readLabelled(texts, isDiagnosis)).toEqual({ steps, split: undefined, share: 1 });
  });

  it('are divided where a list holds several, whatever its labels hold', () => {
    const list = (row: number): string =>
      row % 2 === 0 ? 'I10 - Tension, haute ; E11.9 - Diabète / type 2' : 'I10 - Tension, haute';
    expect(readList(profile('DAS', list), 'diagnoses')).toEqual({
      steps: ['firstWord'],
      split: ';',
      share: 1,
    });
    expect(
      readList(
        profile('DAS', () => 'I10 E119'),
        'diagnoses',
      ),
    ).toMatchObject({ steps: [], split: ' ' });
  });

  it('are not seen in sentences', () => {
    expect(readLabelled(['Chute de vélo', 'Fièvre'], isDiagnosis).share).toBe(0);
  });
});

describe('days and moments of databases', () => {
  it('a day with a midnight behind it is a day, and no moment', () => {
    const days = Array.from({ length: 9 }, (_, day) => `2026-01-0${day + 1} 00:00:00.000`);
    expect(seenDates(days)).toEqual({ formats: ['yyyy-MM-dd'], share: 1, steps: [{ before: ' ' }] });
    expect(seenDateTimes(days).share).toBe(0);
    expect(seenDates(['1951-02-14T00:00:00'])).toMatchObject({ share: 1, steps: [{ before: 'T' }] });
  });

  it.each([
    ['2026-01-05 09:42:57.123', [{ before: '.' }]],
    ['2026-01-05T09:42:57+01:00', [{ before: '+' }]],
    ['2026-07-05T09:42:57.123+02:00', [{ before: '.' }]],
    ['05.01.2026 09:42', []],
  ])('%s keeps its local time', (text, steps) => {
    expect(seenDateTimes([text])).toMatchObject({ share: 1, steps });
  });

  it.each(['2026-01-05T09:42:57Z', '2026-01-05T09:42:57-04:00', '2026-01-05T09:42:57+00:00'])(
    '%s is no time of Paris: never taken for one',
    (text) => {
      expect(seenDateTimes([text]).share).toBe(0);
      expect(isElsewhere([text])).toBe(true);
    },
  );
});

describe('names of columns', () => {
  it.each([
    ['patientId', ['ipp']],
    ['Num patient', ['ipp']],
    ['encounterId', ['passage', 'numero']],
    ['arrivedAt', ['arrivee', 'date', 'heure']],
    ['familyName', ['famille', 'nom']],
    ['MODENT', ['mode', 'entree']],
    ['AT', ['at']],
  ])('%s says %j', (name, words) => {
    expect([...wordsOf(name)].toSorted()).toEqual(words.toSorted());
  });
});

describe('a list over several columns', () => {
  const columns = (names: Readonly<Record<string, (row: number) => string>>): readonly ColumnProfile[] =>
    Object.entries(names).map(([column, text], position) => ({ ...profile(column, text), position }));
  const taken = (profiles: readonly ColumnProfile[]): readonly string[] | undefined =>
    guessColumns(edVisitVocabulary, profiles)
      .find(({ words }) => words.field === 'associatedDiagnoses')
      ?.columns.map(({ column }) => column);

  it('is found whole and in order, its last columns blank or not', () => {
    const code = (row: number): string => (row % 3 === 0 ? 'I10' : '');
    expect(
      taken(columns({ DP: () => 'J189', DA_2: code, DA_1: code, DA_3: () => '', DA_4: () => 'x y' })),
    ).toEqual(['DA_1', 'DA_2', 'DA_3']);
  });

  it('is one column where no other has its name', () => {
    expect(taken(columns({ DP: () => 'J189', DAS: () => 'I10', ZE2: () => 'I10' }))).toEqual(['DAS']);
  });
});

describe('a proposal', () => {
  const sample = (columns: readonly string[], cells: readonly string[]): Sample => ({
    format: { type: 'csv', delimiter: ';', quote: '"', skipLines: 0, header: 'yes' },
    columns,
    rows: Array.from({ length: rows }, (_, row) => cells.map((cell) => cell.replace('#', String(row + 10)))),
  });
  const proposed = (columns: readonly string[], cells: readonly string[]) => {
    const found = propose({
      feed: 'ed-visits',
      vocabulary: edVisitVocabulary,
      samples: [sample(columns, cells)],
      facility: '990000010',
    });
    const field = (name: string) => found?.fields.find((one) => one.name === name);
    return { field, tables: found?.tables ?? [] };
  };

  it('lets the destination follow from the ward, and says so', () => {
    const { field, tables } = proposed(['ENTREE', 'SERVICE_HOSPIT'], ['05/01/2026 10:#', 'UHCD']);
    expect(field('destination')).toMatchObject({
      spec: { from: 'SERVICE_HOSPIT', table: 'destination' },
      doubts: [{ kind: 'derived', column: 'SERVICE_HOSPIT' }],
    });
    const codes = Object.fromEntries(
      (tables.find(({ name }) => name === 'destination')?.entries ?? []).map(({ text, code }) => [
        text,
        code,
      ]),
    );
    expect(codes).toMatchObject({ UHCD: '1', MED: '1', HDT: '4' });
    expect(codes).not.toHaveProperty('FUGUE');
  });

  it('takes NULL for nothing', () => {
    const { field, tables } = proposed(
      ['ENTREE', 'DP', 'SORTIE', 'MODE_SORTIE', 'COMMUNE'],
      ['05/01/2026 10:#', 'NULL', '05/01/2026 11:#', '8', 'VALMORTE'],
    );
    expect(field('principalDiagnosis')).toMatchObject({ spec: { from: 'DP', table: 'nothing' } });
    expect(field('departedAt')?.spec).not.toHaveProperty('otherwise');
    expect(field('commune')?.spec).toEqual({ from: 'COMMUNE' });
    expect(tables.find(({ name }) => name === 'nothing')?.entries).toEqual([
      { text: 'NULL', count: rows, code: '', sure: true },
    ]);
  });

  it('asks about a column that is blank throughout, not about the last ones of a list', () => {
    const cells = ['05/01/2026 10:#', 'I10', '', ''];
    const { field } = proposed(['ENTREE', 'DA1', 'DA2', 'COMMUNE'], cells);
    expect(field('associatedDiagnoses')?.doubts).toEqual([]);
    expect(field('commune')?.doubts).toEqual([{ kind: 'no-values' }]);
  });

  it('takes no universal time for a local one, and says which column it left', () => {
    const { field } = proposed(['arrivalDateTime', 'CCMU'], ['2026-01-05T09:#:00Z', '2']);
    expect(field('arrivedAt')).toMatchObject({
      spec: undefined,
      doubts: [{ kind: 'elsewhere', columns: ['arrivalDateTime'] }],
    });
  });
});

describe('a rare text', () => {
  it('is written down only when all its words are those of the national vocabulary', () => {
    expect(isOfVocabulary('Sortie contre avis médical', departureModeWords)).toBe(true);
    expect(isOfVocabulary('Soins intensifs de cardiologie', dispositionWords)).toBe(true);
    expect(isOfVocabulary('Transfert de M. Ostrebois', departureModeWords)).toBe(false);
    expect(isOfVocabulary('Sortie 12', departureModeWords)).toBe(false);
    expect(isOfVocabulary('', departureModeWords)).toBe(false);
  });
});
