import type { ErrorText } from './texts.ts';

/** Errors of HL7 v2 ADT messages and what is assembled from them. */
export const adtErrors = {
  'vault-key-unreadable': {
    message: {
      fr: "La clé locale {file} ne se lit pas ou n'est pas entière",
      en: 'The local key {file} cannot be read or is not whole',
    },
    hint: {
      fr: 'Rendez le fichier lisible au compte du service, ou remettez-le depuis une copie ; sans lui, renommez-le et faites relire les sources : agent doctor --repair',
      en: 'Make the file readable for the service account, or bring it back from a copy; without one, rename it and have the sources read again: agent doctor --repair',
    },
  },
  'vault-damaged': {
    message: {
      fr: 'Une donnée chiffrée de la base locale est abîmée ou vient d’une autre clé',
      en: 'Encrypted data of the local database is damaged or belongs to another key',
    },
    hint: {
      fr: 'Lancez : agent doctor --repair ; les sources encore lisibles reconstituent ce qui manque',
      en: 'Run: agent doctor --repair; sources that can still be read rebuild what is missing',
    },
  },
} as const satisfies Record<string, ErrorText>;
