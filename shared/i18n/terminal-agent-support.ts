import type { Bilingual } from './texts.ts';

export const supportHelp = {
  bundle: {
    fr: 'rassemble pour l’assistance ce qui aide à comprendre (.tar.gz), sans valeur de patient, nom de fichier ni secret',
    en: 'gather for support what helps to understand (.tar.gz), without patient value, file name or secret',
  },
  log: {
    fr: 'journal de l’agent, quand il est dans un fichier',
    en: 'log of the agent, when it is in a file',
  },
  service: { fr: 'service dont le journal du système est lu', en: 'service whose system journal is read' },
  withNames: {
    fr: 'garde les noms des fichiers (ils peuvent contenir des noms de patients)',
    en: 'keep the names of files (they may hold names of patients)',
  },
} as const satisfies Record<string, Bilingual>;

export const supportTexts = {
  collecting: { fr: 'Collecte : {part}', en: 'Collecting: {part}' },
  about: {
    fr: 'Fichier d’assistance de l’agent Vaguemestre. Il ne contient ni valeur de patient, ni mot de passe, ni clé. Regardez-le avant de l’envoyer.',
    en: 'Support bundle of the Vaguemestre agent. It holds no patient value, no password and no key. Look at it before you send it.',
  },
  part: { fr: 'Partie', en: 'Part' },
  bytes: { fr: 'Octets', en: 'Bytes' },
  holds: { fr: 'Contenu', en: 'Holds' },
  missing: { fr: '! {part} n’a pas pu être obtenu : {code}', en: '! {part} could not be had: {code}' },
  written: { fr: 'Écrit : {file} ({bytes} octets)', en: 'Written: {file} ({bytes} bytes)' },
  look: {
    fr: 'Regardez avant d’envoyer : tar xzf "{file}"',
    en: 'Look before you send: tar xzf "{file}"',
  },
} as const satisfies Record<string, Bilingual>;

/** What each part of a bundle holds. */
export const partTexts = {
  machine: { fr: 'version, système, mémoire', en: 'version, system, memory' },
  config: {
    fr: 'configuration, sans secrets ni adresses',
    en: 'configuration, without secrets or addresses',
  },
  doctor: { fr: 'réponse de « doctor »', en: 'answer of "doctor"' },
  status: { fr: 'réponse de « status »', en: 'answer of "status"' },
  log: { fr: 'fin du journal : champs connus seulement', en: 'end of the log: known fields only' },
  certificates: { fr: 'empreintes et dates des certificats', en: 'fingerprints and dates of certificates' },
  database: { fr: 'tables et nombres de lignes', en: 'tables and numbers of rows' },
  exports: {
    fr: 'derniers fichiers : états et comptes, sans noms',
    en: 'last exports: states and counts, without names',
  },
  errors: { fr: 'codes d’erreur, comptés', en: 'error codes, counted' },
  findings: { fr: 'anomalies par règle, comptées', en: 'findings by rule, counted' },
  mappings: { fr: 'correspondance, sans ses tests', en: 'mapping, without its tests' },
} as const satisfies Record<string, Bilingual>;
