import type { Bilingual } from './texts.ts';

/** Of the region's own keys, and of machines let in by a second person. */
export const keySentences: Readonly<Record<string, { readonly name: Bilingual; readonly text: Bilingual }>> =
  {
    'agent.approve': {
      name: { fr: 'Agent admis', en: 'Agent let in' },
      text: {
        fr: '{who} admet la machine de l’agent {name}',
        en: '{who} lets in the machine of agent {name}',
      },
    },
    'key.rotate': {
      name: { fr: 'Clé de la région remplacée', en: 'Key of the region replaced' },
      text: {
        fr: '{who} remplace une clé de la région par {subject}, en service le {from}',
        en: '{who} replaces a key of the region by {subject}, in use from {from} on',
      },
    },
    'envelopes.recover': {
      name: { fr: 'Plis ouverts par la clé de secours', en: 'Envelopes opened with the recovery key' },
      text: {
        fr: '{who} ouvre {envelopes} plis avec la clé de secours',
        en: '{who} opens {envelopes} envelopes with the recovery key',
      },
    },
    'key.destroy': {
      name: { fr: 'Clé de la région détruite', en: 'Key of the region destroyed' },
      text: {
        fr: '{who} détruit la clé {subject} ({agents} agents et {envelopes} plis en dépendaient)',
        en: '{who} destroys the key {subject} ({agents} agents and {envelopes} envelopes hung on it)',
      },
    },
  };
