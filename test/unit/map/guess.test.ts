import { describe, expect, it } from 'vitest';
import { guessColumns } from '../../../agent/mapping/guess-columns.ts';
import { profileColumn } from '../../../agent/mapping/guess-content.ts';
import { edVisitVocabulary } from '../../../agent/mapping/guess-ed-visits.ts';
import { seenDates, seenDateTimes } from '../../../agent/mapping/guess-formats.ts';
import { codeOfLabel } from '../../../agent/mapping/guess-labels.ts';
import { guessFixedColumns, isHeader } from '../../../agent/mapping/guess-layout.ts';
import { guessTable, isShowable } from '../../../agent/mapping/guess-tables.ts';
import { departureModeWords } from '../../../agent/mapping/guess-ed-outcomes.ts';
import { severityWords, sexWords, transportWords } from '../../../agent/mapping/guess-ed-codes.ts';

const rows = 24;

/** Columns of invented values, by what they hold. */
const contents: Readonly<Record<string, (row: number) => string>> = {
  number: (row) => String(120_000 + row * 7),
  birth: (row) => `0${1 + (row % 9)}/02/${1930 + row * 3}`,
  day: (row) => `0${1 + (row % 9)}/01/2026`,
  time: (row) => `1${row % 10}:20`,
  moment: (row) => `0${1 + (row % 9)}/01/2026 1${row % 10}:20`,
  sex: (row) => (row % 2 === 0 ? 'M' : 'F'),
  postal: (row) => `67${String(100 + row)}`,
  place: (row) => (row % 2 === 0 ? 'VALMORTE' : 'OSTREVANNE'),
  code8: () => '8',
  code5: () => '5',
  diagnosis: (row) => (row % 2 === 0 ? 'J189' : 'I10'),
  severity: (row) => (row % 2 === 0 ? '2' : '3'),
  text: (row) => `texte libre ${row}`,
};

function found(columns: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const profiles = Object.entries(columns).map(([column, content], position) =>
    profileColumn(
      column,
      position,
      Array.from({ length: rows }, (_, row) => contents[content]?.(row) ?? ''),
    ),
  );
  return Object.fromEntries(
    guessColumns(edVisitVocabulary, profiles).map(({ words, columns: taken }) => [
      words.field,
      taken.map(({ column }) => column).join('+'),
    ]),
  );
}

describe('the columns of a sample', () => {
  it.each([
    ['NUM_IEP', 'DATE_NAISS', 'SEXE', 'CODE_POSTAL', 'COMMUNE', 'DT_ENTREE', 'DT_SORTIE', 'CCMU'],
    [
      'NoDossierUrgence',
      'PatientDateNaissance',
      'PatientSexe',
      'PatientCP',
      'PatientVille',
      'DateHeureArrivee',
      'DateHeureDepart',
      'GraviteCCMU',
    ],
    ['nda', 'ddn', 'sx', 'cp', 'loc', 'dh_adm', 'dh_srt', 'grav'],
    [
      'N° de séjour',
      'Né(e) le',
      'Sexe légal',
      'Code Postal',
      "Ville d'habitation",
      "Date d'admission",
      'Date et heure de sortie',
      'Niveau de gravité',
    ],
  ])('are known by name, however they are abbreviated: %s ...', (...names) => {
    const kinds = ['number', 'birth', 'sex', 'postal', 'place', 'moment', 'moment', 'severity'];
    const guess = found(Object.fromEntries(names.map((name, index) => [name, kinds[index] ?? ''])));
    const fields = [
      'visitId',
      'birthDate',
      'sex',
      'postalCode',
      'commune',
      'arrivedAt',
      'departedAt',
      'severity',
    ];
    expect(guess).toEqual(Object.fromEntries(fields.map((field, index) => [field, names[index]])));
  });

  it('hold a moment in two: day and time of day', () => {
    expect(found({ DATE_ENT: 'day', HEURE_ENT: 'time' })).toEqual({ arrivedAt: 'DATE_ENT+HEURE_ENT' });
  });

  it('are not taken by a name that means something else', () => {
    expect(
      found({
        DATE_IAO: 'moment',
        NOM_NAISSANCE: 'text',
        VILLE_NAISSANCE: 'place',
        EJ_FINESS: 'number',
        LIBELLE_DIAG: 'text',
      }),
    ).not.toHaveProperty('commune');
    expect(found({ MODE_ENTREE: 'code8', TRI_IAO: 'severity' })).toEqual({ arrivalMode: 'MODE_ENTREE' });
  });

  it('are not taken by a name whose content contradicts it', () => {
    expect(found({ DATE_NAISSANCE: 'text', CODE_POSTAL: 'diagnosis' })).not.toHaveProperty('birthDate');
    expect(found({ CODE_POSTAL: 'text' })).toEqual({});
  });

  it('without names are known by what they hold, where that tells', () => {
    expect(found({ C1: 'number', C2: 'birth', C3: 'moment', C4: 'diagnosis', C5: 'code5' })).toMatchObject({
      birthDate: 'C2',
      arrivedAt: 'C3',
      principalDiagnosis: 'C4',
    });
  });
});

