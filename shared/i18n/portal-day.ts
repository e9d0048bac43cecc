import type { Bilingual } from './texts.ts';

/** The page of one day of a facility. */
export const portalDay = {
  title: { fr: '{name}, {day}', en: '{name}, {day}' },
  // The sentence.
  received: { fr: '{day} : {visits}, à l’heure.', en: '{day}: {visits}, on time.' },
  late: { fr: '{day} : {visits}, en retard.', en: '{day}: {visits}, late.' },
  partial: {
    fr: '{day} : {visits}, et le jour n’est pas complet.',
    en: '{day}: {visits}, and the day is not whole.',
  },
  low: { fr: '{day} : {visits}, anormalement peu.', en: '{day}: {visits}, abnormally few.' },
  silent: { fr: '{day} : rien n’est arrivé.', en: '{day}: nothing has come.' },
  held: { fr: '{day} : {visits}, une décision est attendue.', en: '{day}: {visits}, a decision is awaited.' },
  degraded: {
    fr: '{day} : {visits}, en mode dégradé déclaré.',
    en: '{day}: {visits}, in declared degraded mode.',
  },
  closed: { fr: '{day} : fermeture déclarée.', en: '{day}: declared closure.' },
  notConnected: {
    fr: '{day} : l’établissement n’était pas encore raccordé.',
    en: '{day}: the facility was not connected yet.',
  },
  notDue: { fr: '{day} : rien n’est encore attendu.', en: '{day}: nothing is due yet.' },
  notDueSome: {
    fr: '{day} : {visits} déjà reçus, le jour n’est pas encore attendu.',
    en: '{day}: {visits} already received, the day is not due yet.',
  },
  future: { fr: '{day} : ce jour n’est pas passé.', en: '{day}: this day has not passed.' },
  clockBack: {
    fr: 'Jour de 25 heures : l’heure de 02 h y vient deux fois.',
    en: 'A day of 25 hours: 02:00 comes twice.',
  },
  clockOn: {
    fr: 'Jour de 23 heures : l’heure de 02 h n’y existe pas.',
    en: 'A day of 23 hours: 02:00 does not exist.',
  },
  holiday: { fr: 'Jour férié.', en: 'Public holiday.' },
  missing: {
    fr: 'Environ {visits} manquent à l’envoi national.',
    en: 'About {visits} are missing from the national sending.',
  },
  // Around.
  previous: { fr: 'Jour précédent', en: 'Previous day' },
  next: { fr: 'Jour suivant', en: 'Next day' },
  feeds: { fr: 'Flux', en: 'Feeds' },
  // What is known.
  known: { fr: 'Ce qui est su', en: 'What is known' },
  held1: { fr: 'Conservés', en: 'Held' },
  byHand: { fr: 'Comptés à la main', en: 'Counted by hand' },
  byHandText: {
    fr: '{count}, par {by}, {at} ; jamais ajoutés aux passages',
    en: '{count}, by {by}, {at}; never added to visits',
  },
  expected: { fr: 'Attendus', en: 'Expected' },
  notJudged: { fr: 'pas encore jugé', en: 'not judged yet' },
  floor: {
    fr: '{median} ({p10} à {p90}), bas sous {floor}',
    en: '{median} ({p10} to {p90}), low under {floor}',
  },
  dueAt: { fr: 'Attendu avant', en: 'Due before' },
  wholeAt: { fr: 'Complet', en: 'Whole' },
  notWhole: { fr: 'pas encore', en: 'not yet' },
  beforeKnown: { fr: 'avant que l’heure soit notée', en: 'before times were kept' },
  emptyHours: { fr: 'Heures vides', en: 'Empty hours' },
  missingParts: { fr: 'Parties absentes', en: 'Absent parts' },
  state: { fr: 'État', en: 'State' },
  cause: { fr: 'Cause', en: 'Cause' },
  // Hours.
  hours: { fr: '{noun} par heure', en: '{noun} per hour' },
  usualText: {
    fr: 'trait : moyenne de cette heure sur {n} jours',
    en: 'line: mean of this hour over {n} days',
  },
  noUsual: {
    fr: 'moins de quatre semaines de jours connus : rien à comparer',
    en: 'under four weeks of known days: nothing to compare with',
  },
  // Changes of state.
  history: { fr: 'Changements d’état', en: 'Changes of state' },
  noHistory: { fr: 'Aucun changement noté pour ce jour.', en: 'No change noted for this day.' },
  became: { fr: 'passe à « {state} »', en: 'becomes {state}' },
  stayed: { fr: 'toujours « {state} »', en: 'still {state}' },
  becameFrom: { fr: '{from} → {state}', en: '{from} → {state}' },
  // Parts.
  parts: { fr: 'Parties', en: 'Parts' },
  part: { fr: 'Partie', en: 'Part' },
  firstAt: { fr: 'Premier fichier', en: 'First file' },
  settledAt: { fr: 'Complète', en: 'Whole' },
  pending: { fr: 'Retraits à décider', en: 'Removals to decide' },
  decide: { fr: 'Voir la décision', en: 'See the decision' },
  heldNote: {
    fr: 'Un fichier efface {visits} de ce jour. Rien n’est retiré avant la décision.',
    en: 'A file removes {visits} of this day. Nothing is removed before the decision.',
  },
  heldExport: {
    fr: 'Un fichier qui couvre ce jour attend une décision : rien n’en a été appliqué.',
    en: 'A file that covers this day awaits a decision: nothing of it was applied.',
  },
  // Files.
  exports: { fr: 'Fichiers qui ont touché ce jour', en: 'Files that touched this day' },
  noExports: { fr: 'Aucun fichier n’a touché ce jour.', en: 'No file touched this day.' },
  here: { fr: 'De ce jour', en: 'Of this day' },
  hereText: { fr: 'conservés de ce fichier', en: 'held from this file' },
  // Dispatches.
  dispatches: { fr: 'Ce que les destinations ont de ce jour', en: 'What destinations have of this day' },
  noDispatches: { fr: 'Aucun envoi ne porte ce jour.', en: 'No dispatch carries this day.' },
  destination: { fr: 'Destination', en: 'Destination' },
  file: { fr: 'Fichier', en: 'File' },
  carried: { fr: 'Dans le fichier', en: 'In the file' },
  composed: { fr: 'Composé', en: 'Composed' },
  sentAt: { fr: 'Envoyé', en: 'Sent' },
  answeredAt: { fr: 'Réponse', en: 'Answer' },
  reference: { fr: 'Référence', en: 'Reference' },
} as const satisfies Readonly<Record<string, Bilingual>>;
