import type { Bilingual } from './texts.ts';

/** What messages say of an alert: what happened, what works, what to check first. Hospital and region read the same words. */
interface CauseWords {
  /** In a table, and when it changes. */
  readonly short: Bilingual;
  readonly fact: Bilingual;
  readonly works: Bilingual;
  readonly check: Bilingual;
}

const nothingSince: Bilingual = {
  fr: 'Aucun fichier reçu depuis {last} (attendu {due}).',
  en: 'No file received since {last} (expected {due}).',
};
const agentAnswers: Bilingual = {
  fr: 'L’agent répond : le réseau et le poste fonctionnent.',
  en: 'The agent answers: network and machine work.',
};
const receptionGoesOn: Bilingual = {
  fr: 'La réception continue, rien n’est perdu.',
  en: 'Reception goes on, nothing is lost.',
};

export const alertCauses = {
  'agent-dead': {
    short: { fr: 'Agent injoignable', en: 'Agent does not answer' },
    fact: nothingSince,
    works: {
      fr: 'L’agent ne donne plus signe de vie : poste, service ou réseau arrêté.',
      en: 'The agent gives no sign of life: machine, service or network stopped.',
    },
    check: {
      fr: 'le poste est allumé et le service Vaguemestre y tourne.',
      en: 'the machine is on and the Vaguemestre service runs on it.',
    },
  },
  'network-cut': {
    short: { fr: 'Réseau coupé, fichiers en attente', en: 'Network cut, files waiting' },
    fact: nothingSince,
    works: {
      fr: 'Des fichiers attendent chez l’agent : ils y sont à l’abri.',
      en: 'Files wait at the agent, where they are safe.',
    },
    check: {
      fr: 'le réseau et le proxy de l’hôpital vers la région.',
      en: 'the hospital’s network and proxy towards the region.',
    },
  },
  'agent-paused': {
    short: { fr: 'Agent en pause', en: 'Agent paused' },
    fact: nothingSince,
    works: {
      fr: 'L’agent répond, mais ne prend plus de fichier.',
      en: 'The agent answers and takes no file any more.',
    },
    check: {
      fr: 'l’espace disque et l’heure du poste de l’agent.',
      en: 'disk space and clock of the agent’s machine.',
    },
  },
  'source-silent': {
    short: { fr: 'Fichier absent, agent vivant', en: 'No file, agent alive' },
    fact: nothingSince,
    works: agentAnswers,
    check: {
      fr: 'la tâche d’export du logiciel des urgences et le dossier de dépôt.',
      en: 'the export task of the emergency software and the drop folder.',
    },
  },
  'exports-rejected': {
    short: { fr: 'Fichiers rejetés', en: 'Files rejected' },
    fact: {
      fr: 'Des fichiers sont déposés et rejetés ; rien d’exploitable depuis {last}.',
      en: 'Files are dropped and rejected; nothing usable since {last}.',
    },
    works: agentAnswers,
    check: {
      fr: 'la règle et la ligne que l’agent indique pour le dernier fichier.',
      en: 'the rule and line that the agent gives for the latest file.',
    },
  },
  'export-short': {
    short: { fr: 'Fichier arrivé, des passages manquent', en: 'File came, visits are missing' },
    fact: {
      fr: 'Le fichier est arrivé ; il compte moins de passages que d’habitude ou des heures vides.',
      en: 'The file came; it has fewer visits than usual, or empty hours.',
    },
    works: agentAnswers,
    check: {
      fr: 'une nouvelle extraction de ces jours par le logiciel des urgences.',
      en: 'a new export of these days by the emergency software.',
    },
  },
  'held-by-guard': {
    short: { fr: 'Période qui rétrécit, retraits suspendus', en: 'Window shrinks, removals suspended' },
    fact: {
      fr: 'Le fichier reçu retirerait trop de passages : ses retraits sont suspendus.',
      en: 'The file received would remove too many visits: its removals are suspended.',
    },
    works: {
      fr: 'Ses ajouts et corrections sont appliqués ; rien n’a été retiré.',
      en: 'Its additions and corrections are applied; nothing was removed.',
    },
    check: {
      fr: 'le fichier couvre toute sa période ; puis garder ou retirer ces passages.',
      en: 'the file covers its whole window; then keep or remove these visits.',
    },
  },
  'forward-blocked': {
    short: { fr: 'Envoi en attente', en: 'Sending waits' },
    fact: {
      fr: 'Reçu ; l’envoi attend une destination.',
      en: 'Received; the sending waits for a destination.',
    },
    works: receptionGoesOn,
    check: { fr: 'la destination.', en: 'the destination.' },
  },
  'destination-down': {
    short: { fr: 'Destination injoignable', en: 'Destination down' },
    fact: {
      fr: '{site} refuse ou ne répond plus depuis {since}.',
      en: '{site} refuses or does not answer since {since}.',
    },
    works: receptionGoesOn,
    check: {
      fr: 'l’état de cette destination et le message de son dernier refus.',
      en: 'how this destination stands, and what its last refusal says.',
    },
  },
  'destination-paused': {
    short: { fr: 'Destination suspendue depuis plus d’un jour', en: 'Destination paused for over a day' },
    fact: {
      fr: '{site} est suspendue depuis {since}.',
      en: '{site} has been paused since {since}.',
    },
    works: receptionGoesOn,
    check: {
      fr: 'la suspension est-elle encore voulue ?',
      en: 'is the pause still wanted?',
    },
  },
  'export-incomplete': {
    short: { fr: 'Fichier incomplet depuis 24 h', en: 'File incomplete for 24 h' },
    fact: {
      fr: 'Un fichier commencé {since} n’est pas arrivé en entier.',
      en: 'A file begun {since} has not come whole.',
    },
    works: {
      fr: 'Ce qui est arrivé est gardé ; rien n’en est appliqué avant la fin.',
      en: 'What came is kept; nothing of it is applied before its end.',
    },
    check: {
      fr: 'la file d’attente de l’agent et la taille de ses plis.',
      en: 'the agent’s queue and the size of its envelopes.',
    },
  },
  'facility-unknown': {
    short: { fr: 'FINESS non enregistré', en: 'FINESS not registered' },
    fact: {
      fr: 'Des fichiers du FINESS {site} attendent depuis {since} : il n’est pas enregistré.',
      en: 'Files of FINESS {site} wait since {since}: it is not registered.',
    },
    works: {
      fr: 'Ils sont gardés et seront repris dès son enregistrement.',
      en: 'They are kept, and taken up once it is registered.',
    },
    check: {
      fr: 'le numéro, puis l’enregistrer ou déclarer l’ancien nom.',
      en: 'the number; then register it, or declare its former one.',
    },
  },
  'ledger-gap': {
    short: { fr: 'Pli manquant dans la chaîne', en: 'Envelope missing in the chain' },
    fact: {
      fr: 'Un pli attendu de l’agent de {site} manque depuis {since}.',
      en: 'An envelope expected from the agent of {site} is missing since {since}.',
    },
    works: {
      fr: 'Les plis suivants sont conservés.',
      en: 'The envelopes after it are stored.',
    },
    check: {
      fr: 'l’agent : il doit renvoyer ce pli, ou en dire la perte.',
      en: 'the agent: it must send this envelope again, or tell of its loss.',
    },
  },
  'watch-stale': {
    short: { fr: 'Surveillance arrêtée', en: 'Watching stopped' },
    fact: {
      fr: 'La surveillance n’a plus rien évalué depuis {since}.',
      en: 'The watching has not evaluated anything since {since}.',
    },
    works: receptionGoesOn,
    check: {
      fr: 'le journal du récepteur et l’espace disque.',
      en: 'the receiver’s log and its disk space.',
    },
  },
} as const satisfies Readonly<Record<string, CauseWords>>;

