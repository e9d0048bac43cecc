import type { Bilingual } from './texts.ts';

/** Why a facility is to be dealt with: what happened, since when, what works, in one line. */
export const portalCauses = {
  agentDead: { fr: 'Agent injoignable depuis {since}.', en: 'Agent out of reach since {since}.' },
  agentNever: {
    fr: 'L’agent installé n’a encore donné aucun signe de vie.',
    en: 'The agent that was installed has given no sign of life yet.',
  },
  agentNone: {
    fr: 'Aucun agent n’est rattaché à cet établissement.',
    en: 'No agent is attached to this facility.',
  },
  lastWhole: { fr: 'Dernier jour complet : {day}.', en: 'Last whole day: {day}.' },
  cut: {
    fr: 'Réseau coupé depuis {since}. Plis en attente chez l’agent : {count} ; ils partiront seuls.',
    en: 'Network cut since {since}. Envelopes waiting at the agent: {count}; they will leave by themselves.',
  },
  stuck: {
    fr: 'L’agent répond, mais ses plis ne passent plus. En attente : {count} ; ils partiront seuls.',
    en: 'The agent answers, and its envelopes do not pass. Waiting: {count}; they will leave by themselves.',
  },
  pausedDisk: {
    fr: 'L’agent répond, mais son disque est plein : il ne prend plus de fichier.',
    en: 'The agent answers, but its disk is full: it takes no file.',
  },
  paused: {
    fr: 'L’agent répond, mais ne prend plus de fichier ({code}).',
    en: 'The agent answers, but takes no file ({code}).',
  },
  sourceSilent: {
    fr: 'Aucun fichier déposé depuis {since}. L’agent répond : à voir côté logiciel des urgences.',
    en: 'No file dropped since {since}. The agent answers: to be looked for at the emergency software.',
  },
  sourceNever: {
    fr: 'Aucun fichier n’a encore été déposé. L’agent répond : à voir côté logiciel des urgences.',
    en: 'No file has been dropped yet. The agent answers: to be looked for at the emergency software.',
  },
  rejected: {
    fr: 'Des fichiers sont déposés et rejetés, le dernier {at} : rien ne peut en être lu.',
    en: 'Files are dropped and rejected, the last one {at}: nothing of them can be read.',
  },
  endsEarly: {
    fr: 'Le fichier s’arrête {day} vers {hour} : {volume}.',
    en: 'The file stops on {day} about {hour}: {volume}.',
  },
  beginsLate: {
    fr: 'Le fichier ne commence {day} que vers {hour} : {volume}.',
    en: 'The file only begins on {day} about {hour}: {volume}.',
  },
  gap: {
    fr: 'Aucun passage {day} entre {from} et {to} : {volume}.',
    en: 'No visit on {day} between {from} and {to}: {volume}.',
  },
  partMissing: {
    fr: 'Une partie de l’établissement n’a rien transmis pour {day} ({parts}) : {volume}.',
    en: 'A part of the facility has sent nothing for {day} ({parts}): {volume}.',
  },
  tooEarly: {
    fr: 'Le dernier fichier a été extrait avant la fin du {day} : {volume}.',
    en: 'The last file was extracted before the end of {day}: {volume}.',
  },
  low: { fr: '{volume}{streak}.', en: '{volume}{streak}.' },
  streak: { fr: ', {nth} jour de baisse', en: ', {nth} low day' },
  volume: { fr: '{count} pour {expected} attendus', en: '{count} where {expected} were expected' },
  volumeOnly: { fr: '{count} reçus', en: '{count} received' },
  visit: { fr: '1 passage', en: '1 visit' },
  visits: { fr: '{count} passages', en: '{count} visits' },
  removals: {
    fr: 'Un fichier efface {visits} déjà reçus ({days}). Rien n’a été retiré.',
    en: 'A file removes {visits} already received ({days}). Nothing was removed.',
  },
  rekeying: {
    fr: 'Un fichier change presque toutes les clés de passages : rien n’en a été appliqué.',
    en: 'A file changes nearly all keys of visits: nothing of it was applied.',
  },
  unknown: { fr: 'Rien de plus n’est connu.', en: 'Nothing more is known.' },
  daysTouched: { fr: 'Jours touchés : {days}.', en: 'Days concerned: {days}.' },
  andMore: { fr: '{days} et {count} autres', en: '{days} and {count} more' },
  missingOne: { fr: 'Environ 1 passage manque.', en: 'About 1 visit is missing.' },
  missing: { fr: 'Environ {count} passages manquent.', en: 'About {count} visits are missing.' },
} as const satisfies Readonly<Record<string, Bilingual>>;
