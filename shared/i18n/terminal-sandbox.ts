import type { Bilingual } from './texts.ts';

/** What the sandbox says in the terminal. */
export const sandboxTerminal = {
  preparing: {
    fr: 'Une région d’essai se prépare : clés, base, récepteur, un agent par hôpital…',
    en: 'A sandbox region is being made: keys, database, receiver, one agent per hospital…',
  },
  ready: {
    fr: 'Prête en {seconds} s. Une semaine d’exports va prendre la route :',
    en: 'Ready in {seconds} s. A week of exports takes the road:',
  },
  day: { fr: 'Nuit du {day}', en: 'Night of {day}' },
  forwarded: { fr: 'transmis', en: 'forwarded' },
  rejected: { fr: 'rejeté', en: 'rejected' },
  held: { fr: 'retenu', en: 'held' },
  duplicate: { fr: 'doublon', en: 'duplicate' },
  counts: {
    fr: '{records} lignes : {added} nouvelles, {updated} complétées, {unchanged} inchangées, {removed} retirées',
    en: '{records} records: {added} new, {updated} completed, {unchanged} unchanged, {removed} removed',
  },
  suspended: {
    fr: '{suspended} suppressions suspendues : une personne décide',
    en: '{suspended} removals suspended: a person decides',
  },
  route: {
    fr: 'lu → vérifié → scellé → reçu → appliqué → composé → livré',
    en: 'read → checked → sealed → received → applied → composed → delivered',
  },
  delivered: { fr: 'livré : {file}', en: 'delivered: {file}' },
  quarantined: { fr: 'en quarantaine : {file}', en: 'in quarantine: {file}' },
  summary: { fr: 'La semaine, hôpital par hôpital', en: 'The week, hospital by hospital' },
  summaryLine: {
    fr: '{exports} exports, {records} lignes lues, {findings} anomalies ; {states}',
    en: '{exports} exports, {records} records read, {findings} findings; {states}',
  },
  findings: { fr: 'Anomalies les plus fréquentes', en: 'Most frequent findings' },
  try: { fr: 'À essayer', en: 'To try' },
  drop: {
    fr: 'Déposez un export dans ce dossier (ou copiez-y un fichier de l’archive, modifié) :',
    en: 'Drop an export into this folder (or copy a file of the archive there, changed):',
  },
  delivery: { fr: 'Ce que l’agence nationale reçoit :', en: 'What the national agency receives:' },
  traceIt: {
    fr: 'Le chemin d’un export, ou d’une de ses lignes :',
    en: 'The way of an export, or of one of its lines:',
  },
  statusIt: {
    fr: 'Où en est l’hôpital, où en est la région :',
    en: 'How the hospital is, how the region is:',
  },
  decideIt: {
    fr: 'Un jour entier manque au dernier export de {name} ; est-ce vrai (confirm) ou perdu (keep) ?',
    en: 'A whole day is missing from the last export of {name}; true (confirm) or lost (keep)?',
  },
  verifyIt: { fr: 'Rien ne manque, rien n’est altéré :', en: 'Nothing is missing, nothing altered:' },
  stay: {
    fr: 'La région tourne. Ctrl-C l’arrête et l’efface ({folder}).',
    en: 'The region is running. Ctrl-C stops it and removes it ({folder}).',
  },
  stayKept: {
    fr: 'La région tourne. Ctrl-C l’arrête ; elle reste dans {folder}.',
    en: 'The region is running. Ctrl-C stops it; it stays in {folder}.',
  },
} as const satisfies Record<string, Bilingual>;

export type SandboxTerminalText = keyof typeof sandboxTerminal;
