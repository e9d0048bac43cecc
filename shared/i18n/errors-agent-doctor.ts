import type { ErrorText } from './texts.ts';

/** Errors of doctor, its repairs and its ticket. */
export const doctorErrors = {
  'database-damaged': {
    message: {
      fr: 'La base locale {file} est abîmée : l’agent s’est arrêté, rien de plus n’est lu ni écrit',
      en: 'The local database {file} is damaged: the agent has stopped, nothing more is read or written',
    },
    hint: {
      fr: 'Arrêtez le service, lancez « agent doctor --repair », puis redémarrez-le ; la base abîmée est gardée, et ce qui manque est reconstitué. Faites vérifier le disque',
      en: 'Stop the service, run "agent doctor --repair", then start it again; the damaged database is kept, and what is missing is rebuilt. Have the disk checked',
    },
  },
  'ticket-no-address': {
    message: {
      fr: 'L’adresse de la région n’est pas connue : l’agent n’est pas enrôlé',
      en: 'The address of the region is not known: the agent is not enrolled',
    },
    hint: {
      fr: 'Donnez-la : agent doctor --ticket --url https://ADRESSE:PORT',
      en: 'Give it: agent doctor --ticket --url https://ADDRESS:PORT',
    },
  },
  'repair-unfinished': {
    message: {
      fr: 'La base locale est réparée, mais la région n’a pas encore pu dire ce qu’elle détient',
      en: 'The local database is repaired, but the region could not yet say what it holds',
    },
    hint: {
      fr: 'Rétablissez la liaison avec la région (agent doctor), puis relancez : les fichiers restent à leur place en attendant',
      en: 'Restore the connection to the region (agent doctor), then start again: exports stay where they are meanwhile',
    },
  },
} as const satisfies Record<string, ErrorText>;
