import type { Bilingual } from './texts.ts';

/** What `watch`, `import-history` and `facility declare` print. */
export const watchingTerminal = {
  allHere: {
    fr: 'Tout est arrivé. {facilities} établissement(s), {visits} passages le {day}.',
    en: 'Everything is here. {facilities} facility(ies), {visits} visits on {day}.',
  },
  stillDue: {
    fr: 'Rien ne manque à cette heure. {facilities} établissement(s) reçus, {visits} passages le {day} ; {due} encore attendu(s).',
    en: 'Nothing is missing at this hour. {facilities} facility(ies) received, {visits} visits on {day}; {due} still to come.',
  },
  toCall: {
    fr: '{count} établissement(s) à appeler ; environ {missing} passages manquent à l’envoi national. D’abord : {first}.',
    en: '{count} facility(ies) to call; about {missing} visits are missing from the national sending. First: {first}.',
  },
  onlyBlocked: {
    fr: 'Les établissements ont transmis ; {records} enregistrements n’atteignent pas {destinations}.',
    en: 'Facilities have transmitted; {records} records do not reach {destinations}.',
  },
  nobody: {
    fr: 'Aucun établissement raccordé : facility add, puis agent invite',
    en: 'No facility is connected: facility add, then agent invite',
  },
  neverLooked: {
    fr: '! La surveillance n’a encore rien évalué : serve doit tourner pour que les causes soient retenues',
    en: '! The watching has not evaluated anything yet: serve must run for causes to be kept',
  },
  lookedLongAgo: {
    fr: '! Dernière évaluation le {at} : serve ne tourne pas, ou ne regarde plus',
    en: '! Last evaluation {at}: serve does not run, or looks no more',
  },
  actions: { fr: 'À faire :', en: 'To do:' },
  call: {
    fr: '  {glyph} {state} — {name} ({facility}, {feed}), {days} : {cause}. Environ {missing} passages manquent.',
    en: '  {glyph} {state} — {name} ({facility}, {feed}), {days}: {cause}. About {missing} visits are missing.',
  },
  callDetail: { fr: '      {detail}', en: '      {detail}' },
  action: { fr: '      → {action}', en: '      → {action}' },
  blocked: {
    fr: '  ! {name} {why} depuis le {since} : {files} fichier(s) de {facilities} établissement(s) attendent → destination list',
    en: '  ! {name} {why} since {since}: {files} file(s) of {facilities} facility(ies) wait → destination list',
  },
  pausedBy: { fr: 'suspendue par {person}', en: 'paused by {person}' },
  down: { fr: 'injoignable', en: 'down' },
  neverSent: {
    fr: '  {glyph} Jamais reçu : {name} ({facility}), environ {missing} passages par jour déclarés → agent invite, ou voir son installation',
    en: '  {glyph} Never received: {name} ({facility}), about {missing} visits a day declared → agent invite, or look at its installation',
  },
  coverage: {
    fr: '  ! {name} ({facility}) : {percent} % seulement des passages déclarés en 28 jours ; une unité manque peut-être',
    en: '  ! {name} ({facility}): only {percent}% of the declared visits in 28 days; a unit may be missing',
  },
  hours: {
    fr: 'aucun passage de {from} h à {to} h (d’habitude {usual})',
    en: 'no visit from {from}:00 to {to}:00 (usually {usual})',
  },
  parts: { fr: 'partie(s) absente(s) : {parts}', en: 'part(s) absent: {parts}' },
  counted: {
    fr: '{day} : {count} passages, d’habitude {median} ({p10} à {p90})',
    en: '{day}: {count} visits, usually {median} ({p10} to {p90})',
  },
  legend: { fr: 'Légende : {words}', en: 'Legend: {words}' },
  holidayMark: { fr: '* jour férié', en: '* public holiday' },
  pendingWord: { fr: 'pas encore attendu', en: 'not due yet' },
  facilityHead: { fr: '{name} ({facility})', en: '{name} ({facility})' },
  feedHead: {
    fr: '{feed} : attendu chaque jour avant {before} le lendemain, tolérance {grace} min',
    en: '{feed}: expected each day before {before} on the next one, grace {grace} min',
  },
  feedEvery: {
    fr: '{feed} : attendu toutes les {minutes} min, tolérance {grace} min',
    en: '{feed}: expected every {minutes} min, grace {grace} min',
  },
  agentSeen: {
    fr: '  agent {agent} : dernier contact le {at}, {pending} pli(s) en attente{paused}',
    en: '  agent {agent}: last seen {at}, {pending} envelope(s) waiting{paused}',
  },
  agentNever: { fr: '  agent {agent} : aucun contact', en: '  agent {agent}: never seen' },
  agentNone: { fr: '  aucun agent', en: '  no agent' },
  agentPaused: { fr: ', en pause ({code})', en: ', paused ({code})' },
  declaredLine: {
    fr: '  déclaré : {annual} passages par an ; reçu en 28 jours : {percent} %',
    en: '  declared: {annual} visits a year; received in 28 days: {percent}%',
  },
  noHistory: {
    fr: '  moins de huit semaines d’historique : les volumes ne sont pas jugés (import-history)',
    en: '  under eight weeks of history: volumes are not judged (import-history)',
  },
  dayLine: {
    fr: '  {day} {glyph} {state} : {count}{expected}{whole}{cause}',
    en: '  {day} {glyph} {state}: {count}{expected}{whole}{cause}',
  },
  expectedRange: { fr: ', d’habitude {median} ({p10} à {p90})', en: ', usually {median} ({p10} to {p90})' },
  wholeAt: { fr: ', complet le {at}', en: ', whole {at}' },
  changeLine: { fr: '      {at} : {from} → {to}', en: '      {at}: {from} → {to}' },
  declared: {
    fr: '{finess} : {annual} passages par an déclarés ({feed})',
    en: '{finess}: {annual} visits a year declared ({feed})',
  },
  imported: {
    fr: '{facilities} établissement(s) : {days} jour(s) importés, {visits} passages. Rien n’est envoyé ni conservé d’autre.',
    en: '{facilities} facility(ies): {days} day(s) imported, {visits} visits. Nothing else is sent or kept.',
  },
  importedOlder: {
    fr: '{count} jour(s) déjà connus par un fichier plus récent : laissés tels quels',
    en: '{count} day(s) known already from a newer file: left as they are',
  },
  importedUnknown: {
    fr: '! {count} établissement(s) non enregistrés, passés : {list}',
    en: '! {count} facility(ies) not registered, passed over: {list}',
  },
  importedPassed: {
    fr: '{count} jour(s) sans passage ou inachevés, passés',
    en: '{count} day(s) without visits or unfinished, passed over',
  },
} as const satisfies Record<string, Bilingual>;
export type WatchingTerminalText = keyof typeof watchingTerminal;

