import type { Bilingual } from './texts.ts';

/** What the agent's commands print. */
export const agentTexts = {
  enrolled: {
    fr: 'Agent « {name} » enrôlé dans la région {region}, pour : {facilities}',
    en: 'Agent "{name}" enrolled in region {region}, for: {facilities}',
  },
  enrolledNext: {
    fr: 'Lancez-le maintenant : npm run agent -- run --config {config}',
    en: 'Start it now: npm run agent -- run --config {config}',
  },
  running: { fr: "L'agent tourne. Ctrl-C pour l'arrêter.", en: 'The agent is running. Ctrl-C stops it.' },
  onceSummary: {
    fr: '{exports} fichier(s), {records} enregistrement(s)',
    en: '{exports} file(s), {records} record(s)',
  },
  'state-forwarded': { fr: 'transmis', en: 'forwarded' },
  'state-rejected': { fr: 'refusé', en: 'rejected' },
  'state-held': { fr: 'retenu', en: 'held' },
  'state-duplicate': { fr: 'déjà reçu', en: 'duplicate' },
  'state-unknown': { fr: 'en route', en: 'on its way' },
  'state-processed': { fr: 'traité', en: 'processed' },
} as const satisfies Record<string, Bilingual>;

/** Why the region holds an export, and what to do: it is no error of the agent's. */
export const holdTexts: Readonly<Record<string, Bilingual>> = {
  removals: {
    fr: 'Ce fichier retirerait trop de passages : les retraits attendent une décision de la région. Vérifiez que l’export est complet, puis appelez l’opérateur régional',
    en: 'This export would remove too many visits: the removals wait for a decision of the region. Check that the export is complete, then call the regional operator',
  },
  rekeying: {
    fr: 'Les identifiants semblent avoir changé : rien n’est appliqué avant décision de la région. Prévenez l’opérateur régional du changement de logiciel',
    en: 'The keys seem to have changed: nothing is applied until the region decides. Tell the regional operator about the change of software',
  },
  'second-source': {
    fr: 'Une autre source alimente déjà cette partie : donnez une partie (part) propre à chaque source, ou demandez à la région de déclarer le changement',
    en: 'Another source already feeds this part: give each source its own part, or ask the region to declare the change',
  },
  'facility-unknown': {
    fr: 'La région ne connaît pas cet établissement : demandez à l’opérateur régional de l’enregistrer ; le fichier sera repris tout seul',
    en: 'The region does not know this facility: ask the regional operator to register it; the export is then taken up by itself',
  },
};
