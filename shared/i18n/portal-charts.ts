import type { Bilingual } from './texts.ts';

/** What drawings say to those who do not see them, and their tables. */
export const portalCharts = {
  titleExpected: {
    fr: '{noun} par jour, {period}, avec l’intervalle attendu.',
    en: '{noun} per day, {period}, with the expected range.',
  },
  title: { fr: '{noun} par jour, {period}.', en: '{noun} per day, {period}.' },
  periodMany: { fr: '{n} derniers jours', en: 'last {n} days' },
  periodOne: { fr: 'dernier jour', en: 'last day' },
  periodNone: { fr: 'aucun jour', en: 'no day' },
  nothingUnusual: { fr: 'Rien d’inhabituel.', en: 'Nothing unusual.' },
  lowOne: {
    fr: 'Un jour anormalement bas : {day}, {count} pour {expected} attendus.',
    en: 'One abnormally low day: {day}, {count} of {expected} expected.',
  },
  lowMany: {
    fr: '{n} jours anormalement bas, le dernier {day}, {count} pour {expected} attendus.',
    en: '{n} abnormally low days, the last one {day}, {count} of {expected} expected.',
  },
  silentOne: { fr: 'Un jour en silence : {day}.', en: 'One silent day: {day}.' },
  silentMany: { fr: '{n} jours en silence, le dernier {day}.', en: '{n} silent days, the last one {day}.' },
  partialOne: { fr: 'Un jour partiel : {day}.', en: 'One partial day: {day}.' },
  partialMany: { fr: '{n} jours partiels, le dernier {day}.', en: '{n} partial days, the last one {day}.' },
  heldOne: { fr: 'Un jour retenu : {day}.', en: 'One held day: {day}.' },
  heldMany: { fr: '{n} jours retenus, le dernier {day}.', en: '{n} held days, the last one {day}.' },
  lateOne: { fr: 'Un jour tardif : {day}.', en: 'One late day: {day}.' },
  lateMany: { fr: '{n} jours tardifs, le dernier {day}.', en: '{n} late days, the last one {day}.' },
  showNumbers: { fr: 'Voir les chiffres', en: 'Show the numbers' },
  tableCaption: { fr: '{noun} par jour, reçus et attendus', en: '{noun} per day, received and expected' },
  day: { fr: 'Jour', en: 'Day' },
  received: { fr: 'Reçus', en: 'Received' },
  expected: { fr: 'Attendus', en: 'Expected' },
  state: { fr: 'État', en: 'State' },
  pending: { fr: 'pas encore attendu', en: 'not due yet' },
  hourTitle: {
    fr: '{noun} par heure d’arrivée, {day}. {total} en tout.',
    en: '{noun} per hour of arrival, {day}. {total} in all.',
  },
  hourMissing: {
    fr: 'Aucun de {from} h à {to} h, d’habitude {usual}.',
    en: 'None from {from}:00 to {to}:00, usually {usual}.',
  },
  hourCaption: { fr: '{noun} par heure d’arrivée', en: '{noun} per hour of arrival' },
  hour: { fr: 'Heure', en: 'Hour' },
  usual: { fr: 'D’habitude', en: 'Usually' },
  lacking: { fr: 'Constat', en: 'Finding' },
  noVisit: { fr: 'heure vide', en: 'empty hour' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** A day's state in fourteen dashes: "13 reçus, 1 tardif". */
export const portalDashes = {
  received: { one: { fr: '{n} reçu', en: '{n} received' }, many: { fr: '{n} reçus', en: '{n} received' } },
  late: { one: { fr: '{n} tardif', en: '{n} late' }, many: { fr: '{n} tardifs', en: '{n} late' } },
  partial: { one: { fr: '{n} partiel', en: '{n} partial' }, many: { fr: '{n} partiels', en: '{n} partial' } },
  low: {
    one: { fr: '{n} anormalement bas', en: '{n} abnormally low' },
    many: { fr: '{n} anormalement bas', en: '{n} abnormally low' },
  },
  silent: { one: { fr: '{n} silence', en: '{n} silent' }, many: { fr: '{n} silences', en: '{n} silent' } },
  held: { one: { fr: '{n} retenu', en: '{n} held' }, many: { fr: '{n} retenus', en: '{n} held' } },
  degraded: {
    one: { fr: '{n} en mode dégradé', en: '{n} degraded' },
    many: { fr: '{n} en mode dégradé', en: '{n} degraded' },
  },
  closed: { one: { fr: '{n} fermé', en: '{n} closed' }, many: { fr: '{n} fermés', en: '{n} closed' } },
  'not-connected': {
    one: { fr: '{n} avant le raccordement', en: '{n} before connection' },
    many: { fr: '{n} avant le raccordement', en: '{n} before connection' },
  },
  pending: {
    one: { fr: '{n} pas encore attendu', en: '{n} not due yet' },
    many: { fr: '{n} pas encore attendus', en: '{n} not due yet' },
  },
} as const satisfies Readonly<Record<string, { readonly one: Bilingual; readonly many: Bilingual }>>;

/** What a feed brings, as pages say it. */
export const portalFeeds = {
  'ed-visits': {
    name: { fr: 'Passages aux urgences', en: 'Emergency visits' },
    noun: { fr: 'Passages', en: 'Visits' },
    one: { fr: 'passage', en: 'visit' },
    many: { fr: 'passages', en: 'visits' },
  },
  'bed-availability': {
    name: { fr: 'Lits disponibles', en: 'Available beds' },
    noun: { fr: 'Relevés', en: 'Readings' },
    one: { fr: 'relevé', en: 'reading' },
    many: { fr: 'relevés', en: 'readings' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<'name' | 'noun' | 'one' | 'many', Bilingual>>>>;
