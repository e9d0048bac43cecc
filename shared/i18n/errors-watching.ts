import type { ErrorText } from './texts.ts';

/** Watching: the sign of life, and what is imported so that something is expected on the first day. */
export const watchingErrors = {
  'watch-beat-refused': {
    message: {
      fr: 'Le signe de vie n’est pas accepté par {host} (réponse {status})',
      en: 'The sign of life is not accepted by {host} (answer {status})',
    },
    hint: {
      fr: 'Vérifiez watching.beat (adresse, en-têtes) auprès de ceux qui surveillent cette adresse ; la réception continue',
      en: 'Check watching.beat (address, headers) with those who watch that address; reception goes on',
    },
  },
  'watch-beat-unreachable': {
    message: {
      fr: 'Le signe de vie n’atteint pas {host} ({reason})',
      en: 'The sign of life does not reach {host} ({reason})',
    },
    hint: {
      fr: 'Ouvrez la sortie du récepteur vers cette adresse (aucun proxy n’est employé) ; la réception continue',
      en: 'Open the receiver’s way out to that address (no proxy is used); reception goes on',
    },
  },
  'watch-headers-unreadable': {
    message: {
      fr: 'En-têtes du signe de vie illisibles : {file} ({reason})',
      en: 'Headers of the sign of life cannot be read: {file} ({reason})',
    },
    hint: {
      fr: 'Donnez à watching.beat.headersFile un fichier que le récepteur peut lire',
      en: 'Give watching.beat.headersFile a file that the receiver may read',
    },
  },
  'watch-headers-invalid': {
    message: {
      fr: 'En-têtes du signe de vie : la ligne {line} de {file} n’est pas « nom: valeur »',
      en: 'Headers of the sign of life: line {line} of {file} is not "name: value"',
    },
    hint: {
      fr: 'Un en-tête par ligne, vingt au plus, comme « authorization: Bearer … »',
      en: 'One header a line, twenty at most, such as "authorization: Bearer ..."',
    },
  },
  'history-unreadable': {
    message: {
      fr: 'Historique illisible : {file} ({reason})',
      en: 'History cannot be read: {file} ({reason})',
    },
    hint: {
      fr: 'Donnez un fichier CSV « finess;jour;passages » ou des fichiers RPU nationaux (XML), non compressés',
      en: 'Give a CSV file "finess;day;count" or national RPU files (XML), not compressed',
    },
  },
  'history-invalid': {
    message: {
      fr: 'Historique refusé, rien n’a été importé : {file}, ligne {line}',
      en: 'History refused, nothing was imported: {file}, line {line}',
    },
    hint: {
      fr: 'CSV : un FINESS, un jour (AAAA-MM-JJ ou JJ/MM/AAAA), un nombre ; XML : un FINESS au début, puis des ENTREE lisibles',
      en: 'CSV: a FINESS, a day (YYYY-MM-DD or DD/MM/YYYY), a number; XML: a FINESS first, then readable ENTREE',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
