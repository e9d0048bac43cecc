import type { ErrorText } from './texts.ts';

/** Errors of history, resending, quarantine, worklist, carrying. */
export const operationsErrors = {
  'day-invalid': {
    message: { fr: '{option} : « {found} » n’est pas un jour', en: '{option}: "{found}" is not a day' },
    hint: {
      fr: 'Écrivez par exemple 2026-01-21 ou 21/01/2026',
      en: 'Write for instance 2026-01-21 or 21/01/2026',
    },
  },
  'days-reversed': {
    message: {
      fr: 'Le premier jour ({from}) vient après le dernier ({to})',
      en: 'The first day ({from}) comes after the last ({to})',
    },
    hint: { fr: 'Inversez --from et --to', en: 'Swap --from and --to' },
  },
  'limit-invalid': {
    message: {
      fr: '--limit attend un nombre entier de 1 à {most}',
      en: '--limit takes a whole number from 1 to {most}',
    },
    hint: { fr: 'Donnez un nombre dans ces bornes', en: 'Give a number within these bounds' },
  },
  'source-unknown': {
    message: { fr: 'Aucune source ne s’appelle « {source} »', en: 'No source is named "{source}"' },
    hint: { fr: 'Les sources configurées : {known}', en: 'The configured sources: {known}' },
  },
  'state-unknown': {
    message: { fr: '« {state} » n’est pas un état', en: '"{state}" is not a state' },
    hint: { fr: 'Les états : {known}', en: 'The states: {known}' },
  },
  'resend-choice': {
    message: {
      fr: 'Il faut dire ce qui doit être renvoyé, d’une seule façon',
      en: 'What is to be sent again must be said, in one way only',
    },
    hint: {
      fr: 'Donnez un fichier (agent resend FICHIER), ou --file, ou --envelope, ou des jours : --from JOUR --to JOUR',
      en: 'Give a file (agent resend FILE), or --file, or --envelope, or days: --from DAY --to DAY',
    },
  },
  'resend-file-gone': {
    message: {
      fr: '{file} n’est plus là, ou son contenu a changé : il ne peut pas être relu',
      en: '{file} is gone or its content has changed: it cannot be read again',
    },
    hint: {
      fr: 'Remettez le fichier d’origine à sa place, ou faites refaire l’export par le logiciel et déposez-le dans la source',
      en: 'Put the original file back in its place, or have the software export again and drop the file into the source',
    },
  },
  'resend-too-many': {
    message: {
      fr: 'Ces jours concernent plus de {most} fichiers',
      en: 'These days concern more than {most} files',
    },
    hint: {
      fr: 'Renvoyez moins de jours à la fois, ou une seule source (--source)',
      en: 'Resend fewer days at a time, or one source (--source)',
    },
  },
  'quarantine-unknown': {
    message: { fr: 'La quarantaine ne contient pas « {what} »', en: 'The quarantine does not hold "{what}"' },
    hint: {
      fr: 'Voyez ce qu’elle contient : agent quarantine list',
      en: 'See what it holds: agent quarantine list',
    },
  },
  'quarantine-several': {
    message: {
      fr: '{count} fichiers en quarantaine s’appellent « {what} »',
      en: '{count} quarantined files are named "{what}"',
    },
    hint: { fr: 'Nommez-en un par son identifiant : {exports}', en: 'Name one of them by its id: {exports}' },
  },
} as const satisfies Record<string, ErrorText>;