/** Glyph and word of each state: neither needs a colour. */
export const stateMarks = {
  received: { glyph: '✓', fr: 'reçu', en: 'received' },
  late: { glyph: '◷', fr: 'tardif', en: 'late' },
  partial: { glyph: '◐', fr: 'partiel', en: 'partial' },
  low: { glyph: '↓', fr: 'anormalement bas', en: 'abnormally low' },
  silent: { glyph: '✕', fr: 'silence', en: 'silent' },
  held: { glyph: '‖', fr: 'retenu', en: 'held' },
  degraded: { glyph: '~', fr: 'mode dégradé déclaré', en: 'declared degraded' },
  closed: { glyph: '–', fr: 'fermeture déclarée', en: 'declared closure' },
  'not-connected': { glyph: '·', fr: 'pas encore raccordé', en: 'not connected yet' },
} as const satisfies Readonly<Record<string, Bilingual & { readonly glyph: string }>>;

/** Why, and what to do first. */
export const causeTexts = {
  'agent-dead': {
    why: { fr: 'l’agent ne donne plus signe de vie', en: 'the agent gives no sign of life' },
    action: {
      fr: 'appeler l’informatique de l’hôpital : poste ou service arrêté, ou sans réseau (agent status, agent doctor)',
      en: 'call the hospital’s IT: machine or service stopped, or without network (agent status, agent doctor)',
    },
  },
  'network-cut': {
    why: {
      fr: 'des plis attendent chez l’agent : le réseau est sans doute coupé',
      en: 'envelopes wait at the agent: the network is probably cut',
    },
    action: {
      fr: 'appeler l’informatique de l’hôpital : réseau ou proxy (agent doctor) ; tout partira seul à son retour',
      en: 'call the hospital’s IT: network or proxy (agent doctor); all leaves by itself once it is back',
    },
  },
  'agent-paused': {
    why: { fr: 'l’agent vit, mais ne prend plus de fichier', en: 'the agent is alive and takes no export' },
    action: {
      fr: 'appeler l’informatique de l’hôpital : disque plein ou horloge (agent status)',
      en: 'call the hospital’s IT: full disk or clock (agent status)',
    },
  },
  'source-silent': {
    why: {
      fr: 'l’agent vit, mais aucun fichier n’est déposé',
      en: 'the agent is alive, and nothing was exported',
    },
    action: {
      fr: 'appeler le responsable du logiciel des urgences : l’export ne tourne plus, ou dépose ailleurs',
      en: 'call who looks after the emergency software: the export does not run, or writes elsewhere',
    },
  },
  'exports-rejected': {
    why: { fr: 'des fichiers sont déposés et rejetés', en: 'files are exported and rejected' },
    action: {
      fr: 'appeler le responsable du logiciel des urgences : status dit la règle et la ligne',
      en: 'call who looks after the emergency software: status tells the rule and the line',
    },
  },
  'export-short': {
    why: {
      fr: 'le fichier est arrivé, des passages y manquent',
      en: 'the file came, and visits are missing in it',
    },
    action: {
      fr: 'demander au responsable du logiciel des urgences une nouvelle extraction de ces jours',
      en: 'ask who looks after the emergency software to export these days again',
    },
  },
  'held-by-guard': {
    why: {
      fr: 'un fichier retirerait trop de passages : ses suppressions sont suspendues',
      en: 'an export would remove too many visits: its removals are suspended',
    },
    action: { fr: 'décider : status, puis decide', en: 'decide: status, then decide' },
  },
  'forward-blocked': {
    why: {
      fr: 'reçu ; l’envoi attend une destination suspendue ou injoignable',
      en: 'received; the dispatch waits for a destination that is paused or down',
    },
    action: { fr: 'voir la destination : destination list', en: 'look at the destination: destination list' },
  },
} as const satisfies Readonly<Record<string, { readonly why: Bilingual; readonly action: Bilingual }>>;
