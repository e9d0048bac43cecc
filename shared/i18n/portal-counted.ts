import type { Bilingual } from './texts.ts';

/** Things that pages count. */
export const portalCounted = {
  visit: { one: { fr: 'passage', en: 'visit' }, many: { fr: 'passages', en: 'visits' } },
  batch: { one: { fr: 'lot', en: 'batch' }, many: { fr: 'lots', en: 'batches' } },
  file: { one: { fr: 'fichier', en: 'file' }, many: { fr: 'fichiers', en: 'files' } },
  facility: {
    one: { fr: 'établissement', en: 'facility' },
    many: { fr: 'établissements', en: 'facilities' },
  },
  destination: {
    one: { fr: 'destination', en: 'destination' },
    many: { fr: 'destinations', en: 'destinations' },
  },
  flaggedLine: {
    one: { fr: 'ligne signalée', en: 'line flagged' },
    many: { fr: 'lignes signalées', en: 'lines flagged' },
  },
  flag: { one: { fr: 'signalement', en: 'finding' }, many: { fr: 'signalements', en: 'findings' } },
  envelope: { one: { fr: 'pli', en: 'envelope' }, many: { fr: 'plis', en: 'envelopes' } },
  day: { one: { fr: 'jour', en: 'day' }, many: { fr: 'jours', en: 'days' } },
  attempt: { one: { fr: 'essai', en: 'attempt' }, many: { fr: 'essais', en: 'attempts' } },
} as const satisfies Readonly<Record<string, { readonly one: Bilingual; readonly many: Bilingual }>>;
