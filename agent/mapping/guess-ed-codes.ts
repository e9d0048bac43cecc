import { edCodes } from '../../shared/feeds/code-lists.ts';
import type { CodeWords } from './guess-vocabulary.ts';

/**
 * What softwares print where the national file wants a code, as folded words. The longest phrase found decides; a label
 * that fits two codes equally is left for a person.
 */
export const sexWords: CodeWords = {
  codes: edCodes.sex,
  labels: {
    M: ['1', 'h', 'masculin', 'masc', 'homme', 'male', 'garcon', 'monsieur', 'mr'],
    F: ['2', 'feminin', 'fem', 'femme', 'fille', 'female', 'madame', 'mme', 'feminine'],
    I: ['3', '9', '0', 'indetermine', 'inconnu', 'x', 'u', 'nd', 'autre', 'non precise', 'ambigu'],
  },
};

const shortStay = ['mco', 'court sejour', 'court', 'medecine chirurgie obstetrique', 'aigu'];
const rehabilitation = ['ssr', 'smr', 'soins suite', 'moyen sejour', 'readaptation', 'reeducation'];
const longStay = ['sld', 'usld', 'long sejour', 'longue duree', 'soins longue duree'];
const psychiatry = ['psy', 'psychiatrie', 'psychiatrique', 'chs', 'epsm'];
const homeCare = ['had', 'hospitalisation domicile'];
const nursingHome = [
  'ehpad',
  'medico social',
  'medicosocial',
  'maison retraite',
  'mas',
  'fam',
  'institution',
  'foyer',
];

export const arrivalModeWords: CodeWords = {
  codes: edCodes.arrivalMode,
  labels: {
    '6': ['mutation', 'interne', 'autre unite', 'autre service'],
    '7': ['transfert', 'autre etablissement', 'autre hopital', 'transfere', 'transfer'],
    '8': [
      'domicile',
      'voie publique',
      'lieu public',
      'rue',
      'directe',
      'direct',
      'externe',
      'spontanee',
      'spontane',
      'normale',
    ],
  },
  typical: { code: '8', share: 0.6 },
};

export const originWords: CodeWords = {
  codes: edCodes.origin,
  labels: {
    '1': shortStay,
    '2': rehabilitation,
    '3': longStay,
    '4': psychiatry,
    '5': [
      'spontanee',
      'spontane',
      'domicile',
      'voie publique',
      'lieu public',
      'non organise',
      'non organisee',
      'urgence',
      'venue spontanee',
      'lieu travail',
      'travail',
      'ecole',
    ],
    '6': homeCare,
    '7': nursingHome,
    '8': [
      'reconvocation',
      'convocation',
      'convoque',
      'reconvoque',
      'rappel',
      'programme',
      'organise',
      'organisee',
      'venue organisee',
      'rdv',
      'attendu',
    ],
  },
  typical: { code: '5', share: 0.5 },
};

export const transportWords: CodeWords = {
  codes: edCodes.transport,
  labels: {
    PERSO: [
      'pers',
      'personnel',
      'personnels',
      'propres moyens',
      'propre moyen',
      'moyen personnel',
      'moyens personnels',
      'moyens propres',
      'pied',
      'voiture',
      'vehicule personnel',
      'vp',
      'taxi',
      'famille',
      'seul',
      'transports en commun',
      'bus',
      'personal vehicle',
      'private vehicle',
      'walk',
      'car',
    ],
    AMBU: ['amb', 'ambulance', 'ambulances', 'ambulancier', 'vsl', 'asu', 'ambulance privee'],
    VSAB: [
      'vsav',
      'pompier',
      'pompiers',
      'sp',
      'sapeur pompier',
      'sapeurs pompiers',
      'sdis',
      'bspp',
      'marins pompiers',
      'vml',
      'firefighters',
      'fire brigade',
    ],
    SMUR: ['samu', 'umh', 'ar', 'smur terrestre', 'unite mobile hospitaliere'],
    HELI: [
      'helico',
      'helicoptere',
      'helismur',
      'smur heliporte',
      'heliporte',
      'dragon',
      'aerien',
      'helicopter',
    ],
    FO: [
      'police',
      'gendarmerie',
      'gendarme',
      'pol',
      'gend',
      'forces ordre',
      'force ordre',
      'penitentiaire',
      'administration penitentiaire',
    ],
  },
  typical: { code: 'PERSO', share: 0.3 },
};

export const transportCareWords: CodeWords = {
  codes: edCodes.transportCare,
  labels: {
    MED: ['medicalise', 'medicalisee', 'medecin', 'medical', 'medicale', 'oui medecin', 'smur'],
    PARAMED: [
      'paramedical',
      'paramedicale',
      'paramedicalise',
      'paramedicalisee',
      'ide',
      'infirmier',
      'infirmiere',
      'inf',
      'isp',
      'para',
      'nurse',
    ],
    AUCUN: [
      'aucune',
      'sans',
      'non',
      'neant',
      'non medicalise',
      'non medicalisee',
      'non accompagne',
      'nul',
      'rien',
      'simple',
      'none',
    ],
  },
};

export const severityWords: CodeWords = {
  codes: edCodes.severity,
  labels: {
    '1': ['i', 'stable sans acte', 'un'],
    '2': ['ii', 'stable avec acte', 'deux'],
    '3': ['iii', 'aggraver', 'aggravation possible', 'trois'],
    '4': ['iv', 'pronostic vital engage', 'quatre'],
    '5': ['v', 'reanimation immediate', 'cinq'],
    P: ['psy', 'psychiatrique', 'psychiatrie', 'psychologique'],
    D: ['dcd', 'decede', 'deces', 'decedee'],
  },
  typical: { code: '2', share: 0.35 },
};

export const destinationWords: CodeWords = {
  codes: edCodes.destination,
  labels: {
    '1': shortStay,
    '2': rehabilitation,
    '3': longStay,
    '4': psychiatry,
    '6': homeCare,
    '7': nursingHome,
  },
  typical: { code: '1', share: 0.6 },
};
