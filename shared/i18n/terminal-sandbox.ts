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
  acknowledged: { fr: 'accepté par l’agence', en: 'accepted by the agency' },
  refused: { fr: 'refusé par l’agence', en: 'refused by the agency' },
  agencyStands: {
    fr: 'Les passages vont à une agence d’essai : {address}',
    en: 'ED visits go to a sandbox agency: {address}',
  },
  agencyWillFail: {
    fr: 'Une fois le premier fichier livré, elle se conduira mal {seconds} s : observez la région.',
    en: 'Once the first file is delivered, it will misbehave for {seconds} s: watch the region.',
  },
  agencyDown: {
    fr: '  agence   ne répond plus',
    en: '  agency   does not answer any more',
  },
  agencyCuts: {
    fr: '  agence   coupe chaque envoi en cours de route',
    en: '  agency   cuts every delivery on its way',
  },
  agencySlow: {
    fr: '  agence   lit sans jamais répondre',
    en: '  agency   reads and never answers',
  },
  agencyRefuses: {
    fr: '  agence   refuse chaque fichier par le code {code}',
    en: '  agency   refuses every file by the code {code}',
  },
  agencyRecovered: {
    fr: '  agence   de nouveau en état',
    en: '  agency   is well again',
  },
  storyFault: {
    fr: '  région   livraison manquée ({code}) ; {waiting} fichier(s) attendent, rien n’est perdu',
    en: '  region   a delivery failed ({code}); {waiting} file(s) wait, nothing is lost',
  },
  storyOpen: {
    fr: '  région   disjoncteur ouvert : l’agence est laissée en paix, un seul fichier l’essaiera de temps en temps',
    en: '  region   breaker open: the agency is left alone, one file tries it now and then',
  },
  storyWaiting: {
    fr: '  région   {waiting} fichier(s) attendent, dans l’ordre ; les lits partent comme d’habitude',
    en: '  region   {waiting} file(s) wait, in order; bed counts leave as usual',
  },
  storyBack: {
    fr: '  région   un fichier est passé : disjoncteur refermé, {waiting} fichier(s) à écouler',
    en: '  region   a file passed: breaker closed, {waiting} file(s) to go',
  },
  storyDrained: {
    fr: '  région   la file est vide : {delivered} fichier(s) à l’agence, chacun une fois, entier',
    en: '  region   the queue is empty: {delivered} file(s) at the agency, each once, whole',
  },
  storyRefused: {
    fr: '  région   l’agence refuse un fichier : son refus, signé, va jusqu’à l’hôpital',
    en: '  region   the agency refuses a file: its refusal, signed, goes to the hospital',
  },
  refusedIt: {
    fr: 'Le refus de l’agence ({code}), vu de l’hôpital jusqu’à la ligne, puis de la région :',
    en: 'The refusal of the agency ({code}), seen by the hospital down to the line, then by the region:',
  },
  pages: { fr: 'Les pages de la région', en: 'The region’s pages' },
  operatorName: { fr: 'Opératrice Régionale', en: 'Regional Operator' },
  pagesAt: { fr: '  {url}', en: '  {url}' },
  reportsAt: {
    fr: '  rapport de la semaine : {fr} (en anglais : {en})',
    en: '  report of the week: {en} (in French: {fr})',
  },
  pagesAccount: {
    fr: '  identifiant {login}, mot de passe {password} (montré cette fois seulement ; il sera changé à la première connexion)',
    en: '  login {login}, password {password} (shown this once; it will be changed at the first sign-in)',
  },
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
