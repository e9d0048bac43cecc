import { encode } from 'iconv-lite';
import { inShape, maybe, trueVisit } from './print.ts';
import { inventVisits, type BlindSample, type Visit } from './visits.ts';
import type { LineEdit } from '../vendor-samples/edits.ts';

/**
 * Two exports of one hospital. The emergency software's has no identity: semicolons, short names, years of two digits,
 * times as 09h42, one column per diagnosis and per act. The administration's holds the stays of the whole hospital in
 * padded columns between bars, numbers filled up with zeros, and misses a few visits; what it says of the end of a stay
 * is not what became of the visit.
 */
export function twoSystems(): BlindSample {
  const facility = '990000036';
  const visits = inventVisits('z', 160);
  const isForgotten = (visit: Visit): boolean => visits.indexOf(visit) % 37 === 20;
  const urgences = [
    urgencesColumns.map(([name]) => name),
    ...visits.map((visit) => row(visit, urgencesColumns)),
  ];
  const known = visits.filter((visit) => !isForgotten(visit));
  return {
    files: [
      { name: 'URG_PASSAGES.csv', content: encode(text(urgences, ';'), 'windows-1252') },
      { name: 'GAM_SEJOURS.txt', content: encode(text(stays(known), '|'), 'windows-1252') },
    ],
    facility,
    truth: visits.map((visit) => ({
      ...trueVisit(visit, facility),
      ...(isForgotten(visit) && unknownPerson),
      visitId: String(visit.number),
      reason: visit.reason.label,
    })),
  };
}

const unknownPerson = {
  postalCode: undefined,
  commune: undefined,
  birthDate: undefined,
  sex: undefined,
  arrivalMode: undefined,
  origin: undefined,
};

type Columns = readonly (readonly [name: string, print: (visit: Visit) => string])[];

const urgencesColumns: Columns = [
  ['NO_PASSAGE', ({ number }) => String(number)],
  ['DT_ARR', ({ arrivedAt }) => inShape(arrivedAt, 'dd/MM/yy')],
  ['HR_ARR', ({ arrivedAt }) => inShape(arrivedAt, 'HHhmm')],
  ['MOY_TRANSP', ({ transport }) => transportCodes[transport] ?? ''],
  ['PEC_TRANSP', ({ transportCare }) => ({ MED: 'MED', PARAMED: 'PARA' })[transportCare] ?? 'SANS'],
  ['IOA_TRI', ({ number }) => String((number % 5) + 1)],
  ['MOTIF_VENUE', ({ reason }) => reason.label],
  ['BOX', ({ number }) => `S${String(number % 14)}`],
  ['MED_RESP', ({ number }) => (number % 3 === 0 ? 'FACTICE E.' : 'INVENTE P.')],
  ['DT_PEC', ({ seenAt }) => inShape(seenAt, 'dd/MM/yy')],
  ['HR_PEC', ({ seenAt }) => inShape(seenAt, 'HHhmm')],
  ['CCMU', ({ severity }) => severity],
  ['DIAG_P', ({ diagnosis }) => diagnosis?.code ?? ''],
  ...numbered('DIAG_A', 3, ({ associated }) => associated.map(({ code }) => code)),
  ...numbered('ACTE', 2, ({ procedures }) => procedures),
  ['DT_DEP', ({ departedAt }) => maybe(departedAt, 'dd/MM/yy')],
  ['HR_DEP', ({ departedAt }) => maybe(departedAt, 'HHhmm')],
  ['DEVENIR', becomes],
  ['ORIENTATION', ({ outcome }) => (outcome?.mode === '8' ? '' : (wards[outcome?.disposition ?? ''] ?? ''))],
];

const stayNames = [
  'IEP',
  'IPP',
  'NOM',
  'PRENOM',
  'DDN',
  'SEXE',
  'CPOST',
  'VILLE',
  'DTENT',
  'HRENT',
  'MODENT',
  'PROVEN',
  'UFHEB',
  'DTSOR',
  'MODSOR',
];
const stayWidths = [10, 10, 20, 20, 8, 4, 5, 26, 8, 6, 6, 6, 5, 8, 6];

/** Between two visits, a stay that never saw the emergency department. */
function stays(visits: readonly Visit[]): readonly (readonly string[])[] {
  const rows = visits.flatMap((visit, index) => [
    stay(visit, visit.number),
    ...(index % 4 === 0
      ? [stay({ ...visit, arrivedAt: visit.arrivedAt + 86_400_000 }, 90_000 + visit.number)]
      : []),
  ]);
  return [stayNames, ...rows].map((cells) => cells.map((cell, index) => cell.padEnd(stayWidths[index] ?? 0)));
}

function stay(
  { person, arrivedAt, departedAt, arrivalMode, origin }: Visit,
  number: number,
): readonly string[] {
  return [
    String(number).padStart(10, '0'),
    String(person.id).padStart(10, '0'),
    person.lastName.toUpperCase(),
    person.firstName.toUpperCase(),
    inShape(person.bornAt, 'yyyyMMdd'),
    person.sex === 'M' ? '1' : '2',
    person.town.postalCode,
    person.town.name,
    inShape(arrivedAt, 'yyyyMMdd'),
    inShape(arrivedAt, 'HHmm'),
    arrivalMode,
    origin,
    '2180',
    maybe(departedAt === undefined ? undefined : departedAt + 86_400_000, 'yyyyMMdd'),
    departedAt === undefined ? '' : '8',
  ];
}

function row(visit: Visit, columns: Columns): readonly string[] {
  return columns.map(([, print]) => print(visit));
}

function numbered(name: string, count: number, of: (visit: Visit) => readonly string[]): Columns {
  return Array.from({ length: count }, (_, index) => [
    `${name}${String(index + 1)}`,
    (visit: Visit): string => of(visit)[index] ?? '',
  ]);
}

function text(rows: readonly (readonly string[])[], delimiter: string): string {
  return rows.map((cells) => `${cells.join(delimiter)}\r\n`).join('');
}

function becomes({ outcome }: Visit): string {
  if (outcome === undefined) return '';
  if (outcome.mode === '8') return outcome.disposition ?? 'RAD';
  return { '6': 'HOSP', '7': 'TRF', '9': 'DCD' }[outcome.mode];
}

const transportCodes: Readonly<Record<string, string>> = {
  PERSO: 'VP',
  AMBU: 'AMB',
  VSAB: 'SP',
  SMUR: 'SMUR',
  HELI: 'HELICO',
  FO: 'POL',
};
const wards: Readonly<Record<string, string>> = {
  UHCD: 'UHCD',
  MED: 'MED POLY',
  CHIR: 'CHIR ORTHO',
  REA: 'REA',
  SI: 'USIC',
  OBST: 'OBSTETRIQUE',
};

/** What a person changes in the mapping that `map init` proposes. */
export const systemsEdits: readonly LineEdit[] = [];
