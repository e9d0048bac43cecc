import { ageInYears, inShape, maybe, trueVisit } from './print.ts';
import { inventVisits, type BlindSample, type Visit } from './visits.ts';
import type { LineEdit } from '../vendor-samples/edits.ts';

/**
 * What a database client saves of a query: commas, UTF-8 with its mark, camelCase names in two languages, ISO times with
 * an offset, NULL for nothing, lists in one cell, comments over several lines, both FINESS numbers side by side, times of
 * decisions beside times of leaving, a triage beside the CCMU.
 */
export function queryResult(): BlindSample {
  const facility = '990000028';
  const visits = inventVisits('y', 110);
  const lines = [
    columns.map(([name]) => name),
    ...visits.map((visit) => columns.map(([, print]) => print(visit))),
  ];
  const text = lines.map((cells) => cells.map(quoted).join(',')).join('\n');
  return {
    files: [{ name: 'ed_encounters.csv', content: Buffer.from(`\uFEFF${text}\n`, 'utf8') }],
    facility,
    truth: visits.map((visit) => ({
      ...trueVisit(visit, facility),
      visitId: encounter(visit),
      reason: visit.reason.code,
    })),
  };
}

const nothing = 'NULL';
const iso = 'yyyy-MM-ddTHH:mm:ss.000+01:00';
const time = (at: number | undefined): string => maybe(at, iso) || nothing;
const list = (texts: readonly string[]): string => texts.join('|') || nothing;

const columns: readonly (readonly [name: string, print: (visit: Visit) => string])[] = [
  ['encounterId', encounter],
  ['patientId', ({ person }) => String(person.id)],
  ['finessJuridique', () => '990000002'],
  ['finessGeographique', () => '990000028'],
  ['siteUrgences', () => 'SAU'],
  ['familyName', ({ person }) => person.lastName],
  ['givenName', ({ person }) => person.firstName],
  ['gender', ({ person }) => (person.sex === 'M' ? 'male' : 'female')],
  ['birthDate', ({ person }) => inShape(person.bornAt, 'yyyy-MM-dd')],
  ['ageAtArrival', (visit) => String(ageInYears(visit))],
  ['zipCode', ({ person }) => person.town.postalCode],
  ['city', ({ person }) => person.town.name],
  ['country', () => 'FRA'],
  ['createdAt', ({ arrivedAt }) => time(arrivedAt - 95_000)],
  ['arrivalDateTime', ({ arrivedAt }) => time(arrivedAt)],
  ['modeEntree', ({ arrivalMode }) => ({ '6': 'MUTATION', '7': 'TRANSFERT', '8': 'DOMICILE' })[arrivalMode]],
  ['provenance', ({ origin }) => origin],
  ['transportMode', ({ transport }) => transportWords[transport] ?? nothing],
  ['transportCare', ({ transportCare }) => careWords[transportCare] ?? nothing],
  ['triageDateTime', ({ arrivedAt }) => time(arrivedAt + 240_000)],
  ['triageLevel', ({ number }) => ['1', '2', '3A', '3B', '4', '5'][number % 6] ?? nothing],
  ['chiefComplaintCode', ({ reason }) => reason.code],
  ['chiefComplaint', complaint],
  ['box', ({ number }) => (number % 4 === 0 ? nothing : `B${String(number % 12)}`)],
  ['attendingPhysician', ({ number }) => (number % 2 === 0 ? 'FACTICE, Élodie' : 'INVENTE, Paul')],
  ['firstMedicalContactAt', ({ seenAt }) => time(seenAt)],
  ['waitingTimeMinutes', ({ seenAt, arrivedAt }) => String(Math.round((seenAt - arrivedAt) / 60_000))],
  ['ccmu', ({ severity }) => `CCMU_${severity}`],
  ['mainDiagnosis', ({ diagnosis }) => diagnosis?.code ?? nothing],
  ['secondaryDiagnoses', ({ associated }) => list(associated.map(({ code }) => code))],
  ['actesCcam', ({ procedures }) => list(procedures)],
  [
    'decisionSortieAt',
    ({ departedAt }) => time(departedAt === undefined ? undefined : departedAt - 1_500_000),
  ],
  ['dischargeDateTime', ({ departedAt }) => time(departedAt)],
  ['modeSortie', ({ outcome }) => exitWords[outcome?.mode ?? ''] ?? nothing],
  ['destinationSortie', ({ outcome }) => (outcome?.destination === '1' ? 'MCO' : nothing)],
  ['orientation', ({ outcome }) => outcome?.disposition ?? nothing],
  ['updatedAt', ({ departedAt, arrivedAt }) => time((departedAt ?? arrivedAt) + 7_200_000)],
];

function encounter({ number }: Visit): string {
  return `ENC-2026-${String(number).padStart(6, '0')}`;
}

function complaint({ reason, number }: Visit): string {
  return number % 5 === 0 ? `${reason.label}\ndepuis hier, "assez" vive` : reason.label;
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const transportWords: Readonly<Record<string, string>> = {
  PERSO: 'PERSONAL_VEHICLE',
  AMBU: 'AMBULANCE',
  VSAB: 'FIREFIGHTERS',
  SMUR: 'SMUR',
  HELI: 'HELICOPTER',
  FO: 'POLICE',
};
const careWords: Readonly<Record<string, string>> = {
  MED: 'MEDICAL',
  PARAMED: 'PARAMEDICAL',
  AUCUN: 'NONE',
};
const exitWords: Readonly<Record<string, string>> = {
  '6': 'MUTATION',
  '7': 'TRANSFERT',
  '8': 'DOMICILE',
  '9': 'DECES',
};

/** What a person changes in the mapping that `map init` proposes. */
export const queryEdits: readonly LineEdit[] = [];
