import { encode } from 'iconv-lite';
import { ageInYears, inShape, maybe, trueVisit } from './print.ts';
import { inventVisits, type BlindSample, type Illness, type Outcome, type Visit } from './visits.ts';
import type { LineEdit } from '../vendor-samples/edits.ts';

/**
 * A report of a reporting tool, saved as text: tabs, Windows accents, a title above the header, long French headers, dates
 * apart from times with seconds, labels instead of codes, diagnoses with their wording, postal codes that went through a
 * spreadsheet, ages, rooms, names of physicians, waiting times.
 */
export function reportDump(): BlindSample {
  const facility = '990000010';
  const visits = inventVisits('x', 140);
  const lines = [
    'Activité des urgences adultes - passages du 05/01/2026 au 11/01/2026',
    '',
    headers.join('\t'),
    ...visits.map((visit) => cells(visit).join('\t')),
  ];
  return {
    files: [{ name: 'passages.txt', content: encode(`${lines.join('\r\n')}\r\n`, 'windows-1252') }],
    facility,
    truth: visits.map((visit) => ({
      ...trueVisit(visit, facility),
      visitId: dossier(visit),
      reason: visit.reason.label,
    })),
  };
}

const headers = [
  'N° de dossier urgences',
  'IPP',
  'Nom usuel',
  'Prénom',
  'Sexe du patient',
  'Date de naissance',
  'Âge à l’entrée',
  'Code postal de résidence',
  'Commune de résidence',
  "Date d'entrée",
  "Heure d'entrée",
  "Mode d'entrée",
  'Provenance',
  'Moyen de transport à l’arrivée',
  'Type de prise en charge pendant le transport',
  'Motif de recours aux urgences',
  'Date 1er contact médical',
  'Heure 1er contact médical',
  "Délai d'attente (min)",
  'Salle',
  'Médecin responsable',
  'CCMU en sortie',
  'Diagnostic principal',
  'Diagnostics associés',
  'Actes CCAM réalisés',
  'Date de sortie',
  'Heure de sortie',
  'Durée de passage',
  'Mode de sortie',
  "Service d'hospitalisation",
];

function cells(visit: Visit): readonly string[] {
  const { person, arrivedAt, seenAt, departedAt } = visit;
  const age = ageInYears(visit);
  return [
    dossier(visit),
    String(person.id),
    person.lastName.toUpperCase(),
    person.firstName,
    person.sex === 'M' ? 'Masculin' : 'Féminin',
    inShape(person.bornAt, 'dd/MM/yyyy'),
    age < 1 ? '8 mois' : `${String(age)} an${age > 1 ? 's' : ''}`,
    String(Number(person.town.postalCode)),
    person.town.name,
    inShape(arrivedAt, 'dd/MM/yyyy'),
    inShape(arrivedAt, 'HH:mm:ss'),
    { '6': 'Mutation', '7': 'Transfert', '8': 'Domicile' }[visit.arrivalMode],
    originLabels[visit.origin] ?? '',
    transportLabels[visit.transport] ?? '',
    { MED: 'Médicalisée', PARAMED: 'Paramédicalisée' }[visit.transportCare] ?? 'Aucune',
    visit.reason.label,
    inShape(seenAt, 'dd/MM/yyyy'),
    inShape(seenAt, 'HH:mm:ss'),
    String(Math.round((seenAt - arrivedAt) / 60_000)),
    visit.number % 9 === 0 ? 'SAUV 1' : `Box ${String((visit.number % 11) + 1)}`,
    visit.number % 2 === 0 ? 'Dr INVENTE Paul' : 'Dr FACTICE Élodie',
    `CCMU ${visit.severity}`,
    worded(visit.diagnosis),
    visit.associated.map(worded).join(' ; '),
    visit.procedures.join(' / '),
    maybe(departedAt, 'dd/MM/yyyy'),
    maybe(departedAt, 'HH:mm:ss'),
    departedAt === undefined ? '' : maybe(departedAt - arrivedAt, 'HH:mm'),
    outcomeLabel(visit.outcome),
    wards[visit.outcome?.mode === '8' ? '' : (visit.outcome?.disposition ?? '')] ?? '',
  ];
}

function dossier({ number }: Visit): string {
  return `2600${String(number)}`;
}

function worded(illness: Illness | undefined): string {
  return illness === undefined ? '' : `${illness.code} - ${illness.label}`;
}

function outcomeLabel(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  if (outcome.mode === '8' && outcome.disposition !== undefined) return homeLabels[outcome.disposition] ?? '';
  return { '6': 'Hospitalisation', '7': 'Transfert', '8': 'Retour à domicile', '9': 'Décès' }[outcome.mode];
}

const originLabels: Readonly<Record<string, string>> = {
  '1': 'Court séjour (MCO)',
  '4': 'Psychiatrie',
  '5': 'Domicile, voie publique',
  '7': 'EHPAD',
};
const transportLabels: Readonly<Record<string, string>> = {
  PERSO: 'Moyens personnels',
  AMBU: 'Ambulance privée',
  VSAB: 'Sapeurs-pompiers (VSAV)',
  SMUR: 'SMUR terrestre',
  HELI: 'Hélicoptère',
  FO: "Forces de l'ordre",
};
const homeLabels: Readonly<Record<string, string>> = {
  PSA: 'Parti sans attendre',
  SCAM: 'Sortie contre avis médical',
  FUGUE: 'Fugue',
};
const wards: Readonly<Record<string, string>> = {
  UHCD: 'UHCD',
  MED: 'Médecine polyvalente',
  CHIR: 'Chirurgie orthopédique',
  REA: 'Réanimation',
  SI: 'Soins intensifs de cardiologie',
  OBST: 'Maternité',
};

/** What a person changes in the mapping that `map init` proposes. */
export const reportEdits: readonly LineEdit[] = [];
