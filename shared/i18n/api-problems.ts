import type { Bilingual } from './texts.ts';

/** Titles of the API's problems, by HTTP status. */
export const apiProblems = {
  400: { fr: 'Demande mal formée', en: 'Malformed request' },
  401: { fr: 'Jeton refusé', en: 'Token refused' },
  403: { fr: 'Accès refusé', en: 'Access refused' },
  404: { fr: 'Introuvable', en: 'Not found' },
  405: { fr: 'Méthode refusée', en: 'Method refused' },
  409: { fr: 'Pas dans cet état', en: 'Not in this state' },
  410: { fr: 'N’est plus là', en: 'Gone' },
  413: { fr: 'Trop long', en: 'Too long' },
  415: { fr: 'Type de contenu refusé', en: 'Content type refused' },
  422: { fr: 'Demande refusée', en: 'Request refused' },
  429: { fr: 'Trop de demandes', en: 'Too many requests' },
  500: { fr: 'Panne imprévue', en: 'Unforeseen failure' },
  503: { fr: 'Indisponible pour le moment', en: 'Not available now' },
} as const satisfies Readonly<Record<number, Bilingual>>;

export type ProblemStatus = keyof typeof apiProblems;