describe('formats of dates', () => {
  it('are found together when a column mixes them', () => {
    expect(seenDates(['05/01/2026', '06/01/2026', '2026-01-07'])).toEqual({
      formats: ['dd/MM/yyyy', 'yyyy-MM-dd'],
      share: 1,
      steps: [],
    });
  });

  it('run together need a plausible year', () => {
    expect(seenDates(['20260105', '19511231']).formats).toEqual(['yyyyMMdd']);
    expect(seenDates(['31121951', '05012026']).formats).toEqual(['ddMMyyyy']);
    expect(seenDates(['12345678']).share).toBe(0);
  });

  it('say how much they cannot read', () => {
    expect(seenDateTimes(['2026-01-05 10:20', 'inconnue']).share).toBe(0.5);
    expect(seenDateTimes(['05/01/2026 10h20']).formats).toEqual(['dd/MM/yyyy HHhmm']);
  });
});

describe('labels', () => {
  it.each([
    ['Féminin', sexWords, 'sure', 'F'],
    ['m', sexWords, 'sure', 'M'],
    ['1', sexWords, 'likely', 'M'],
    ['CCMU 4', severityWords, 'sure', '4'],
    ['CCMU2', severityWords, 'sure', '2'],
    ['ccmup', severityWords, 'sure', 'P'],
    ['2 - Stable, actes à faire', severityWords, 'likely', '2'],
    ['VSAV', transportWords, 'sure', 'VSAB'],
    ['Sapeurs-pompiers du Nord', transportWords, 'likely', 'VSAB'],
    ['Retour à domicile', departureModeWords, 'sure', '8'],
  ] as const)('%s stands for a national code', (text, words, kind, code) => {
    expect(codeOfLabel(text, words)).toEqual({ kind, code });
  });

  it.each(['Hospitalisation à domicile', 'Zone 4', '', '17'])('"%s" is left to a person', (text) => {
    expect(codeOfLabel(text, departureModeWords)).toEqual({ kind: 'unknown' });
  });
});

describe('what is written down of a sample', () => {
  it('is never a rare text, a date, a number, or anything of a large set', () => {
    const often = { count: 40, distinct: 5 };
    expect(isShowable('Box 3', often)).toBe(true);
    expect(isShowable('Box 3', { count: 2, distinct: 5 })).toBe(false);
    expect(isShowable('Box 3', { count: 40, distinct: 21 })).toBe(false);
    expect(isShowable('05/01/26', often)).toBe(false);
    expect(isShowable('67120', often)).toBe(false);
    expect(isShowable('x'.repeat(41), often)).toBe(false);
  });

  it('leaves out of a table what is met once, and says that there is more', () => {
    const values = [...Array.from({ length: 20 }, () => 'Masculin'), 'VARNEUILLE Ombeline'];
    const table = guessTable(profileColumn('SEXE', 0, values), sexWords);
    expect(table).toEqual({ entries: [{ text: 'Masculin', count: 20, code: 'M', sure: true }], hidden: 1 });
  });

  it('is no first record taken for a header', () => {
    const next = [['VARNEUILLE', '05/01/2026', 'x', 'M']];
    expect(isHeader(['OSTREBOIS', '05/01/2026', 'y', 'F'], next)).toBe(false);
    expect(isHeader(['OSTREBOIS', '67120', 'y', 'F'], next)).toBe(false);
    expect(isHeader(['OSTREBOIS', 'Anatole', 'M', 'M'], next)).toBe(false);
    expect(isHeader(['NOM', 'ENTREE', 'MOTIF', 'SEXE'], next)).toBe(true);
    expect(isHeader(['OSTREBOIS', 'Anatole', 'Sidonie', 'M'], [['VARNEUILLE', 'Gaspard', 'Côme', 'F']])).toBe(
      false,
    );
  });
});

describe('columns of fixed width', () => {
  it('are cut where every line is blank', () => {
    const guess = guessFixedColumns(['AA  1 X  5', 'B   2 YY 6', 'CCC 3 Z  7']);
    expect(guess?.columns).toEqual([
      { name: 'C1', start: 1, length: 4 },
      { name: 'C2', start: 5, length: 2 },
      { name: 'C3', start: 7, length: 3 },
      { name: 'C4', start: 10, length: 1 },
    ]);
    expect(guess?.format).toMatchObject({ lineLength: 10, header: 'no' });
  });

  it('take their names from a first line without digits', () => {
    const guess = guessFixedColumns(['NOM SX CP    GR', 'AAA 1  67120 2 ', 'BB  2  67130 3 ']);
    expect(guess?.format).toMatchObject({ header: 'yes' });
    expect(guess?.columns.map(({ name }) => name)).toEqual(['NOM', 'SX', 'CP', 'GR']);
  });

  it('are not seen in prose', () => {
    expect(guessFixedColumns(['Bonjour,', 'voici le fichier demandé.'])).toBeUndefined();
  });
});