export const alertStateWords = {
  silent: { fr: 'Silence', en: 'Silence' },
  partial: { fr: 'Partiel', en: 'Partial' },
  low: { fr: 'Bas', en: 'Low' },
  held: { fr: 'Retenu', en: 'Held' },
  blocked: { fr: 'Bloqué', en: 'Blocked' },
  fault: { fr: 'Anomalie', en: 'Fault' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const alertMail = {
  subject: { fr: '[Vaguemestre] {state} : {site}{days}', en: '[Vaguemestre] {state}: {site}{days}' },
  again: { fr: 'Relance, {state}', en: 'Reminder, {state}' },
  nobodyTook: { fr: 'Personne n’a pris : {state}', en: 'Nobody took: {state}' },
  oneDay: { fr: ', passages du {day}', en: ', visits of {day}' },
  moreDays: { fr: ', passages du {from} au {to}', en: ', visits of {from} to {to}' },
  region: { fr: '{n} établissements ensemble', en: '{n} facilities together' },
  regionFact: {
    fr: '{n} établissements se taisent ensemble depuis {since}.',
    en: '{n} facilities fell silent together, {since}.',
  },
  regionWorks: {
    fr: 'Une seule cause est probable : réseau, électricité, ou l’accès du récepteur.',
    en: 'One cause is likely: network, power, or the way to the receiver.',
  },
  regionCheck: {
    fr: 'l’accès Internet du récepteur, puis l’opérateur commun de ces établissements.',
    en: 'the receiver’s Internet access, then the operator that these facilities share.',
  },
  receiver: { fr: 'récepteur régional', en: 'regional receiver' },
  check: { fr: 'À vérifier d’abord : {check}', en: 'Check first: {check}' },
  missing: {
    fr: 'Environ {n} passages manquent à l’envoi national ; ils partiront seuls dès leur réception.',
    en: 'About {n} visits are missing from the national sending; they leave by themselves once received.',
  },
  waiting: {
    fr: '{files} fichiers attendent ({n} passages) ; ils partiront seuls dès la reprise.',
    en: '{files} files wait ({n} visits); they leave by themselves once it resumes.',
  },
  open: { fr: 'Ouvrir : {link}', en: 'Open: {link}' },
  take: { fr: 'Je m’en occupe : {link}', en: 'I take care of it: {link}' },
  number: { fr: 'Alerte n° {id} ({region})', en: 'Alert no. {id} ({region})' },
  recoveredSubject: {
    fr: '[Vaguemestre] Rétabli : {site}{days}',
    en: '[Vaguemestre] Recovered: {site}{days}',
  },
  recoveredFact: {
    fr: 'Rétabli à {at} : {cause}, depuis {since}, c’est fini.',
    en: 'Recovered at {at}: {cause}, since {since}, is over.',
  },
  recoveredNext: { fr: 'Il n’y a rien à faire.', en: 'There is nothing to do.' },
  closedSubject: {
    fr: '[Vaguemestre] Alerte close : {site}{days}',
    en: '[Vaguemestre] Alert closed: {site}{days}',
  },
  closedFact: {
    fr: '{name} a clos l’alerte à {at} : {reason}',
    en: '{name} closed the alert at {at}: {reason}',
  },
  testSubject: { fr: '[Vaguemestre] Essai', en: '[Vaguemestre] Test' },
  testText: {
    fr: 'Ceci est un essai demandé par {name} ({region}). Il n’y a rien à faire.',
    en: 'This is a test asked for by {name} ({region}). There is nothing to do.',
  },
  at: { fr: 'le {day} à {time}', en: 'on {day} at {time}' },
  never: { fr: '28 jours au moins', en: 'at least 28 days ago' },
  everyDay: { fr: 'chaque jour avant {before}', en: 'each day before {before}' },
  everyMinutes: { fr: 'toutes les {minutes} min', en: 'every {minutes} min' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** Without accents that a telephone’s alphabet lacks; `{site}` is cut until the rest fits. */
export const alertSms = {
  silent: {
    fr: 'Vaguemestre: SILENCE {site}. Rien depuis {last}. Agent {agent}. {n} passages manquent.',
    en: 'Vaguemestre: SILENCE {site}. Nothing since {last}. Agent {agent}. {n} visits missing.',
  },
  region: {
    fr: 'Vaguemestre: SILENCE de {n} établissements depuis {since}. Une seule cause probable.',
    en: 'Vaguemestre: SILENCE of {n} facilities since {since}. One cause is likely.',
  },
  partial: {
    fr: 'Vaguemestre: PARTIEL {site}, {days}. {n} passages manquent.',
    en: 'Vaguemestre: PARTIAL {site}, {days}. {n} visits missing.',
  },
  low: {
    fr: 'Vaguemestre: BAS {site}, {days}. {n} passages manquent.',
    en: 'Vaguemestre: LOW {site}, {days}. {n} visits missing.',
  },
  held: {
    fr: 'Vaguemestre: RETENU {site}: le fichier efface des passages. A décider.',
    en: 'Vaguemestre: HELD {site}: the file removes visits. To be decided.',
  },
  blocked: {
    fr: 'Vaguemestre: {site} refuse depuis {since}. {files} fichiers attendent.',
    en: 'Vaguemestre: {site} refuses since {since}. {files} files wait.',
  },
  fault: { fr: 'Vaguemestre: {cause}, {site}.', en: 'Vaguemestre: {cause}, {site}.' },
  recovered: { fr: 'Vaguemestre: RETABLI {site} à {at}.', en: 'Vaguemestre: RECOVERED {site} at {at}.' },
  closed: { fr: 'Vaguemestre: CLOS {site} par {name}.', en: 'Vaguemestre: CLOSED {site} by {name}.' },
  test: { fr: 'Vaguemestre: essai. Rien à faire.', en: 'Vaguemestre: test. Nothing to do.' },
  alive: { fr: 'OK', en: 'OK' },
  unheard: { fr: 'injoignable', en: 'unreachable' },
} as const satisfies Readonly<Record<string, Bilingual>>;
