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
} as const satisfies Record<string, ErrorText>;
