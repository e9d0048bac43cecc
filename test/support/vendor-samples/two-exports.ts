import type { Visit } from '../../../installers/sandbox/visits.ts';
import {
  clock,
  diagnosisOf,
  drawFor,
  outcomeOf,
  personName,
  weekOfVisits,
  type VendorFile,
} from './population.ts';

/**
 * Two softwares know one visit each in part: the department's (pipes, ISO dates, medical data, its number padded to ten)
 * and the admissions office's (commas, French dates, people and places, the bare number). The nurse's note runs over
 * several lines.
 */
export function twoExports(finess: string): { readonly department: VendorFile; readonly office: VendorFile } {
  const visits = weekOfVisits(finess, 37);
  const department = [departmentColumns.join('|'), ...visits.map(departmentRow)];
  const office = [officeColumns.join(','), ...visits.map((visit) => officeRow(finess, visit))];
  return {
    department: file('urg_dossiers_20260112.csv', department, visits),
    office: file('GAM_SEJOURS.csv', office, visits),
  };
}

function file(name: string, lines: readonly string[], visits: readonly Visit[]): VendorFile {
  return { name, content: Buffer.from(`${lines.join('\n')}\n`, 'utf8'), visits };
}

const departmentColumns = [
  'DOSSIER_URG',
  'DH_ENTREE',
  'DH_SORTIE',
  'TRI_IAO',
  'GRAVITE_CCMU',
  'MOTIF_RECOURS',
  'NOTE_IAO',
  'DIAG_P',
  'DIAG_ASSOC',
  'ACTES',
  'MODE_SORT',
  'DEST_SORT',
  'ORIENTATION',
  'TYP_TRANSPORT',
  'PEC_TRANSPORT',
];

function departmentRow(visit: Visit): string {
  const draw = drawFor('department', visit);
  const { departureMode, destination, disposition } = outcomeOf(visit);
  const cells = [
    padded(visit),
    isoTime(visit.arrivedMinute),
    isoTime(visit.leftMinute),
    String(1 + draw.whole(5)),
    visit.severity,
    visit.case.icd,
    draw.chance(0.4) ? `"Installé(e) à ${draw.whole(24)}h\nConstantes prises\n""RAS"""` : '',
    diagnosisOf(visit),
    visit.associated.join('~'),
    visit.procedures.join('~'),
    departureMode,
    destination,
    disposition,
    transports[visit.transport] ?? '',
    visit.transportCare,
  ];
  return cells.join('|');
}

const officeColumns = [
  'NUM_SEJOUR',
  'NIP',
  'NOM_USUEL',
  'PRENOM',
  'DDN',
  'SX',
  'CP_DOM',
  'LOC_DOM',
  'ETAB_FINESS',
  'UF_RESP',
  'MODE_ENT',
  'PROV_ENT',
  'REGIME',
];

function officeRow(finess: string, visit: Visit): string {
  const draw = drawFor('office', visit);
  const name = personName(draw);
  return [
    String(Number(padded(visit))),
    String(4_000_000 + draw.whole(900_000)),
    name.last,
    name.first,
    visit.birthDate.replaceAll('/', '-'),
    visit.sex === 'M' ? 'H' : visit.sex,
    visit.postalCode,
    `"${visit.commune}"`,
    finess,
    String(1200 + draw.whole(4)),
    visit.arrivalMode,
    visit.origin,
    draw.one(['RG', 'AMM', 'CSS', 'ETR']),
  ].join(',');
}

function padded(visit: Visit): string {
  return visit.number.padStart(10, '0').replace(/^\d/, '0');
}

function isoTime(minute: number): string {
  const { yyyy, MM, dd, HH, mm } = clock(minute);
  return yyyy === '' ? '' : `${yyyy}-${MM}-${dd} ${HH}:${mm}:00`;
}

/** It still writes the vehicle of before the reform, and its own abbreviations. */
const transports: Readonly<Record<string, string>> = {
  PERSO: 'PERS',
  AMBU: 'AMB',
  VSAB: 'VSAV',
  SMUR: 'SMUR',
  HELI: 'HELI',
  FO: 'POL',
};
