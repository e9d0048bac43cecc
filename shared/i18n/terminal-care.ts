import type { Bilingual } from './texts.ts';

/** What `receiver facility contact | close | degraded` say. */
export const terminalCare = {
  contactNone: { fr: 'Aucun contact', en: 'No contact' },
  contactAdded: { fr: 'Contact {contact} ajouté, en dernier', en: 'Contact {contact} added, last' },
  contactRemoved: { fr: 'Contact {id} retiré', en: 'Contact {id} removed' },
  closed: {
    fr: '{facility} fermé du {from} au {to} (n° {closure}) : rien n’est attendu de ces jours',
    en: '{facility} closed from {from} to {to} (no. {closure}): nothing is expected of these days',
  },
  degradedStarted: {
    fr: '{facility} en mode dégradé depuis le {day} : aucun silence n’alerte',
    en: '{facility} runs degraded since {day}: no silence alerts anybody',
  },
  degradedStopped: {
    fr: 'Mode dégradé de {facility} terminé ; dernier jour sur papier : {day}',
    en: 'Degraded running of {facility} has ended; last day on paper: {day}',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
