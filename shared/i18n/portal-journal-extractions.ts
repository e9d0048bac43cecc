import type { Bilingual } from './texts.ts';

/** What the audit log says of extractions. */
export const extractionSentences: Readonly<
  Record<string, { readonly name: Bilingual; readonly text: Bilingual }>
> = {
  'extraction.asked': {
    name: { fr: 'Extraction demandée', en: 'Extraction asked for' },
    text: {
      fr: '{who} demande une extraction du {from} au {to} ({kind}, {form}), {subject}',
      en: '{who} asks for an extraction of {from} to {to} ({kind}, {form}), {subject}',
    },
  },
  'extraction.fetched': {
    name: { fr: 'Extraction téléchargée', en: 'Extraction fetched' },
    text: {
      fr: '{who} télécharge l’extraction {subject} ({rows} lignes)',
      en: '{who} fetches extraction {subject} ({rows} rows)',
    },
  },
  'extraction.cancelled': {
    name: { fr: 'Extraction annulée', en: 'Extraction cancelled' },
    text: { fr: '{who} annule l’extraction {subject}', en: '{who} cancels extraction {subject}' },
  },
};
