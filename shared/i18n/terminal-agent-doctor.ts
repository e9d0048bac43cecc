import type { Bilingual } from './texts.ts';

/** What doctor and its options do. */
export const doctorHelp = {
  doctor: {
    fr: 'cherche ce qui ne va pas, des réglages jusqu’à la région, et dit le remède',
    en: 'look for what is wrong, from the settings to the region, and say the cure',
  },
  config: { fr: 'fichier de configuration', en: 'configuration file' },
  ticket: {
    fr: 'rédige la demande à l’équipe réseau, à l’écran ou dans un fichier',
    en: 'write the request for the network team, on the screen or to a file',
  },
  repair: {
    fr: 'répare la base locale, agent arrêté ; la base abîmée est gardée',
    en: 'repair the local database, the agent being stopped; the damaged one is kept',
  },
  account: {
    fr: 'compte du service dont les droits sont essayés (à défaut, celui de l’unité systemd)',
    en: 'account of the service whose rights are tried (default: that of the systemd unit)',
  },
} as const satisfies Record<string, Bilingual>;

/** What `doctor --repair` says. */
export const repairTexts = {
  step: { fr: 'Réparation : {step}', en: 'Repair: {step}' },
  noIdentity: {
    fr: 'Identité illisible ({code}) : les signatures ne peuvent être vérifiées, seules la structure et les fichiers le sont',
    en: 'The identity cannot be read ({code}): signatures cannot be verified, only structure and files are',
  },
  sound: {
    fr: 'La base locale est saine : rien n’était à réparer.',
    en: 'The local database is sound: nothing had to be repaired.',
  },
  repaired: { fr: 'La base locale est réparée.', en: 'The local database is repaired.' },
  headTable: { fr: 'table', en: 'table' },
  headSaved: { fr: 'lignes sauvées', en: 'rows saved' },
  headUnfit: { fr: 'écartées', en: 'left out' },
  headState: { fr: 'lecture', en: 'reading' },
  tableWhole: { fr: 'entière', en: 'whole' },
  tableBroken: { fr: 'en partie', en: 'in part' },
  aside: { fr: 'Base abîmée, gardée telle quelle : {file}', en: 'The damaged database, kept as it was: {file}' },
  regionAsked: {
    fr: 'La région a redonné tous ses reçus.',
    en: 'The region has given all its receipts again.',
  },
  regionSilent: {
    fr: 'La région n’a pas répondu : ses reçus seront redemandés par l’agent en marche.',
    en: 'The region did not answer: the running agent will ask for its receipts again.',
  },
  places: {
    fr: 'Plis : {unsound} écarté(s) car altéré(s), {proven} rétabli(s) d’après un reçu, {lost} place(s) déclarée(s) perdue(s)',
    en: 'Envelopes: {unsound} left out as altered, {proven} restored from a receipt, {lost} place(s) declared lost',
  },
  rereads: {
    fr: '{n} fichier(s) seront relus par l’agent ; la région ne prend rien deux fois.',
    en: '{n} export(s) will be read again by the agent; the region takes nothing twice.',
  },
  missing: {
    fr: '{n} fichier(s) à renvoyer sont introuvables : remettez-les dans le dossier source, ou produisez-les de nouveau.',
    en: '{n} export(s) to be sent again cannot be found: put them back into the source folder, or produce them again.',
  },
  next: { fr: 'Redémarrez maintenant le service.', en: 'Now start the service again.' },
} as const satisfies Record<string, Bilingual>;
