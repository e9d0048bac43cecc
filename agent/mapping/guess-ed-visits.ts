import {
  arrivalModeWords,
  destinationWords,
  originWords,
  severityWords,
  sexWords,
  transportCareWords,
  transportWords,
} from './guess-ed-codes.ts';
import { departureModeWords, dispositionWords } from './guess-ed-outcomes.ts';
import type { FieldWords, Vocabulary } from './guess-vocabulary.ts';

/** What French emergency softwares call the fields of a visit. */
const fields: readonly FieldWords[] = [
  {
    field: 'facility',
    names: phrases(
      'finess, numero finess, finess geographique, code finess, etablissement finess, finess et',
    ),
    not: phrases('juridique, ej, provenance, destination, transfert'),
    content: 'finess',
    example: '990000010',
  },
  {
    field: 'visitId',
    names: phrases(
      'numero venue, numero passage, numero sejour, numero dossier, numero visite, numero rpu, ' +
        'iep, nda, venue, dossier, passage, sejour, numero episode, episode, numero admission, ' +
        'numero entree, cle passage, rpu numero, visite, passage numero',
    ),
    not: phrases('date, heure, type, mode, motif, duree, nom, prenom, libelle, box, medecin, ipp, nip'),
    content: 'visit-number',
    example: '1999000123',
  },
  {
    field: 'postalCode',
    names: phrases('code postal, postal, code postal residence, code postal domicile, adresse code postal'),
    not: phrases('naissance, etablissement, medecin, prevenir, libelle'),
    content: 'postal-code',
    example: '67999',
  },
  {
    field: 'commune',
    names: phrases(
      'commune, ville, commune residence, ville residence, ville domicile, adresse ville, ' +
        'bureau distributeur',
    ),
    not: phrases('naissance, etablissement, medecin, prevenir, insee, code'),
    content: 'place',
    example: 'VILLE-TEST',
  },
  {
    field: 'birthDate',
    names: phrases('naissance, date naissance'),
    not: phrases('nom, lieu, ville, commune, code, rang, pays, departement'),
    content: 'birth-date',
    example: '14/02/1951',
  },
  {
    field: 'sex',
    names: phrases('sexe, code sexe, sexe legal, sexe administratif'),
    not: [],
    content: 'codes',
    coded: sexWords,
    example: 'F',
  },
  {
    field: 'arrivedAt',
    names: phrases(
      'entree, arrivee, admission, date entree, date arrivee, date admission, heure entree, ' +
        'heure arrivee, heure admission, date heure entree, date heure arrivee, ' +
        'date heure admission, date accueil, heure accueil, accueil, enregistrement, debut, ' +
        'date debut, date passage, heure passage, date venue, heure venue, date heure venue, ' +
        'date heure passage, inscription',
    ),
    not: phrases(
      'naissance, sortie, depart, fin, mode, type, iao, ioa, medecin, prise, uhcd, service, ' +
        'unite, modification, creation',
    ),
    content: 'moment',
    example: '11/01/2026 09:42',
  },
  {
    field: 'arrivalMode',
    names: phrases(
      'mode entree, mode arrivee, type entree, type arrivee, mode admission, type admission, ' +
        'code mode entree, mode venue, type venue',
    ),
    not: phrases('sortie, date, heure, transport, uhcd'),
    content: 'codes',
    coded: arrivalModeWords,
    example: '8',
  },
  {
    field: 'origin',
    names: phrases(
      'provenance, lieu provenance, code provenance, provenance entree, origine, venant, ' +
        'adresse par, adresseur',
    ),
    not: phrases('date, finess, service, rue'),
    content: 'codes',
    coded: originWords,
    example: '5',
  },
  {
    field: 'transport',
    names: phrases(
      'transport, moyen transport, mode transport, type transport, transport entree, vehicule, ' +
        'transporteur, transport arrivee, moyen arrivee, moyen venue, moyen, vecteur, arrive par',
    ),
    not: phrases('prise, date, heure, sortie, retour, bon, medicalise, accompagnement'),
    content: 'codes',
    coded: transportWords,
    example: 'AMBU',
  },
  {
    field: 'transportCare',
    names: phrases(
      'prise charge transport, transport prise charge, transport medicalise, ' +
        'medicalisation transport, medicalisation, type prise charge, mode prise charge, ' +
        'prise charge, accompagnement, accompagnement transport, accompagnant transport',
    ),
    not: phrases('date, heure, medecin, sortie, delai, debut, fin'),
    content: 'codes',
    coded: transportCareWords,
    example: 'AUCUN',
  },
  {
    field: 'reason',
    names: phrases(
      'motif, motif recours, motif consultation, motif venue, motif entree, motif admission, ' +
        'motif passage, motif principal, recours, code motif, motif sfmu, plainte, ' +
        'plainte principal, code plainte principal, code plainte, symptome',
    ),
    not: phrases('sortie, annulation, transfert, date'),
    content: 'reason',
    example: 'R060',
  },
  {
    field: 'severity',
    names: phrases(
      'gravite, ccmu, gravite ccmu, code gravite, code ccmu, ccmu sortie, ccmu final, ' +
        'niveau gravite, classe ccmu',
    ),
    not: phrases('date, heure, igs, tri, french, iao, ioa'),
    content: 'codes',
    coded: severityWords,
    example: '3',
  },
  {
    field: 'principalDiagnosis',
    names: phrases(
      'diagnostic principal, code diagnostic principal, diagnostic principal cim10, ' +
        'diagnostic principal cim 10, cim10, diagnostic, code cim10, cim 10, diagnostic urgence',
    ),
    not: phrases('libelle, associe, secondaire, relie, date, texte'),
    content: 'diagnosis',
    example: 'J189',
  },
  {
    field: 'associatedDiagnoses',
    names: phrases(
      'diagnostic associe, liste diagnostic associe, liste da, code diagnostic associe, ' +
        'comorbidite, diagnostic autre, autre diagnostic',
    ),
    not: phrases('libelle, principal, date'),
    content: 'diagnoses',
    example: ['I10', 'E119'],
  },
  {
    field: 'procedures',
    names: phrases(
      'acte, acte ccam, ccam, liste acte, code acte, code ccam, liste ccam, acte realise, ' + 'acte realises',
    ),
    not: phrases('libelle, date, cotation, ngap, nombre'),
    content: 'procedures',
    example: ['DEQP003', 'ZBQK002'],
  },
  {
    field: 'departedAt',
    names: phrases(
      'sortie, depart, date sortie, heure sortie, date heure sortie, date depart, heure depart, ' +
        'date heure depart, fin, date fin, sortie reelle, date sortie reelle, fin passage, ' +
        'fin sejour',
    ),
    not: phrases('mode, type, prevue, prescription, decision, medicale, uhcd, motif, destination'),
    content: 'moment',
    example: '11/01/2026 17:05',
  },
  {
    field: 'departureMode',
    names: phrases(
      'mode sortie, type sortie, code mode sortie, devenir, issue, mode depart, sortie mode, ' +
        'decision sortie, suite donnee',
    ),
    not: phrases('date, heure, uhcd, transport'),
    content: 'codes',
    coded: departureModeWords,
    example: '6',
  },
  {
    field: 'destination',
    names: phrases(
      'destination, destination sortie, code destination, type sejour, lieu destination, ' +
        'type hospitalisation, champ destination',
    ),
    not: phrases('date, service, finess, uf, uhcd, unite'),
    content: 'codes',
    coded: destinationWords,
    onlyBeside: { field: 'departureMode', codes: ['6', '7'] },
    follows: {
      field: 'disposition',
      codes: { UHCD: '1', MED: '1', CHIR: '1', OBST: '1', SC: '1', SI: '1', REA: '1', HDT: '4', HO: '4' },
    },
    example: '1',
  },
  {
    field: 'disposition',
    names: phrases(
      'orientation, orientation sortie, code orientation, service destination, ' +
        'service hospitalisation, unite hospitalisation, unite destination, ' +
        'specialite hospitalisation, unite mutation, service mutation, service accueil, ' +
        'orientation finale',
    ),
    not: phrases('date, heure, iao, ioa, initiale, uhcd'),
    content: 'codes',
    coded: dispositionWords,
    alsoIn: 'departureMode',
    example: 'MED',
  },
];

function phrases(list: string): readonly string[] {
  return list.split(', ');
}

export const edVisitVocabulary: Vocabulary = {
  fields,
  identity: phrases(
    'nom, prenom, nom naissance, nom usuel, nom usage, nom famille, nom marital, ipp, nip, ' +
      'ins, nir, securite sociale, secu, adresse, rue, telephone, tel, mail, courriel, medecin, ' +
      'infirmier, infirmiere, ide, utilisateur, user, personne prevenir, confiance, ipp local',
  ),
};
