import type { Bilingual } from './texts.ts';

/** Établissements: who is connected, and how each fares. */
export const portalFacilityList = {
  title: { fr: 'Établissements', en: 'Facilities' },
  ownTitle: { fr: 'Mes établissements', en: 'My facilities' },
  upToDate: { fr: 'À jour à {at}', en: 'Up to date at {at}' },
  allConnected: {
    fr: 'Les {count} établissements sont raccordés.',
    en: 'All {count} facilities are connected.',
  },
  oneConnected: { fr: 'L’établissement est raccordé.', en: 'The facility is connected.' },
  someConnected: {
    fr: 'Raccordés : {connected} sur {count}. Sans premier fichier : {missing}.',
    en: 'Connected: {connected} of {count}. Without a first file: {missing}.',
  },
  none: { fr: 'Aucun établissement n’est encore enregistré', en: 'No facility is registered yet' },
  noneText: {
    fr: 'Enregistrez un établissement, puis créez son code d’installation.',
    en: 'Register a facility, then create its installation code.',
  },
  ownNone: {
    fr: 'Aucun établissement n’est rattaché à votre compte',
    en: 'No facility is attached to your account',
  },
  ownNoneText: {
    fr: 'Demandez à la région de rattacher votre compte à votre établissement.',
    en: 'Ask the region to attach your account to your facility.',
  },
  ownSentence: {
    fr: '{count} établissements vous sont rattachés.',
    en: '{count} facilities are attached to you.',
  },
  ofDay: {
    fr: '{whole} complets sur {due} attendus pour ce jour.',
    en: '{whole} whole of {due} due for this day.',
  },
  list: { fr: 'Liste des établissements', en: 'List of facilities' },
  search: { fr: 'Nom ou FINESS', en: 'Name or FINESS' },
  state: { fr: 'État', en: 'State' },
  anyState: { fr: 'Tous', en: 'All' },
  toTreat: { fr: 'À traiter', en: 'To deal with' },
  territory: { fr: 'Territoire', en: 'Territory' },
  anyTerritory: { fr: 'Tous', en: 'All' },
  show: { fr: 'Afficher', en: 'Show' },
  reset: { fr: 'Tout afficher', en: 'Show all' },
  found: { fr: '{count} sur {total}', en: '{count} of {total}' },
  nothingFound: { fr: 'Aucun établissement ne correspond.', en: 'No facility matches.' },
  name: { fr: 'Établissement', en: 'Facility' },
  stateOf: { fr: 'État du {day}', en: 'State of {day}' },
  contact: { fr: 'Dernier contact', en: 'Last seen' },
  file: { fr: 'Dernier fichier', en: 'Last file' },
  volume: { fr: 'Reçus / attendus', en: 'Received / expected' },
  whole: { fr: '30 jours complets', en: '30 days complete' },
  quality: { fr: 'Items à l’objectif, 30 jours', en: 'Fields at target, 30 days' },
  atTarget: { fr: '{atTarget} sur {items}', en: '{atTarget} of {items}' },
  worst: { fr: '{item} : {share}', en: '{item}: {share}' },
  noAgent: { fr: 'aucun agent', en: 'no agent' },
  neverSeen: { fr: 'jamais', en: 'never' },
  notDue: { fr: 'Pas encore attendu', en: 'Not due yet' },
  notJudged: { fr: 'Non jugé', en: 'Not judged' },
} as const satisfies Readonly<Record<string, Bilingual>>;
