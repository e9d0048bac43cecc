import type { Bilingual } from './texts.ts';

/** What `receiver purge`, `deletions` and `erase` say. */
export const terminalRetention = {
  'class-records': { fr: 'passages', en: 'records' },
  'class-history': { fr: 'versions remplacées', en: 'replaced versions' },
  'class-envelopes': { fr: 'contenus de plis', en: 'contents of envelopes' },
  'class-dispatches': { fr: 'contenus d’envois', en: 'contents of dispatches' },
  'class-staged': { fr: 'exports jamais appliqués', en: 'exports never applied' },
  'class-reports': { fr: 'rapports', en: 'reports' },
  'class-extractions': { fr: 'extractions', en: 'extractions' },
  'class-audit': { fr: 'lignes du journal', en: 'lines of the audit log' },
  'class-backups': { fr: 'sauvegardes', en: 'backups' },
  'class-erasure': { fr: 'effacement sur demande', en: 'erasure on request' },
  purgeDue: {
    fr: '{class} : {count} avant le {day} ({setting} {term})',
    en: '{class}: {count} before {day} ({setting} {term})',
  },
  purgePreview: {
    fr: 'Rien n’a été supprimé. Sans --dry-run, ce qui est compté ci-dessus l’est',
    en: 'Nothing was deleted. Without --dry-run, what is counted above is',
  },
  purged: {
    fr: '{class} : {count} supprimés, avant le {day} (acte n° {seq}, signé)',
    en: '{class}: {count} deleted, before {day} (record no. {seq}, signed)',
  },
  purgeResumed: {
    fr: '  {class} : la purge commencée le {at} avait été interrompue ; elle est achevée, l’acte n° {seq} la dit tout entière',
    en: '  {class}: the purge begun {at} had been interrupted; it is ended, record no. {seq} tells all of it',
  },
  purgedNone: { fr: '{class} : rien avant le {day}', en: '{class}: nothing before {day}' },
  deletionLine: {
    fr: 'n° {seq}  {at}  {class} : {counts}  {rule}  {person}',
    en: 'no. {seq}  {at}  {class}: {counts}  {rule}  {person}',
  },
  deletionNone: { fr: 'Aucune suppression', en: 'No deletion' },
  deletionsGood: {
    fr: 'Suppressions : {records} actes, signés et enchaînés',
    en: 'Deletions: {records} records, signed and chained',
  },
  verifyErased: {
    fr: '  {count} contenus détruits à la demande d’établissements (empreinte et reçu gardés)',
    en: '  {count} contents destroyed at facilities’ request (digest and receipt kept)',
  },
  eraseSeveral: {
    fr: '{count} passages répondent à cette demande ; désignez le bon par sa clé (--visit-key), que « agent trace FICHIER:LIGNE » donne à l’hôpital :',
    en: '{count} visits fit; name the right one by its key (--visit-key), which "agent trace FILE:LINE" gives at the hospital:',
  },
  eraseCandidate: {
    fr: '  {key}  {feed}, partie {part}, export {export}, ligne {line}, enregistrement {record} ({held} détenus, {history} versions)',
    en: '  {key}  {feed}, part {part}, export {export}, line {line}, record {record} ({held} held, {history} versions)',
  },
  erasePreview: {
    fr: 'Seraient effacés : {held} enregistrement(s) et {history} version(s) de ce passage ; {dispatches} fichier(s) d’envoi gardé(s), dont {waiting} pas encore parti(s) ; {extractions} extraction(s) ; et le contenu de chaque pli qui le porte',
    en: 'Would be erased: {held} record(s) and {history} version(s) of this visit; {dispatches} kept file(s) of dispatches, {waiting} of them not gone yet; {extractions} extraction(s); and the content of every envelope that carries it',
  },
  eraseForGood: {
    fr: 'Sans retour : un passage effacé ne revient plus, même renvoyé. Avec --yes, c’est fait',
    en: 'For good: an erased visit does not come back, even sent again. With --yes, it is done',
  },
  erased: {
    fr: 'Effacé : {held} enregistrement(s), {history} version(s), {staged} en attente, {envelopes} contenu(s) de plis, {dispatches} fichier(s) d’envoi ; {composed} envoi(s) recomposé(s) sans lui (acte n° {seq}, signé)',
    en: 'Erased: {held} record(s), {history} version(s), {staged} waiting, {envelopes} content(s) of envelopes, {dispatches} file(s) of dispatches; {composed} dispatch(es) composed anew without it (record no. {seq}, signed)',
  },
  eraseUnopened: {
    fr: '{count} pli(s) illisible(s) n’ont pu être examinés ; rien n’en a jamais été retenu',
    en: '{count} unreadable envelope(s) could not be looked into; nothing of them was ever taken in',
  },
  eraseInterrupted: {
    fr: 'Aucun passage ne répond à cette demande ; un effacement avait été interrompu avant sa dernière étape, reprise à l’instant. « receiver deletions » dit ce qui a été effacé',
    en: 'No visit fits; an erasure had been interrupted before its last step, which was taken up just now. "receiver deletions" says what was erased',
  },
  eraseRewritten: {
    fr: 'Base réécrite : il n’en reste rien entre les lignes',
    en: 'Database written anew: nothing of it is left between the rows',
  },
  eraseNotRewritten: {
    fr: 'La base n’a pas pu être réécrite maintenant ; ce sera tenté de nouveau chaque nuit, ou par « receiver purge »',
    en: 'The database could not be written anew now; it is tried again every night, or by "receiver purge"',
  },
  eraseElsewhere: {
    fr: 'Il reste dans les sauvegardes de la région jusqu’à leur fin, dans les plis scellés de l’agent jusqu’à leur délai, et chez les agences jusqu’à la réception de l’envoi recomposé. Une restauration le refait d’après la liste des retraits gardée à côté des sauvegardes',
    en: 'It remains in the region’s backups until they end, in the agent’s sealed envelopes until their grace, and at agencies until they take the dispatch composed anew. A restore repeats it from the list of withdrawals kept beside the backups',
  },
  privacyFill: {
    fr: 'Ce qui n’est pas dans la configuration y est marqué « À compléter »',
    en: 'What the settings do not say is marked "To be filled in"',
  },
  deletionsBroken: {
    fr: 'Suppressions : l’acte n° {seq} manque, a été altéré ou n’est pas signé',
    en: 'Deletions: record no. {seq} is missing, altered or not signed',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
