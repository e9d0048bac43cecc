import type { Bilingual, Language } from './texts.ts';

/** States and kinds as the receiver's commands print them; programs get the codes. */
type Words = Readonly<Record<string, Bilingual>>;

export const envelopeWords: Words = {
  stored: { fr: 'reçu', en: 'stored' },
  opened: { fr: 'ouvert', en: 'opened' },
  done: { fr: 'traité', en: 'done' },
  refused: { fr: 'refusé', en: 'refused' },
  tombstone: { fr: 'abandonné par l’agent', en: 'given up by the agent' },
};

export const exportWords: Words = {
  receiving: { fr: 'en réception', en: 'being received' },
  complete: { fr: 'complet', en: 'complete' },
  waiting: { fr: 'en attente d’établissement', en: 'waiting for its facility' },
  processed: { fr: 'traité', en: 'processed' },
  held: { fr: 'retenu', en: 'held' },
  rejected: { fr: 'rejeté', en: 'rejected' },
};

export const deliveryWords: Words = {
  waiting: { fr: 'en attente', en: 'waiting' },
  sending: { fr: 'en cours d’envoi', en: 'being sent' },
  sent: { fr: 'remis', en: 'sent' },
  acknowledged: { fr: 'acquitté', en: 'acknowledged' },
  refused: { fr: 'refusé par l’agence', en: 'refused by the agency' },
  dead: { fr: 'mis de côté', en: 'set aside' },
};

export const causeWords: Words = {
  export: { fr: 'un fichier', en: 'an export' },
  decision: { fr: 'une décision', en: 'a decision' },
  schedule: { fr: 'le calendrier', en: 'the calendar' },
  replay: { fr: 'un renvoi', en: 'a replay' },
};

export const agentWords: Words = {
  invited: { fr: 'invité', en: 'invited' },
  active: { fr: 'actif', en: 'active' },
  revoked: { fr: 'révoqué', en: 'revoked' },
};

export const receiptWords: Words = {
  stored: { fr: 'reçu', en: 'stored' },
  processed: { fr: 'traité', en: 'processed' },
  rejected: { fr: 'rejeté', en: 'rejected' },
  decided: { fr: 'décidé', en: 'decided' },
  forwarded: { fr: 'transmis', en: 'forwarded' },
  acknowledged: { fr: 'acquitté', en: 'acknowledged' },
  refused: { fr: 'refusé par l’agence', en: 'refused by the agency' },
};

export function wordFor(words: Words, code: string, language: Language): string {
  return words[code]?.[language] ?? code;
}

/** "12 waiting, 3 sent": what there is none of is left out. */
export function countsInWords(
  words: Words,
  counts: Readonly<Record<string, number>>,
  language: Language,
): string {
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  if (present.length === 0) return '0';
  return present.map(([code, count]) => `${count} ${wordFor(words, code, language)}`).join(', ');
}
