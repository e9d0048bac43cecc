import type { Bilingual } from './texts.ts';

/** What `service` and `completion` say, in help and in answers. */
export const serviceHelp = {
  install: {
    fr: 'installe l’agent comme service du système, sous son propre compte et avec le moins de droits possible',
    en: 'install the agent as a service of the system, under its own account and with as few rights as possible',
  },
  uninstall: {
    fr: 'retire le service ; la configuration, l’état et le compte restent',
    en: 'take the service away; configuration, state and account stay',
  },
  start: { fr: 'démarre le service', en: 'start the service' },
  stop: { fr: 'arrête le service', en: 'stop the service' },
  status: {
    fr: 'le service est-il installé, tourne-t-il ? (code 0 : oui ; 1 : arrêté ; 3 : absent)',
    en: 'is the service installed, is it running? (code 0: yes; 1: stopped; 3: absent)',
  },
  dryRun: {
    fr: 'montre les fichiers et les commandes sans rien toucher',
    en: 'show the files and commands without touching anything',
  },
  root: {
    fr: 'écrit les fichiers sous ce dossier et n’exécute rien (paquets)',
    en: 'write the files under this folder and run nothing (packages)',
  },
  name: { fr: 'nom du service', en: 'name of the service' },
  user: { fr: 'compte du service, créé au besoin', en: 'account of the service, made when missing' },
  node: { fr: 'programme node du service', en: 'node program of the service' },
  script: { fr: 'script que node lance', en: 'script that node runs' },
  account: {
    fr: 'Windows : compte du service, « DOMAINE\\COMPTE » ; sinon le compte virtuel « NT SERVICE\\<nom> »',
    en: 'Windows: account of the service, "DOMAIN\\ACCOUNT"; otherwise the virtual account "NT SERVICE\\<name>"',
  },
  shawl: { fr: 'Windows : chemin de shawl.exe', en: 'Windows: path of shawl.exe' },
  platform: {
    fr: 'linux ou windows ; un autre que ce système : avec --dry-run seulement',
    en: 'linux or windows; other than this system: with --dry-run only',
  },
  completion: {
    fr: 'écrit le script qui complète les commandes dans le terminal ; par exemple : source <(... completion bash)',
    en: 'print the script that completes commands in the terminal; for instance: source <(... completion bash)',
  },
  program: { fr: 'nom sous lequel on lance l’agent', en: 'name by which the agent is started' },
} as const satisfies Record<string, Bilingual>;

export const serviceTexts = {
  done: { fr: 'fait    ', en: 'done     ' },
  unchanged: { fr: 'inchangé', en: 'unchanged' },
  skipped: { fr: 'omis    ', en: 'skipped  ' },
  installed: {
    fr: 'Service « {name} » installé. Démarrez-le : service start',
    en: 'Service "{name}" installed. Start it: service start',
  },
  uninstalled: {
    fr: 'Service « {name} » retiré. La configuration, l’état et le compte sont restés.',
    en: 'Service "{name}" taken away. Configuration, state and account have stayed.',
  },
  mustWrite: {
    fr: '→ Le compte {user} doit pouvoir lire, déplacer et ranger des fichiers dans {folder}',
    en: '→ The account {user} must be able to read and move files in {folder}',
  },
  mustRead: {
    fr: '→ Le compte {user} doit pouvoir lire {folder}',
    en: '→ The account {user} must be able to read {folder}',
  },
  active: { fr: 'Le service « {name} » tourne.', en: 'Service "{name}" is running.' },
  inactive: {
    fr: 'Le service « {name} » est installé et ne tourne pas ({state}).',
    en: 'Service "{name}" is installed and not running ({state}).',
  },
  absent: { fr: 'Aucun service « {name} » sur cette machine.', en: 'No service "{name}" on this machine.' },
} as const satisfies Record<string, Bilingual>;
