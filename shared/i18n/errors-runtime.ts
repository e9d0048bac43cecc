import type { ErrorText } from './texts.ts';

export const runtimeErrors = {
  unexpected: {
    message: { fr: 'Erreur imprévue', en: 'Unexpected error' },
    hint: {
      fr: 'C’est un défaut du logiciel : joignez le journal à votre demande d’assistance ; rien n’est perdu, l’opération peut être relancée',
      en: 'This is a defect of the software: attach the log to your support request; nothing is lost, the operation can be repeated',
    },
  },
  'database-pragma': {
    message: {
      fr: 'La base refuse le réglage {pragma} (trouvé {found}, attendu {expected})',
      en: 'The database refuses the setting {pragma} (found {found}, expected {expected})',
    },
    hint: {
      fr: 'Placez le dossier de données sur un disque local (ni partage réseau, ni système de fichiers sans mmap)',
      en: 'Put the data folder on a local disk (no network share, no file system without mmap)',
    },
  },
  'database-newer': {
    message: {
      fr: 'La base a été écrite par une version plus récente ({found}, connue : {known})',
      en: 'The database was written by a newer version ({found}, known: {known})',
    },
    hint: {
      fr: 'Installez la version qui a écrit cette base, ou une plus récente',
      en: 'Install the version that wrote this database, or a newer one',
    },
  },
} as const satisfies Record<string, ErrorText>;
