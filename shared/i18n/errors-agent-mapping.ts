import type { ErrorText } from './texts.ts';

/** Errors of mappings: reading, joining, checking and trying them. */
export const mappingErrors = {
  'export-shape-ambiguous': {
    message: {
      fr: 'Le contenu peut être lu de deux façons : {first} ou {second}',
      en: 'The content can be read in two ways: {first} or {second}',
    },
    hint: {
      fr: 'Précisez requires ou lineLength dans une des correspondances, ou séparez les exports en deux dossiers',
      en: 'Make requires or lineLength of one of the mappings more precise, or give each export its own folder',
    },
  },
} as const satisfies Record<string, ErrorText>;
