import type { Bilingual } from './texts.ts';

/** The region as a whole: made, saved, brought back; what it no longer keeps. */
export const regionSentences: Readonly<
  Record<string, { readonly name: Bilingual; readonly text: Bilingual }>
> = {
  'region.create': {
    name: { fr: 'Région créée', en: 'Region created' },
    text: { fr: '{who} crée la région {subject}', en: '{who} creates the region {subject}' },
  },
  'region.backup': {
    name: { fr: 'Sauvegarde', en: 'Backup' },
    text: { fr: '{who} sauvegarde la région dans {file}', en: '{who} backs the region up to {file}' },
  },
  'region.restore': {
    name: { fr: 'Restauration', en: 'Restore' },
    text: {
      fr: '{who} remet la région comme la sauvegarde du {backup} ; {withdrawn} retraits et {erased} effacements refaits',
      en: '{who} puts the region back from the backup of {backup}; {withdrawn} withdrawals and {erased} erasures made again',
    },
  },
  'region.restore-confirm': {
    name: { fr: 'Restauration confirmée', en: 'Restore confirmed' },
    text: {
      fr: '{who} confirme qui est admis depuis la restauration',
      en: '{who} confirms who is let in since the restore',
    },
  },
  'visit.erase': {
    name: { fr: 'Passage effacé', en: 'Visit erased' },
    text: {
      fr: '{who} efface un passage de {facility} à la demande de {requestedBy}',
      en: '{who} erases a visit of {facility} at the request of {requestedBy}',
    },
  },
  'retention.purge': {
    name: { fr: 'Fin de conservation', en: 'End of retention' },
    text: {
      fr: '{who} supprime ce qui dépasse sa durée de conservation ({subject}) : {count}, avant le {before}',
      en: '{who} deletes what is past its retention ({subject}): {count}, before {before}',
    },
  },
};
