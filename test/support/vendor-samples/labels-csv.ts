import iconv from 'iconv-lite';
import type { Visit } from '../../../installers/sandbox/visits.ts';
import {
  clock,
  diagnosisOf,
  dotted,
  drawFor,
  outcomeOf,
  personName,
  weekOfVisits,
  type VendorFile,
} from './population.ts';

/**
 * A department software whose report designer prints what the screen shows: labels instead of codes, accents in column
 * names, semicolons, windows-1252, dates and times in columns of their own. No FINESS anywhere: it knows one hospital.
 */
export function labelsCsv(finess: string): VendorFile {
  const visits = weekOfVisits(finess, 11);
  const lines = [columns.join(';'), ...visits.map(row)];
  return {
    name: 'Passages du 05-01-2026 au 11-01-2026.csv',
    content: iconv.encode(`${lines.join('\r\n')}\r\n`, 'windows-1252'),
    visits,
  };
}

const columns = [
  'N° de venue',
  'IPP',
  'Nom de naissance',
  'Prénom',
  'Né(e) le',
  'Sexe',
  'Code postal',
  'Ville de résidence',
  "Date d'admission",
  "Heure d'admission",
  "Type d'entrée",
  'Lieu de provenance',
  "Moyen d'arrivée",
  'Accompagnement',
  'Box',
  'Plainte principale',
  'CCMU',
  'Médecin référent',
  'DP (CIM-10)',
  'Libellé DP',
  'DAS',
  'Actes réalisés',
  'Date sortie',
  'Heure sortie',
  'Devenir du patient',
  'Type de séjour',
  'Unité de mutation',
  'Durée (min)',
];

function row(visit: Visit): string {
  const draw = drawFor('labels', visit);
  const name = personName(draw);
  const [arrived, left] = [clock(visit.arrivedMinute), clock(visit.leftMinute)];
  const diagnosis = diagnosisOf(visit);
  const { departureMode, destination, disposition } = outcomeOf(visit);
  const cells = [
    `26-${visit.number.slice(-7)}`,
    `8${String(draw.whole(9_999_999)).padStart(7, '0')}`,
    name.last,
    name.first,
    visit.birthDate,
    sexes[visit.sex],
    visit.postalCode,
    visit.commune,
    `${arrived.dd}/${arrived.MM}/${arrived.yyyy}`,
    `${arrived.HH}h${arrived.mm}`,
    arrivalModes[visit.arrivalMode],
    origins[visit.origin],
    transports[visit.transport],
    escorts[visit.transportCare],
    draw.one(['Box 1', 'Box 2', 'Box 3', 'SAUV', 'Couloir', 'Attente']),
    visit.case.text,
    visit.severity === '' ? '' : `CCMU ${visit.severity}`,
    draw.one(['Dr OSTREBOIS', 'Dr PALLEFROY', 'Dr KÉRIVANT']),
    dotted(diagnosis),
    diagnosis === '' ? '' : visit.case.text,
    visit.associated.map(dotted).join(' / '),
    visit.procedures.join(' / '),
    left.yyyy === '' ? '' : `${left.dd}/${left.MM}/${left.yyyy}`,
    left.yyyy === '' ? '' : `${left.HH}h${left.mm}`,
    atHome[disposition] ?? departures[departureMode],
    stays[destination],
    wards[disposition],
    left.yyyy === '' ? '' : String(visit.leftMinute - visit.arrivedMinute),
  ];
  return cells.map((cell) => quoted(cell ?? '')).join(';');
}

function quoted(cell: string): string {
  return /[;"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

type Labels = Readonly<Record<string, string>>;
const sexes: Labels = { M: 'Masculin', F: 'Féminin', I: 'Indéterminé' };
const arrivalModes: Labels = {
  '6': 'Mutation interne',
  '7': 'Transfert externe',
  '8': 'Domicile / voie publique',
};
const origins: Labels = { '1': 'Court séjour', '5': 'Venue spontanée', '8': 'Reconvocation' };
const transports: Labels = {
  PERSO: 'Moyens personnels',
  AMBU: 'Ambulance privée',
  VSAB: 'Sapeurs-pompiers',
  SMUR: 'SMUR terrestre',
  HELI: 'Hélico',
  FO: 'Police / Gendarmerie',
};
const escorts: Labels = { MED: 'Médicalisé', PARAMED: 'IDE', AUCUN: 'Sans' };
const departures: Labels = {
  '6': 'Hospitalisation sur place',
  '7': 'Transfert vers autre établissement',
  '8': 'Retour au domicile',
  '9': 'Décès',
};
const atHome: Labels = {
  FUGUE: 'Fugue',
  SCAM: 'Sortie contre avis médical',
  PSA: 'Parti sans attendre',
  REO: 'Réorienté',
};
const stays: Labels = { '1': 'Court séjour', '4': 'Psychiatrie' };
const wards: Labels = {
  MED: 'Médecine polyvalente',
  UHCD: 'UHCD',
  CHIR: 'Chirurgie',
  SI: 'Soins intensifs',
  REA: 'Réanimation',
  SC: 'Surveillance continue',
  OBST: 'Maternité',
  HDT: 'Psychiatrie SPDT',
};
