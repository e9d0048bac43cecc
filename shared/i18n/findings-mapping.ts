import type { Bilingual } from './texts.ts';

export const mappingFindings = {
  'mapping-value-refused': {
    fr: "La correspondance ne connaît pas cette valeur et refuse l'enregistrement",
    en: 'The mapping does not know this value and refuses the record',
  },
  'mapping-value-replaced': {
    fr: 'La correspondance ne connaît pas cette valeur : elle a été remplacée ou effacée',
    en: 'The mapping does not know this value: it was replaced or blanked',
  },
  'column-unknown': {
    fr: "Cette colonne n'est pas dans la correspondance : elle n'est pas lue",
    en: 'This column is not in the mapping: it is not read',
  },
} as const satisfies Record<string, Bilingual>;
