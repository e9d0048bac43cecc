import type { Bilingual } from './texts.ts';

/** Where a file stands on its way to a destination. */
export const portalDeliveries = {
  waiting: { fr: 'En attente', en: 'Waiting' },
  toFetch: { fr: 'Prêt', en: 'Ready' },
  sending: { fr: 'En cours d’envoi', en: 'Being sent' },
  sent: { fr: 'Envoyé', en: 'Sent' },
  acknowledged: { fr: 'Accusé', en: 'Acknowledged' },
  refused: { fr: 'Refusé', en: 'Refused' },
  dead: { fr: 'Mis de côté', en: 'Set aside' },
  scheduled: { fr: 'Programmé', en: 'Scheduled' },
  idle: { fr: 'Rien à envoyer', en: 'Nothing to send' },
  held: { fr: 'Après décision', en: 'After the decision' },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type DeliveryWord = keyof typeof portalDeliveries;
