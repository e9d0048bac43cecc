import type { ErrorText } from './texts.ts';

/** What leaves for a destination: the tables its profile needs. */
export const destinationFormsErrors = {
  'geographic-codes-unreadable': {
    message: {
      fr: 'La table des codes géographiques {file} n’est pas lisible ({reason})',
      en: 'The table of geographic codes {file} cannot be read ({reason})',
    },
    hint: {
      fr: 'Vérifiez « geographicCodesFile » : un fichier de lignes « code postal;code géographique », lisible par le service',
      en: 'Check "geographicCodesFile": a file of lines "postcode;geographic code" that the service may read',
    },
  },
  'geographic-codes-invalid': {
    message: {
      fr: 'La table des codes géographiques {file} a {count} ligne(s) fausse(s) : {lines}',
      en: 'The table of geographic codes {file} has {count} wrong line(s): {lines}',
    },
    hint: {
      fr: 'Une ligne vaut « code postal;code géographique », cinq caractères chacun, un seul code par code postal ; un tableur efface le premier zéro de 01000',
      en: 'A line is "postcode;geographic code", five characters each, one code a postcode; a spreadsheet drops the first zero of 01000',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
