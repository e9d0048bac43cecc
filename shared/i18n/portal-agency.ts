import type { Bilingual, Language } from './texts.ts';

/** What an agency sees: its deliveries, and how complete they are. */
export const portalAgency = {
  title: { fr: 'Livraisons', en: 'Deliveries' },
  coverageTitle: { fr: 'Couverture', en: 'Coverage' },
  kicker: { fr: '{names} · {region}', en: '{names} · {region}' },
  ready: {
    fr: '{files} à prendre : {facilities}, {visits}.',
    en: '{files} to fetch: {facilities}, {visits}.',
  },
  readyMany: {
    fr: '{files} à prendre, dont voici les premiers.',
    en: '{files} to fetch, of which here are the first.',
  },
  toAnswer: { fr: '{files} à accuser.', en: '{files} to acknowledge.' },
  nothingReady: { fr: 'Tout est pris et accusé.', en: 'Everything is fetched and acknowledged.' },
  readyLede: {
    fr: 'Un fichier plus récent remplace l’ancien pour le même établissement et les mêmes jours.',
    en: 'A later file replaces the earlier one for the same facility and the same days.',
  },
  nobody: { fr: 'Aucune destination ne vous est confiée', en: 'No destination is entrusted to you' },
  nobodyText: {
    fr: 'Votre compte ne voit encore aucune livraison : la région doit lui donner une destination.',
    en: 'Your account sees no delivery yet: the region must give it a destination.',
  },
  deliveries: { fr: 'Livraisons à {name}', en: 'Deliveries to {name}' },
  composed: { fr: 'Préparée', en: 'Prepared' },
  state: { fr: 'État', en: 'State' },
  facility: { fr: 'Établissement', en: 'Facility' },
  days: { fr: 'Jours de passage', en: 'Visit days' },
  visits: { fr: 'Passages', en: 'Visits' },
  taken: { fr: 'Téléchargée', en: 'Downloaded' },
  answered: { fr: 'Réponse', en: 'Answer' },
  action: { fr: 'Action', en: 'Action' },
  open: { fr: 'Ouvrir', en: 'Open' },
  none: { fr: 'Aucune livraison encore.', en: 'No delivery yet.' },
  older: { fr: 'Livraisons plus anciennes', en: 'Older deliveries' },
  newest: { fr: 'Revenir aux plus récentes', en: 'Back to the latest' },
  byPerson: { fr: 'accusée {at}', en: 'acknowledged {at}' },
  withReference: { fr: 'accusée {at}, réf. {reference}', en: 'acknowledged {at}, ref. {reference}' },
  refusedAt: { fr: 'refusée {at} : {reason}', en: 'refused {at}: {reason}' },

  reserves: { fr: 'Réserves sur {day}', en: 'Reservations about {day}' },
  reservesNone: {
    fr: 'Aucune : chaque établissement attendu est là, en entier.',
    en: 'None: every facility expected is here, whole.',
  },
  reservesUnknown: {
    fr: 'La veille n’a pas encore été jugée.',
    en: 'The day before has not been judged yet.',
  },
  reserve_late: { fr: '{name}, inclus, arrivé tard', en: '{name}, included, came late' },
  reserve_partial: {
    fr: '{name}, inclus, {count} passages, incomplet',
    en: '{name}, included, {count} visits, incomplete',
  },
  reserve_low: {
    fr: '{name}, inclus, {count} passages pour {expected} attendus',
    en: '{name}, included, {count} visits for {expected} expected',
  },
  reserve_silent: { fr: '{name}, rien n’est arrivé', en: '{name}, nothing has come' },
  reserve_held: { fr: '{name}, à décider par la région', en: '{name}, to be decided by the region' },
  reserve_degraded: { fr: '{name}, envoie ce qu’il peut', en: '{name}, sends what it can' },
  reserve_closed: { fr: '{name}, fermeture déclarée', en: '{name}, declared closed' },

  fingerprintShort: { fr: 'Empreinte', en: 'Fingerprint' },
  downloadAll: { fr: 'Télécharger {files} (zip)', en: 'Download {files} (zip)' },
  acknowledgeAll: { fr: 'Accuser {files}…', en: 'Acknowledge {files}…' },
  bulkTitle: { fr: 'Accuser ce qui est chez vous', en: 'Acknowledge what is with you' },
  bulkSentence: {
    fr: '{files} chez vous, sans réponse : {visits}.',
    en: '{files} with you, not answered: {visits}.',
  },
  bulkLede: {
    fr: 'Décochez ce que vous n’avez pas lu. Chaque fichier a sa ligne au journal, et chaque hôpital son reçu signé.',
    en: 'Untick what you have not read. Each file has its line in the audit log, and each hospital its signed receipt.',
  },
  bulkNone: { fr: 'Rien n’attend votre accusé', en: 'Nothing awaits your acknowledgement' },
  bulkNoneText: {
    fr: 'Un fichier s’accuse une fois téléchargé.',
    en: 'A file is acknowledged once it is downloaded.',
  },
  bulkChosen: { fr: 'Accuser', en: 'Acknowledge' },
  bulkAct: { fr: 'Accuser les fichiers cochés', en: 'Acknowledge the ticked files' },
  bulkCancel: { fr: 'Revenir aux livraisons', en: 'Back to deliveries' },
  fileSentence: { fr: 'Ce fichier de {visits} est {state}.', en: 'This file of {visits} is {state}.' },
  state_ready: { fr: 'prêt à être pris', en: 'ready to be fetched' },
  state_waiting: { fr: 'en route', en: 'on its way' },
  state_sent: { fr: 'chez vous, sans réponse encore', en: 'with you, not answered yet' },
  state_acknowledged: { fr: 'accusé', en: 'acknowledged' },
  state_refused: { fr: 'refusé', en: 'refused' },
  state_dead: { fr: 'mis de côté par la région', en: 'set aside by the region' },
  content: { fr: 'Ce que contient la livraison', en: 'What the delivery holds' },
  file: { fr: 'Fichier', en: 'File' },
  fingerprint: { fr: 'Empreinte (SHA-256)', en: 'Fingerprint (SHA-256)' },
  fingerprintComposed: { fr: 'Empreinte une fois ouvert', en: 'Fingerprint once opened' },
  sealedFor: { fr: 'Chiffré pour', en: 'Encrypted for' },
  notSealed: { fr: 'non chiffré', en: 'not encrypted' },
  atDownload: { fr: 'connue au téléchargement', en: 'known at the download' },
  size: { fr: 'Taille', en: 'Size' },
  bytes: { fr: '{n} octets', en: '{n} bytes' },
  format: { fr: 'Format', en: 'Format' },
  sentAt: { fr: 'Remis', en: 'Delivered' },
  answerAt: { fr: 'Réponse', en: 'Answer' },
  download: { fr: 'Télécharger', en: 'Download' },
  downloadAgain: { fr: 'Télécharger à nouveau', en: 'Download again' },
  acknowledgeTitle: { fr: 'Accuser réception', en: 'Acknowledge' },
  acknowledgeText: {
    fr: 'Vous accusez {file}, {visits}. L’hôpital reçoit un reçu signé.',
    en: 'You acknowledge {file}, {visits}. The hospital gets a signed receipt.',
  },
  notTakenText: {
    fr: 'Prenez d’abord le fichier, ou recopiez l’empreinte de celui que vous tenez.',
    en: 'Fetch the file first, or type the fingerprint of the one you hold.',
  },
  typeFingerprint: { fr: 'Empreinte du fichier que vous tenez', en: 'Fingerprint of the file you hold' },
  fingerprintWrong: {
    fr: 'Cette empreinte n’est pas celle de ce fichier : rien n’est accusé. Prenez-le ici, puis accusez.',
    en: 'This is not the fingerprint of this file: nothing is acknowledged. Fetch it here, then acknowledge.',
  },
  acknowledge: { fr: 'Accuser {visits}', en: 'Acknowledge {visits}' },
  acknowledgedAlready: { fr: 'Vous l’avez accusé {at}.', en: 'You acknowledged it {at}.' },
  refusedAlready: { fr: 'Vous l’avez refusé {at} : {reason}.', en: 'You refused it {at}: {reason}.' },
  refuseTitle: { fr: 'Refuser ce fichier', en: 'Refuse this file' },
  refuseText: {
    fr: 'Le motif choisi va à l’hôpital et au journal. Aucun texte libre ici : il pourrait nommer un patient.',
    en: 'The reason chosen goes to the hospital and the audit log. No free text here: it might name a patient.',
  },
  refuseAfter: {
    fr: 'Vous l’aviez accusé : votre refus en prend la place.',
    en: 'You had acknowledged it: your refusal takes its place.',
  },
  reason: { fr: 'Motif', en: 'Reason' },
  reasonMissing: { fr: 'Choisissez un motif de la liste.', en: 'Choose a reason from the list.' },
  choose: { fr: 'Choisir', en: 'Choose' },
  refuse: { fr: 'Refuser {file}', en: 'Refuse {file}' },
  notYours: {
    fr: 'La région l’a mis de côté : personne ne le reçoit plus.',
    en: 'The region set it aside: nobody gets it any more.',
  },

  coverageSentence: {
    fr: '{n} établissements sur {of} sont là en entier pour {day}.',
    en: '{n} facilities of {of} are here whole for {day}.',
  },
  coverageNone: {
    fr: 'Rien n’est encore jugé pour vos destinations.',
    en: 'Nothing has been judged yet for your destinations.',
  },
  coverageNoneText: {
    fr: 'La couverture apparaît quand un premier établissement a transmis.',
    en: 'Coverage appears once a first facility has transmitted.',
  },
  coverageLede: {
    fr: 'Passages par jour de passage, ce que la région tient maintenant. Un signe marque ce qui n’est pas reçu en entier et à l’heure.',
    en: 'Visits by visit day, what the region holds now. A mark shows what is not here whole and in time.',
  },
  coverageCaption: { fr: 'Couverture par établissement et par jour', en: 'Coverage by facility and day' },
  notDue: { fr: 'pas encore attendu', en: 'not due yet' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** In words, when the code is one that pages offer. */
export function refusalReason(code: string, language: Language): string | undefined {
  const reasons: Readonly<Record<string, Bilingual>> = refusalReasons;
  return Object.hasOwn(reasons, code) ? reasons[code]?.[language] : undefined;
}

/** Why an agency refuses a file: the code is kept and signed, the words are shown. */
export const refusalReasons = {
  unreadable: { fr: 'fichier illisible', en: 'file cannot be read' },
  'key-wrong': { fr: 'chiffré pour une autre clé', en: 'encrypted for another key' },
  'signature-unknown': { fr: 'signature inconnue', en: 'signature unknown' },
  'format-wrong': { fr: 'format inattendu', en: 'format not expected' },
  incomplete: { fr: 'fichier incomplet', en: 'file incomplete' },
  'period-wrong': { fr: 'période inattendue', en: 'period not expected' },
  'facility-unknown-there': { fr: 'établissement inconnu de l’agence', en: 'facility unknown to the agency' },
  other: { fr: 'autre motif, dit par téléphone', en: 'another reason, told by telephone' },
} as const satisfies Readonly<Record<string, Bilingual>>;
