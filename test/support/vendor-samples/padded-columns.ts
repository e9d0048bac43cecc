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
 * An old administrative system's nightly print: columns padded with blanks, no header, everything numbered by tables
 * that only its manual knows. Sex and postal code stand side by side without a blank between them.
 */
export function paddedColumns(finess: string): VendorFile {
  const visits = weekOfVisits(finess, 23);
  const lines = visits.map((visit) => row(finess, visit));
  return {
    name: 'URGJ7.TXT',
    content: Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'),
    visits,
  };
}

function row(finess: string, visit: Visit): string {
  const draw = drawFor('padded', visit);
  const [arrived, left] = [clock(visit.arrivedMinute), clock(visit.leftMinute)];
  const { departureMode, destination, disposition } = outcomeOf(visit);
  const [day, month, year] = visit.birthDate.split('/');
  const cells: readonly (readonly [text: string, width: number])[] = [
    [finess, 10],
    [visit.number, 11],
    [personName(draw).last, 16],
    [`${year}${month}${day}`, 9],
    [`${sexes[visit.sex]}${visit.postalCode}`, 7],
    [plain(visit.commune), 24],
    [`${arrived.yyyy}${arrived.MM}${arrived.dd}${arrived.HH}${arrived.mm}`, 13],
    [visit.arrivalMode, 2],
    [visit.origin, 2],
    [transports[visit.transport] ?? '', 3],
    [escorts[visit.transportCare] ?? '', 2],
    [String(draw.whole(9)), 2],
    [visit.case.thesaurus, 13],
    [visit.severity, 2],
    [diagnosisOf(visit), 7],
    [visit.associated.join(','), 30],
    [visit.procedures.join(','), 40],
    [left.yyyy === '' ? '' : `${left.yyyy}${left.MM}${left.dd}${left.HH}${left.mm}`, 13],
    [departureMode, 2],
    [destination, 2],
    [wards[disposition] ?? '', 4],
    [String(2000 + draw.whole(40)), 4],
  ];
  return cells.map(([text, width]) => text.slice(0, width - 1).padEnd(width)).join('');
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
}

type Numbers = Readonly<Record<string, string>>;
const sexes: Numbers = { M: '1', F: '2', I: '3' };
const transports: Numbers = { PERSO: '01', AMBU: '02', VSAB: '03', SMUR: '04', HELI: '05', FO: '06' };
const escorts: Numbers = { MED: '1', PARAMED: '2', AUCUN: '0' };
const wards: Numbers = {
  MED: '110',
  UHCD: '101',
  CHIR: '120',
  SI: '132',
  REA: '130',
  SC: '131',
  OBST: '140',
  HDT: '151',
  REO: '901',
  PSA: '902',
  SCAM: '903',
  FUGUE: '904',
};
