import type { Bilingual } from './texts.ts';

/** Aujourd'hui: the region's morning. */
export const portalMorning = {
  title: { fr: 'Aujourd’hui', en: 'Today' },
  kicker: { fr: '{today} · passages du {day}', en: '{today} · visits of {day}' },
  upToDate: { fr: 'À jour à {at}', en: 'Up to date at {at}' },

  // The sentence: its loud part, then the rest.
  facility: { fr: '{number} établissement', en: '{number} facility' },
  facilities: { fr: '{number} établissements', en: '{number} facilities' },
  isToTreat: {
    fr: ' sur {total} est à traiter, {others}.',
    en: ' of {total} is to be dealt with, {others}.',
  },
  areToTreat: {
    fr: ' sur {total} sont à traiter, {others}.',
    en: ' of {total} are to be dealt with, {others}.',
  },
  allToTreat: { fr: ' : tous sont à traiter.', en: ': all are to be dealt with.' },
  otherDone: { fr: 'l’autre a tout transmis', en: 'the other one has sent everything' },
  othersDone: { fr: 'les {count} autres ont tout transmis', en: 'the other {count} have sent everything' },
  othersPending: {
    fr: 'complets : {done}, encore attendus : {pending}',
    en: 'whole: {done}, still to come: {pending}',
  },
  allHere: {
    fr: 'Tout est arrivé. {facilities}, {visits}.',
    en: 'Everything is here. {facilities}, {visits}.',
  },
  nothingMissing: {
    fr: 'Rien ne manque à cette heure. Reçus : {done}, encore attendus : {pending}.',
    en: 'Nothing is missing at this hour. Received: {done}, still to come: {pending}.',
  },
  onlyBlocked: {
    fr: 'Tout est arrivé, mais {visits} n’atteignent pas {destinations}.',
    en: 'Everything is here, but {visits} do not reach {destinations}.',
  },
  totals: {
    fr: '{received} reçus pour environ {expected} attendus.',
    en: '{received} received where about {expected} were expected.',
  },
  totalsOnly: { fr: '{received} reçus.', en: '{received} received.' },
  acknowledgedAll: {
    fr: '{owner} a accusé {facilities}, tous ceux livrés.',
    en: '{owner} has acknowledged {facilities}, all that were delivered.',
  },
  acknowledgedSome: {
    fr: '{owner} a accusé {count} des {delivered} établissements livrés.',
    en: '{owner} has acknowledged {count} of the {delivered} facilities delivered.',
  },

  // Bands.
  neverWatched: {
    fr: 'La surveillance n’a encore rien regardé : les causes ne sont pas établies.',
    en: 'The watching has not looked at anything yet: causes are not known.',
  },
  watchedLongAgo: {
    fr: 'La surveillance n’a plus regardé depuis {at} : les états ci-dessous datent. Le récepteur est à vérifier.',
    en: 'The watching has not looked since {at}: the states below are old. The receiver is to be checked.',
  },

  // The region's thread.
  threadLabel: {
    fr: 'Chaîne du jour, de la région vers les agences',
    en: 'The day’s thread, from the region to the agencies',
  },
  expected: { fr: 'Attendus', en: 'Expected' },
  before: { fr: 'avant {at}', en: 'before {at}' },
  received: { fr: 'Reçus', en: 'Received' },
  onTime: { fr: '{count} à l’heure', en: '{count} on time' },
  oneLate: { fr: '{count} à l’heure, 1 à {at}', en: '{count} on time, 1 at {at}' },
  someLate: { fr: '{count} à l’heure, {late} tardifs', en: '{count} on time, {late} late' },
  silences: { fr: '{count} en silence', en: '{count} silent' },
  pending: { fr: 'encore attendus : {count}', en: 'still to come: {count}' },
  closed: { fr: 'fermés : {count}', en: 'closed: {count}' },
  checked: { fr: 'Contrôlés', en: 'Checked' },
  heldOne: { fr: '1 retenu', en: '1 held' },
  heldSome: { fr: '{count} retenus', en: '{count} held' },
  findings: { fr: 'anomalies signalées : {count}', en: 'findings flagged: {count}' },
  noFinding: { fr: 'aucune anomalie', en: 'no finding' },
  sent: { fr: 'Envoyés', en: 'Sent' },
  toWhom: { fr: 'à {owner}', en: 'to {owner}' },
  lastAt: { fr: 'dernier à {at}', en: 'last at {at}' },
  waitingFiles: { fr: '{count} en attente', en: '{count} waiting' },
  acknowledged: { fr: 'Accusés', en: 'Acknowledged' },
  refusedOnes: { fr: 'refusés : {count}', en: 'refused: {count}' },
  awaitedOnes: { fr: '{count} sans réponse', en: '{count} unanswered' },
  withoutAnswer: { fr: 'sans accusé prévu', en: 'no acknowledgement foreseen' },
  noDestination: { fr: 'aucune destination', en: 'no destination' },
  nextSending: { fr: 'Envoi {name}', en: 'Sending {name}' },

  // To deal with.
  toTreat: { fr: 'À traiter ce matin', en: 'To deal with this morning' },
  order: { fr: 'classé par effet sur l’envoi national', en: 'by effect on the national sending' },
  nothingToTreat: { fr: 'Tout est arrivé', en: 'Everything is here' },
  nothingToTreatText: {
    fr: 'Personne à appeler. Dernière vérification à {at}.',
    en: 'Nobody to call. Last checked at {at}.',
  },
  stillComing: { fr: 'Rien ne manque à cette heure', en: 'Nothing is missing at this hour' },
  decide: { fr: 'Décider', en: 'Decide' },
  askAgain: { fr: 'Redemander l’export', en: 'Ask for the export again' },
  chain: { fr: 'Chaîne du jour', en: 'The day’s thread' },
  seeBatch: { fr: 'Voir le lot', en: 'See the batch' },
  seeDestination: { fr: 'Voir la destination', en: 'See the destination' },
  down: { fr: 'En reprise', en: 'Retrying' },
  paused: { fr: 'Suspendue', en: 'Paused' },
  downText: {
    fr: 'Injoignable depuis {since} : {visits} de {facilities} attendent. Ils partiront seuls dès son retour.',
    en: 'Out of reach since {since}: {visits} of {facilities} wait. They leave by themselves once it is back.',
  },
  pausedText: {
    fr: 'Suspendue par {person} depuis {since} : {visits} de {facilities} attendent sa reprise.',
    en: 'Paused by {person} since {since}: {visits} of {facilities} wait until it is resumed.',
  },
  toWatch: { fr: 'À raccorder ou à vérifier', en: 'To connect or to check' },
  never: { fr: 'Jamais reçu', en: 'Never received' },
  neverText: {
    fr: 'Déclaré, et rien n’est jamais arrivé : environ {count} passages par jour.',
    en: 'Declared, and nothing ever came: about {count} visits a day.',
  },
  thin: { fr: 'Incomplet', en: 'Thin' },
  thinText: {
    fr: '{percent} % seulement des passages déclarés en 28 jours : une unité manque peut-être.',
    en: 'Only {percent}% of the declared visits in 28 days: a unit may be missing.',
  },

  // Destinations.
  destinations: { fr: 'Destinations', en: 'Destinations' },
  seeAll: { fr: 'Tout voir', en: 'See all' },
  noDestinationText: {
    fr: 'Aucune destination n’est réglée : rien ne part de la région.',
    en: 'No destination is set: nothing leaves the region.',
  },
  fine: { fr: 'À jour', en: 'Up to date' },
  scheduled: { fr: 'Programmé', en: 'Scheduled' },
  onItsWay: { fr: 'Envois en attente', en: 'Dispatches waiting' },
  refusals: { fr: 'Refus', en: 'Refusals' },
  nothingSent: { fr: 'Rien n’est encore parti', en: 'Nothing has left yet' },
  lastAcknowledged: { fr: 'Accusé {at} · {facilities}', en: 'Acknowledged {at} · {facilities}' },
  lastSent: { fr: 'Dernier envoi {at}', en: 'Last sent {at}' },
  nextAt: { fr: 'Prochain envoi {at}', en: 'Next sending {at}' },
  atOnce: { fr: 'Envoi à chaque fichier reçu', en: 'Sent with each file received' },
  retryAt: { fr: 'Prochain essai {at}', en: 'Next try {at}' },
  failingSince: {
    fr: 'Injoignable depuis {since}, essais : {count}',
    en: 'Out of reach since {since}, tries: {count}',
  },
  pausedSince: { fr: 'Suspendue par {person} depuis {since}', en: 'Paused by {person} since {since}' },
  filesWaiting: { fr: 'Fichiers en attente : {count}', en: 'Files waiting: {count}' },
  filesAside: { fr: 'Refusés ou mis de côté : {count}', en: 'Refused or set aside: {count}' },

  // Nobody there yet.
  nobodyTitle: { fr: 'Aucun établissement n’est encore raccordé', en: 'No facility is connected yet' },
  nobodyText: {
    fr: 'Créez un code d’installation : l’agent se déclare seul et le premier fichier apparaît ici.',
    en: 'Create an installation code: the agent declares itself and the first file appears here.',
  },
  nobodyNextTitle: { fr: 'Raccorder un premier établissement', en: 'Connect a first facility' },
  createCode: { fr: 'Aller à l’administration', en: 'Go to administration' },
  nobodyNext: { fr: 'Voir les établissements', en: 'See the facilities' },
} as const satisfies Readonly<Record<string, Bilingual>>;
