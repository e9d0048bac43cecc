import type { Bilingual } from './texts.ts';

/** The command line's own words. `group-*`: what a family of commands is for. */
export const commandLineTexts = {
  usage: { fr: 'Usage :', en: 'Usage:' },
  options: { fr: 'Options :', en: 'Options:' },
  commands: { fr: 'Commandes :', en: 'Commands:' },
  arguments: { fr: 'Arguments :', en: 'Arguments:' },
  help: { fr: 'affiche cette aide', en: 'show this help' },
  version: { fr: 'affiche la version', en: 'show the version' },
  config: { fr: 'fichier de configuration', en: 'configuration file' },
  default: { fr: 'par défaut :', en: 'default:' },
  json: { fr: 'répond en JSON', en: 'answer in JSON' },
  'group-map': {
    fr: 'correspondances : de l’export de l’hôpital aux champs nationaux',
    en: "mappings: from the hospital's export to the national fields",
  },
  'group-quarantine': {
    fr: 'les fichiers et les messages HL7 qui n’ont pas pu être pris',
    en: 'the files and HL7 messages that could not be taken',
  },
  'group-carry': {
    fr: 'porter les plis à la main, quand la région est injoignable',
    en: 'carry envelopes by hand when the region cannot be reached',
  },
  'group-service': {
    fr: 'l’agent comme service du système : installer, démarrer, arrêter',
    en: 'the agent as a service of the system: install, start, stop',
  },
} as const satisfies Record<string, Bilingual>;

/** French of the words that stand for values in usages and flags: `--from <day>`. English keeps them. */
export const placeholders: Readonly<Record<string, string>> = {
  account: 'compte',
  command: 'commande',
  count: 'nombre',
  day: 'jour',
  days: 'jours',
  export: 'export',
  feed: 'flux',
  field: 'champ',
  fields: 'champs',
  file: 'fichier',
  finess: 'finess',
  folder: 'dossier',
  id: 'id',
  n: 'n',
  name: 'nom',
  new: 'nouvelle',
  number: 'numéro',
  old: 'ancienne',
  rule: 'règle',
  sample: 'exemple',
  seconds: 'secondes',
  shell: 'shell',
  state: 'état',
  system: 'système',
  text: 'texte',
  url: 'url',
  what: 'quoi',
};

/** What each command of the route and its options do. */
export const commandHelp = {
  enroll: {
    fr: 'transforme un code à usage unique de la région en identité de l’agent',
    en: "turn a one-time code of the region into this agent's identity",
  },
  enrollUrl: {
    fr: 'adresse d’enrôlement de la région (https)',
    en: 'enrolment address of the region (https)',
  },
  enrollCodeFile: {
    fr: 'fichier qui contient le code ; à défaut, il est lu sur l’entrée standard',
    en: 'file holding the code; else it is read from stdin',
  },
  enrollAskCode: { fr: 'Code d’enrôlement ?', en: 'Enrolment code?' },
  enrollReplace: {
    fr: 'remet en service un agent perdu : ses anciens certificats ne valent plus rien',
    en: 'bring a lost agent back: its old certificates end',
  },
  run: {
    fr: 'prend les fichiers des sources, les scelle et les envoie',
    en: 'take exports from the sources, seal and send them',
  },
  runOnce: {
    fr: 'prend ce qui est là, attend le sort de chaque fichier, puis s’arrête',
    en: 'take what is there, wait for every outcome, then stop',
  },
  runOneByOne: {
    fr: 'avec --once : chaque fichier va au bout avant que le suivant soit lu',
    en: 'with --once: each export goes its whole way before the next is read',
  },
  runTimeout: {
    fr: 'avec --once : attend au plus tant de secondes',
    en: 'with --once: stop waiting after this long',
  },
  trace: {
    fr: 'le chemin d’un fichier, d’une ligne (fichier:ligne), d’un pli ou d’une clé',
    en: 'the way of a file, file:line, export, envelope or record key',
  },
  verify: {
    fr: 'prouve que rien ne manque, n’est altéré ou ajouté',
    en: 'prove that nothing is missing, altered or added',
  },
} as const satisfies Record<string, Bilingual>;
