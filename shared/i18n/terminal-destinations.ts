import type { Bilingual } from './texts.ts';

/** What the commands for destinations print. */
export const destinationTerminal = {
  none: { fr: '(aucune destination)', en: '(no destination)' },
  listHead: {
    fr: '{name}{owner}  {feed}, {format}, {transport}, {protection}, {schedule}',
    en: '{name}{owner}  {feed}, {format}, {transport}, {protection}, {schedule}',
  },
  unsealed: { fr: 'en clair', en: 'unsealed' },
  atOnce: { fr: 'à chaque changement', en: 'at each change' },
  byCalendar: { fr: 'calendrier « {cron} » ({zone})', en: 'calendar "{cron}" ({zone})' },
  nextFormat: { fr: '  Version {version} à partir du {from}', en: '  Version {version} from {from}' },
  onlyFacilities: { fr: '  {count} établissement(s) seulement', en: '  {count} facilities only' },
  listCounts: { fr: '  Envois : {counts}', en: '  Dispatches: {counts}' },
  lastSent: { fr: '  Dernier envoi remis le {at}', en: '  Last dispatch sent {at}' },
  keyLine: {
    fr: '  Clé {fingerprint}, {expiry}, approuvée par : {people}',
    en: '  Key {fingerprint}, {expiry}, approved by: {people}',
  },
  keyUntil: { fr: 'bonne jusqu’au {at}', en: 'good until {at}' },
  keyEnded: { fr: 'EXPIRÉE depuis le {at}', en: 'EXPIRED since {at}' },
  keyForEver: { fr: 'sans date de fin', en: 'without end date' },
  nobody: { fr: 'personne', en: 'nobody' },

  down: {
    fr: 'EN PANNE {name} depuis le {since}, {failures} échec(s) de suite, prochain essai {next} : {message} [{code}]. {hint}',
    en: 'DOWN {name} since {since}, {failures} failure(s) in a row, next try {next}: {message} [{code}]. {hint}',
  },
  nextAt: { fr: 'le {at}', en: '{at}' },
  nextNow: { fr: 'maintenant', en: 'now' },
  failing: {
    fr: 'Essai manqué vers {name} ({failures} de suite) : {message} [{code}]',
    en: 'A try at {name} failed ({failures} in a row): {message} [{code}]',
  },
  paused: {
    fr: 'SUSPENDUE {name} par {person} depuis le {since}, {waiting} envoi(s) en attente → destination resume {name}',
    en: 'PAUSED {name} by {person} since {since}, {waiting} dispatch(es) waiting → destination resume {name}',
  },
  removed: {
    fr: 'RETIRÉE {name} : la configuration ne la nomme plus, {waiting} envoi(s) attendent. La remettre les livre ; « destination set-aside » y renonce',
    en: 'REMOVED {name}: the configuration no longer names it, {waiting} dispatch(es) wait. Putting it back delivers them; "destination set-aside" gives them up',
  },
  dead: {
    fr: '{count} envoi(s) mis de côté pour {name} → destination dispatches {name} --state dead, puis retry',
    en: '{count} dispatch(es) set aside for {name} → destination dispatches {name} --state dead, then retry',
  },
  refused: {
    fr: '{count} envoi(s) refusé(s) par l’agence {name} → destination dispatches {name} --state refused',
    en: '{count} dispatch(es) refused by the agency {name} → destination dispatches {name} --state refused',
  },
  overdue: {
    fr: '{count} envoi(s) à {name} sans accusé après {hours} h ; le plus ancien : {file}, remis le {at}',
    en: '{count} dispatch(es) to {name} without acknowledgement after {hours} h; the oldest: {file}, sent {at}',
  },
  keyFault: {
    fr: 'Clé de {name} : {message} [{code}]. {hint}',
    en: 'Key of {name}: {message} [{code}]. {hint}',
  },
  keySoon: {
    fr: 'La clé de {name} expire le {at} : demandez la suivante à l’agence',
    en: 'The key of {name} expires {at}: ask the agency for the next one',
  },
  keyMissingPeople: {
    fr: 'La clé de {name} n’est approuvée que par {approvals} personne(s) sur {needed} : rien ne part → destination key {name}',
    en: 'The key of {name} is approved by {approvals} of {needed} people only: nothing leaves → destination key {name}',
  },

  testHead: { fr: '{name} ({transport})', en: '{name} ({transport})' },
  testPassed: { fr: '  OK    {step}{found}', en: '  OK    {step}{found}' },
  testFailed: {
    fr: '  ÉCHEC {step} : {message} [{code}]\n        → {hint}',
    en: '  FAILED {step}: {message} [{code}]\n        → {hint}',
  },
  testWell: { fr: '  La chaîne est bonne', en: '  The chain is good' },
  testNothing: {
    fr: '  Rien à essayer d’ici : l’agence vient chercher ses envois',
    en: '  Nothing to try from here: the agency fetches its dispatches',
  },

  pausedNow: {
    fr: '{name} est suspendue (par {person}, le {since}) : ce qui est en cours d’envoi se termine, le reste attend',
    en: '{name} is paused (by {person}, {since}): what is being sent finishes, the rest waits',
  },
  resumedNow: {
    fr: '{name} reprend : {waiting} envoi(s) en attente partent, dans l’ordre',
    en: '{name} resumes: {waiting} waiting dispatch(es) leave, in order',
  },
  notPaused: { fr: '{name} n’était pas suspendue', en: '{name} was not paused' },
  tryingNow: {
    fr: '{name} : nouvel essai tout de suite, {waiting} envoi(s) en attente',
    en: '{name}: tried again at once, {waiting} dispatch(es) waiting',
  },
  toFetch: {
    fr: '{name} : l’agence vient chercher ses envois, {waiting} l’attendent',
    en: '{name}: the agency fetches its dispatches, {waiting} wait for it',
  },
  stillPaused: {
    fr: '{name} est suspendue par {person} : rien ne part avant destination resume {name}',
    en: '{name} is paused by {person}: nothing leaves before destination resume {name}',
  },
  composedAgain: {
    fr: '{file} : composé à nouveau d’après ce que la région tient maintenant → {files}',
    en: '{file}: composed again from what the region holds now → {files}',
  },
  setAside: {
    fr: '{file} est mis de côté : la file passe outre, {name} ne le recevra pas. Pour le composer à nouveau : destination retry {name} {file}',
    en: '{file} is set aside: the queue goes past it, {name} will not get it. To compose it again: destination retry {name} {file}',
  },

  replayPreview: {
    fr: '{name}, du {from} au {to} : {files} fichier(s), {facilities} établissement(s), {records} enregistrement(s) ; déjà acquittés : {acknowledged}',
    en: '{name}, {from} to {to}: {files} file(s), {facilities} facilities, {records} record(s); already acknowledged: {acknowledged}',
  },
  replayGoOn: {
    fr: 'Rien n’a été envoyé. Pour le faire : la même commande avec --yes',
    en: 'Nothing was sent. To do it: the same command with --yes',
  },
  replayDone: {
    fr: '{name}, du {from} au {to} : {files} fichier(s) composé(s) pour {facilities} établissement(s), dans la file',
    en: '{name}, {from} to {to}: {files} file(s) composed for {facilities} facilities, in the queue',
  },

  answered: {
    fr: '{file} : {state}, dit à {receipts} agent(s)',
    en: '{file}: {state}, told to {receipts} agent(s)',
  },
  answeredBefore: { fr: '{file} : déjà {state}', en: '{file}: {state} already' },

  keyShown: {
    fr: '{name} : {kind}, empreinte {fingerprint}, {expiry}',
    en: '{name}: {kind}, fingerprint {fingerprint}, {expiry}',
  },
  keyApproval: { fr: '  approuvée par {person} le {at}', en: '  approved by {person} on {at}' },
  keyNeeds: {
    fr: 'Il manque {missing} personne(s) : comparez l’empreinte avec l’agence par un autre canal, puis, chacun à son tour : destination approve-key {name} {fingerprint} --by NOM',
    en: '{missing} more people needed: compare the fingerprint with the agency over another channel, then, each in turn: destination approve-key {name} {fingerprint} --by NAME',
  },
  keyComplete: {
    fr: 'Deux personnes s’en portent garantes : les envois sont scellés avec elle',
    en: 'Two people vouch for it: dispatches are sealed with it',
  },

  readinessHead: {
    fr: '{name} : version {version} à partir du {from}, {days} dernier(s) jour(s)',
    en: '{name}: version {version} from {from}, last {days} day(s)',
  },
  readinessLine: {
    fr: '{facility}  {name} : {losing} enregistrement(s) sur {records} y perdraient {tags}',
    en: '{facility}  {name}: {losing} of {records} record(s) would lose {tags} there',
  },
  readinessWell: {
    fr: 'Les {count} établissements qui ont envoyé des données sont prêts',
    en: 'All {count} facilities that sent data are ready',
  },
  readinessSummary: {
    fr: '{notReady} établissement(s) sur {count} ne sont pas prêts',
    en: '{notReady} of {count} facilities are not ready',
  },

  dispatchLine: {
    fr: '{file}  {state} depuis le {at}  {facility}  du {from} au {to}  ({records}){code}',
    en: '{file}  {state} since {at}  {facility}  {from} to {to}  ({records}){code}',
  },
  dispatchesNone: { fr: '(aucun envoi)', en: '(no dispatch)' },
  dispatchesMore: {
    fr: 'Suite : --state {state} --after {after}',
    en: 'More: --state {state} --after {after}',
  },
} as const satisfies Record<string, Bilingual>;
export type DestinationTerminalText = keyof typeof destinationTerminal;

/** The steps of a destination's test. */
export const probeWords: Readonly<Record<string, Bilingual>> = {
  resolve: { fr: 'nom trouvé', en: 'name resolved' },
  connect: { fr: 'connexion', en: 'connection' },
  identity: { fr: 'identité du serveur', en: 'identity of the server' },
  login: { fr: 'ouverture de session', en: 'login' },
  write: { fr: 'écriture d’un fichier d’essai', en: 'writing a probe file' },
  remove: { fr: 'suppression du fichier d’essai', en: 'removing the probe file' },
  key: { fr: 'clé de l’agence', en: 'key of the agency' },
  seal: { fr: 'scellement', en: 'sealing' },
  folder: { fr: 'dossier', en: 'folder' },
  answer: { fr: 'lecture des réponses', en: 'reading answers' },
};
