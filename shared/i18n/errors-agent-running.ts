import type { ErrorText } from './texts.ts';

/** Errors of a running agent: lock, reload, proxy, notices, decryption. */
export const runningErrors = {
  'state-locked': {
    message: {
      fr: 'Un autre agent travaille déjà dans {state} (processus {pid}, depuis {since})',
      en: 'Another agent already works in {state} (process {pid}, since {since})',
    },
    hint: {
      fr: 'Arrêtez-le d’abord (le service, ou un « agent run » lancé à la main). S’il est mort, le verrou est déjà levé : relancez',
      en: 'Stop it first (the service, or an "agent run" started by hand). If it has died, the lock is free already: start again',
    },
  },
} as const satisfies Record<string, ErrorText>;
