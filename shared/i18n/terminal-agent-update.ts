import type { Bilingual } from './texts.ts';

/** What `update`, `selftest` and `purge` say, in help and in answers. */
export const updateHelp = {
  update: {
    fr: 'met à jour l’agent installé, par un fichier signé de l’éditeur ; revient en arrière',
    en: 'update the installed agent, by a file that the vendor has signed; go back',
  },
  file: {
    fr: 'la mise à jour : vérifiée, essayée sur une copie de l’état, puis appliquée si vous le voulez',
    en: 'the update: verified, tried on a copy of the state, then applied if you want it',
  },
  stage: { fr: 'prépare sans appliquer', en: 'prepare without applying' },
  apply: { fr: 'applique la mise à jour préparée', en: 'apply the update that was prepared' },
  back: { fr: 'revient à la version précédente', en: 'go back to the version before' },
  status: { fr: 'dit ce qui tourne et ce qui attend', en: 'say what runs and what waits' },
  yes: { fr: 'sans poser de question', en: 'without asking' },
  noWait: {
    fr: 'n’attend pas de savoir si la nouvelle version va bien',
    en: 'do not wait to know whether the new version is well',
  },
  service: { fr: 'nom du service à relancer', en: 'name of the service to restart' },
  config: { fr: 'fichier de configuration', en: 'configuration file' },
  selftest: {
    fr: 'essaie ce programme sur une copie de l’état, sans rien changer (code 0 : tout va bien)',
    en: 'try this program on a copy of the state, changing nothing (code 0: all is well)',
  },
  copy: {
    fr: 'dossier d’une copie déjà faite ; elle sera mise à niveau',
    en: 'folder of a copy made before; it will be brought up to date',
  },
  mayReturnTo: {
    fr: 'dit seulement si un programme qui connaît ce schéma peut reprendre l’état (code 0 : oui ; 1 : non)',
    en: 'only say whether a program that knows this schema may take the state over (code 0: yes; 1: no)',
  },
  purge: {
    fr: 'efface l’état, les versions et la configuration de l’agent installé ; jamais un dossier source',
    en: 'remove state, versions and configuration of the installed agent; never a source folder',
  },
  check: {
    fr: 'dit seulement combien de plis n’ont pas encore été reçus par la région',
    en: 'only say how many envelopes have not reached the region yet',
  },
  loseUnsent: {
    fr: 'même si des plis n’ont pas été reçus : ils sont perdus',
    en: 'even if envelopes have not been received: they are lost',
  },
} as const satisfies Record<string, Bilingual>;

export const updateTexts = {
  verifying: { fr: 'vérification de la signature', en: 'checking the signature' },
  trying: { fr: 'essai sur une copie de l’état', en: 'trying it on a copy of the state' },
  proven: {
    fr: 'Mise à jour {version} : signature et contenu vérifiés, essai réussi, retour à {previous} possible.',
    en: 'Update {version}: signature and content verified, trial passed, return to {previous} possible.',
  },
  brings: {
    fr: '  {previous} → {version}, {files} fichiers, {megabytes} Mo, applicable jusqu’au {until}',
    en: '  {previous} → {version}, {files} files, {megabytes} MB, to be applied until {until}',
  },
  schema: {
    fr: '  l’état passe du schéma {from} au schéma {to}',
    en: '  the state goes from schema {from} to schema {to}',
  },
  downgrade: {
    fr: '  c’est un retour en arrière, signé comme tel par l’éditeur',
    en: '  this goes back to an older version, signed as such by the vendor',
  },
  restarts: {
    fr: '  le service est relancé : quelques secondes, la file d’attente reste',
    en: '  the service is restarted: a few seconds, the queue stays',
  },
  question: { fr: 'Appliquer maintenant ?', en: 'Apply now?' },
  backQuestion: {
    fr: 'Revenir de {version} à {previous} maintenant ?',
    en: 'Go back from {version} to {previous} now?',
  },
  purgeQuestion: {
    fr: 'Effacer {state}, les versions et {config} ? Rien ne les ramènera.',
    en: 'Remove {state}, the versions and {config}? Nothing will bring them back.',
  },
  nobody: {
    fr: 'Personne pour répondre : rien n’a été fait. Ajoutez --yes pour accepter d’avance.',
    en: 'Nobody to answer: nothing was done. Add --yes to agree beforehand.',
  },
  staged: {
    fr: 'La version {version} est prête. Pour l’appliquer : update --apply',
    en: 'Version {version} is ready. To apply it: update --apply',
  },
  already: { fr: 'La version {version} est déjà en place.', en: 'Version {version} is in place already.' },
  starting: {
    fr: 'la version {version} démarre (essai {starts} sur {most})',
    en: 'version {version} starts (try {starts} of {most})',
  },
  healthy: {
    fr: 'La version {version} tourne et va bien.',
    en: 'Version {version} runs and is well.',
  },
  switched: {
    fr: 'La version {version} est en place ; le service a été relancé.',
    en: 'Version {version} is in place; the service has been restarted.',
  },
  notRunning: {
    fr: 'La version {version} est en place ; le service ne tournait pas, elle sera celle de son prochain démarrage.',
    en: 'Version {version} is in place; the service was not running, its next start will be with this one.',
  },
  kept: {
    fr: 'La version {version} reste en place ; l’avis est effacé au prochain démarrage du service.',
    en: 'Version {version} stays in place; the notice ends with the next start of the service.',
  },
  oneAction: {
    fr: 'il faut une chose et une seule : --file, --apply, --back ou --status',
    en: 'one thing, and one only: --file, --apply, --back or --status',
  },
  runs: { fr: 'Version : {version} ({kind})', en: 'Version: {version} ({kind})' },
  packaged: { fr: 'du paquet : {version}', en: 'of the package: {version}' },
  onTrial: {
    fr: 'à l’essai, {starts} démarrages sur {most} ; sinon revient {previous}',
    en: 'on trial, {starts} starts of {most}; else {previous} comes back',
  },
  instead: {
    fr: 'la mise à jour {version} n’a pas démarré correctement : elle est abandonnée',
    en: 'update {version} did not start well: it has been given up',
  },
  before: { fr: 'retour possible à : {version}', en: 'may go back to: {version}' },
  waiting: { fr: 'préparée : {version}', en: 'prepared: {version}' },
  keys: { fr: 'clés de l’éditeur : {keys}', en: 'vendor’s keys: {keys}' },
  none: { fr: 'aucune', en: 'none' },
  well: { fr: 'bien', en: 'well' },
  failed: { fr: 'ÉCHEC', en: 'FAILED' },
  absent: { fr: '-', en: '-' },
  purged: { fr: 'effacé  {path}', en: 'removed  {path}' },
  left: {
    fr: 'resté   {path} : ce n’est pas à l’agent, ou le fichier est en service',
    en: 'left     {path}: not the agent’s, or in use',
  },
} as const satisfies Record<string, Bilingual>;

/** The checks of `selftest`. */
export const checkNames = {
  node: { fr: 'Node', en: 'Node' },
  addon: { fr: 'moteur de base de données', en: 'database engine' },
  config: { fr: 'configuration', en: 'configuration' },
  mappings: { fr: 'correspondances', en: 'mappings' },
  identity: { fr: 'identité et clés', en: 'identity and keys' },
  database: { fr: 'copie de l’état', en: 'copy of the state' },
  seal: { fr: 'scellement d’un pli d’essai', en: 'sealing a test envelope' },
} as const satisfies Record<string, Bilingual>;
