import type { Bilingual } from './texts.ts';

/** States as pages say them. */
export const portalStates = {
  received: { fr: 'Reçu', en: 'Received' },
  late: { fr: 'Tardif', en: 'Late' },
  partial: { fr: 'Partiel', en: 'Partial' },
  low: { fr: 'Bas', en: 'Low' },
  silent: { fr: 'Silence', en: 'Silent' },
  held: { fr: 'Retenu', en: 'Held' },
  degraded: { fr: 'Dégradé', en: 'Degraded' },
  closed: { fr: 'Fermeture déclarée', en: 'Declared closure' },
  'not-connected': { fr: 'Pas encore raccordé', en: 'Not connected yet' },
} as const satisfies Readonly<Record<string, Bilingual>>;
