import type { Bilingual } from './texts.ts';

/** What history, resend, quarantine, faults, carry and status print. */
export const operationTexts = {
  headRead: { fr: 'Lu le', en: 'Read' },
  headAt: { fr: 'Le', en: 'At' },
  headSource: { fr: 'Source', en: 'Source' },
  headState: { fr: 'État', en: 'State' },
  headRecords: { fr: 'Enreg.', en: 'Records' },
  headFindings: { fr: 'Anomalies', en: 'Findings' },
  headDays: { fr: 'Jours', en: 'Days' },
  headFile: { fr: 'Fichier', en: 'File' },
  headCode: { fr: 'Code', en: 'Code' },
  headHint: { fr: 'Que faire', en: 'What to do' },
  headWho: { fr: 'Qui', en: 'Who' },
  headAction: { fr: 'Quoi', en: 'Did' },
  headExports: { fr: 'Fichiers', en: 'Files' },
  headWhat: { fr: 'Objet', en: 'What' },
  headLine: { fr: 'Ligne', en: 'Line' },
  headEntry: { fr: 'Entrée', en: 'Entry' },
  headVisit: { fr: 'N° de passage', en: 'Visit number' },
  headRule: { fr: 'Règle', en: 'Rule' },
  headSeverity: { fr: 'Gravité', en: 'Severity' },
  headField: { fr: 'Champ', en: 'Field' },
  headSentence: { fr: 'Explication', en: 'What is wrong' },
  headCount: { fr: 'Nombre', en: 'Count' },
  headNumber: { fr: 'N°', en: 'No.' },
  headUntil: { fr: 'Jusqu’au', en: 'Until' },
  headReason: { fr: 'Motif', en: 'Reason' },
  headWaiting: { fr: 'En attente', en: 'Waiting' },

  historyNone: { fr: 'Aucun fichier sur cette période.', en: 'No file in this period.' },
  historyMore: {
    fr: 'Il y en a d’autres, plus anciens : ajoutez --before {next}',
    en: 'There are older ones: add --before {next}',
  },
  auditNone: {
    fr: 'Rien n’a été fait à la main sur cette période.',
    en: 'Nothing was done by hand in this period.',
  },
  'action-resend': { fr: 'renvoi', en: 'resend' },
  'action-release': { fr: 'relecture (quarantaine)', en: 'release' },
  'action-discard': { fr: 'mise à l’écart', en: 'discard' },
  'action-mute': { fr: 'mise en sourdine', en: 'mute' },
  'action-unmute': { fr: 'fin de sourdine', en: 'unmute' },
  'action-faults': { fr: 'liste de corrections', en: 'worklist' },
  'action-carry-export': { fr: 'plis emportés', en: 'carried out' },
  'action-carry-import': { fr: 'reçus rapportés', en: 'carried back' },
  'action-messages': { fr: 'messages refusés, écrits', en: 'refused messages, written' },
  'action-retry': { fr: 'messages refusés, relus', en: 'refused messages, read again' },

  yesOrNo: { fr: '(o/N)', en: '(y/N)' },
  nothingDone: {
    fr: 'Rien n’est fait. Pour le faire : la même commande avec --yes',
    en: 'Nothing was done. To do it: the same command with --yes',
  },
  looking: { fr: 'Fichiers retrouvés : {done} sur {of}', en: 'Files looked at: {done} of {of}' },
  fileGone: { fr: 'plus là, ou changé', en: 'gone, or changed' },
  resendNone: {
    fr: 'Rien à renvoyer : aucun fichier lisible ne couvre ces jours. Les jours de lecture sont dans « agent history »',
    en: 'Nothing to send again: no readable file covers these days. The days of reading are in "agent history"',
  },
  resendPreview: {
    fr: '{exports} fichier(s) à renvoyer, {records} enregistrement(s) ; {settled} déjà traité(s) par la région ; {gone} que l’on ne peut plus relire',
    en: '{exports} file(s) to send again, {records} record(s); {settled} already processed by the region; {gone} that cannot be read again',
  },
  resendLeftOut: {
    fr: 'Laissés de côté : {duplicates} copie(s) identique(s), {rejected} en quarantaine (agent quarantine list)',
    en: 'Left out: {duplicates} identical copies, {rejected} in quarantine (agent quarantine list)',
  },
  resendAsk: { fr: 'Renvoyer {exports} fichier(s) ?', en: 'Send {exports} file(s) again?' },
  resendDone: {
    fr: '{exports} fichier(s) seront relus et renvoyés par l’agent en marche (ou à sa prochaine exécution)',
    en: '{exports} file(s) will be read and sent again by the running agent (or its next run)',
  },

  quarantineFinding: {
    fr: '  ligne {line} : {sentence} ({rule})',
    en: '  line {line}: {sentence} ({rule})',
  },
  quarantineEmpty: { fr: 'La quarantaine est vide.', en: 'The quarantine is empty.' },
  quarantineMore: { fr: '… et {more} autre(s), plus anciens', en: '… and {more} older one(s)' },
  quarantined: {
    fr: '{file} (source {source}), lu le {at}, n’a pas pu être pris',
    en: '{file} (source {source}), read {at}, could not be taken',
  },
  atLine: { fr: 'ligne {line}', en: 'line {line}' },
  atRecord: { fr: 'enregistrement {record}', en: 'record {record}' },
  atField: { fr: 'champ {field}', en: 'field {field}' },
  liesAt: { fr: 'Le fichier est ici : {where}', en: 'The file lies here: {where}' },
  quarantineNext: {
    fr: 'Ensuite : agent quarantine release {export} pour le faire relire, ou discard pour l’écarter',
    en: 'Next: agent quarantine release {export} to have it read again, or discard to put it aside',
  },
  released: {
    fr: '{file} sera relu par l’agent en marche (ou à sa prochaine exécution)',
    en: '{file} will be read again by the running agent (or its next run)',
  },
  discardPreview: {
    fr: '{file} ({code}) ne sera jamais envoyé : il ira dans {folder}. Il n’est pas supprimé.',
    en: '{file} ({code}) will never be sent: it goes to {folder}. It is not deleted.',
  },
  discardKept: {
    fr: '{file} ({code}) ne sera jamais envoyé : il reste dans sa source et sort de la liste.',
    en: '{file} ({code}) will never be sent: it stays in its source and leaves the list.',
  },
  discardAsk: { fr: 'L’écarter ?', en: 'Put it aside?' },
  discardDone: { fr: 'C’est fait.', en: 'Done.' },

  messagesNone: {
    fr: 'Aucun message HL7 refusé n’est gardé.',
    en: 'No refused HL7 message is kept.',
  },
  messagesMore: {
    fr: '… et {more} autre(s), plus anciens (--limit)',
    en: '… and {more} older one(s) (--limit)',
  },
  messagesNext: {
    fr: 'Après une mise à jour ou un changement de réglage : agent quarantine retry --source NOM ; pour l’éditeur : agent quarantine messages --out FICHIER',
    en: 'After an update or a change of settings: agent quarantine retry --source NAME; for the vendor: agent quarantine messages --out FILE',
  },
  messagesWritten: {
    fr: '{written} message(s) écrit(s) dans {file}, lisible par vous seul. Ce fichier contient des données de patients, en clair : supprimez-le dès qu’il a servi. Corrigé, il peut être déposé dans le dossier de la source.',
    en: '{written} message(s) written to {file}, readable by you only. This file holds patients’ data, in clear: remove it once it has served. Mended, it may be dropped into the folder of the source.',
  },
  messagesLeftOut: {
    fr: '! {count} message(s) n’y sont pas : trop longs et donc gardés en partie, sans en-tête MSH, ou abîmés',
    en: '! {count} message(s) are not in it: too long and so kept in part only, without an MSH header, or damaged',
  },
  retryPreview: {
    fr: '{source} : {kept} message(s) refusé(s) gardé(s) ; {taken} seraient pris aujourd’hui, {refused} encore refusé(s), {cut} gardé(s) en partie seulement, {damaged} abîmé(s)',
    en: '{source}: {kept} refused message(s) kept; {taken} would be taken today, {refused} still refused, {cut} kept in part only, {damaged} damaged',
  },
  retryAsk: { fr: 'Prendre {taken} message(s) ?', en: 'Take {taken} message(s)?' },
  retryDone: {
    fr: '{taken} message(s) pris : les passages partent avec l’agent en marche, dans la minute (ou à sa prochaine exécution)',
    en: '{taken} message(s) taken: the visits leave with the running agent, within a minute (or with its next run)',
  },

  carryNothing: {
    fr: 'Rien n’attend d’être envoyé : aucun fichier n’est écrit.',
    en: 'Nothing waits to be sent: no file was written.',
  },
  carryExported: {
    fr: '{file} : {envelopes} pli(s) scellé(s) de {exports} fichier(s), {records} enregistrement(s). Portez-le à la région : receiver carry import. Les plis restent en attente ici, un second envoi est sans risque.',
    en: '{file}: {envelopes} sealed envelope(s) of {exports} export(s), {records} record(s). Take it to the region: receiver carry import. The envelopes stay pending here; sending them again is harmless.',
  },
  carryWriting: { fr: 'Plis écrits : {done} sur {of}', en: 'Envelopes written: {done} of {of}' },
  carryImported: {
    fr: '{settled} pli(s) reçus par la région, reçus vérifiés ({known} déjà connus) ; {receipts} autre(s) reçu(s) signé(s)',
    en: '{settled} envelope(s) received by the region, receipts verified ({known} known before); {receipts} other signed receipt(s)',
  },
  carryRefused: {
    fr: '! {refused} pli(s) que la région n’accepte pas : ils restent en attente, l’agent les règlera à son prochain contact',
    en: '! {refused} envelope(s) that the region does not accept: they stay pending, the agent settles them at its next contact',
  },
  carryBusy: {
    fr: '! {busy} pli(s) que l’agent est en train d’envoyer : relancez cette commande',
    en: '! {busy} envelope(s) that the agent is sending right now: run this command again',
  },
  carrySettling: { fr: 'Reçus pris en compte : {done} sur {of}', en: 'Receipts taken in: {done} of {of}' },

  statusRunning: {
    fr: 'L’agent tourne (processus {pid}, depuis le {since})',
    en: 'The agent is running (process {pid}, since {since})',
  },
  statusStopped: { fr: 'L’agent ne tourne pas en ce moment', en: 'The agent is not running at present' },
  statusRecent: {
    fr: 'Ces {days} derniers jours : {rejected} fichier(s) refusé(s), {held} retenu(s). En quarantaine : {quarantine}',
    en: 'Last {days} days: {rejected} export(s) rejected, {held} held. In quarantine: {quarantine}',
  },
  statusContact: { fr: 'Dernière réponse de la région : {at}', en: 'Last answer of the region: {at}' },
  briefWell: { fr: '{sources} source(s), dernier reçu {at}', en: '{sources} source(s), last receipt {at}' },

  'severity-error': { fr: 'erreur', en: 'error' },
  'severity-warning': { fr: 'avertissement', en: 'warning' },
  'severity-info': { fr: 'information', en: 'info' },
  faultsReading: { fr: 'Fichiers relus : {done} sur {of}', en: 'Exports read again: {done} of {of}' },
  faultsTotal: {
    fr: '{day} : {count} anomalie(s) dans {exports} fichier(s) relu(s), {muted} en sourdine',
    en: '{day}: {count} finding(s) in {exports} export(s) read again, {muted} muted',
  },
  faultsCountsOnly: {
    fr: 'Le détail nomme des passages : il ne s’affiche que dans un terminal, ou dans un fichier (--csv FICHIER)',
    en: 'The details name visits: they show on a terminal only, or in a file (--csv FILE)',
  },
  faultsWritten: {
    fr: 'Liste écrite dans {file}, lisible par vous seul ; elle est supprimée dans {days} jours',
    en: 'List written to {file}, readable by you only; it is removed in {days} days',
  },
  faultsUnreadable: {
    fr: '! {file} n’a pas pu être relu ({code})',
    en: '! {file} could not be read again ({code})',
  },
  faultsCut: {
    fr: '! Liste arrêtée à {count} lignes : corrigez d’abord celles-ci, ou prenez une seule source',
    en: '! The list stops at {count} lines: mend these first, or take one source',
  },
  faultsCleaned: { fr: '{count} liste(s) périmée(s) supprimée(s)', en: '{count} expired list(s) removed' },
  faultsKept: {
    fr: '! {file} est périmé et n’a pas pu être supprimé : supprimez-le vous-même',
    en: '! {file} has expired and could not be removed: remove it yourself',
  },
  muteDone: {
    fr: 'Sourdine n° {n} : {rule} sort de la liste jusqu’au {until}. Ce qui est envoyé ne change pas.',
    en: 'Mute no. {n}: {rule} leaves the list until {until}. What is sent does not change.',
  },
  muteNone: { fr: 'Rien n’est en sourdine.', en: 'Nothing is muted.' },
  unmuteDone: { fr: 'C’est de nouveau dans la liste.', en: 'It is on the list again.' },
} as const satisfies Record<string, Bilingual>;

/** What each of these commands and its options do. */
export const operationHelp = {
  status: {
    fr: 'ce qui a été pris, ce qui attend, ce qui ne va pas et ce qu’il faut faire (0 bien, 1 avertissement, 2 critique)',
    en: 'what was taken, what waits, what is wrong and what to do (0 well, 1 warning, 2 critical)',
  },
  statusBrief: {
    fr: 'une seule ligne, pour les outils de surveillance',
    en: 'one line, for monitoring tools',
  },
  history: {
    fr: 'les fichiers pris, du plus récent au plus ancien',
    en: 'the files taken, newest first',
  },
  from: {
    fr: 'lus à partir de ce jour (2026-01-21 ou 21/01/2026)',
    en: 'read from this day on (2026-01-21 or 21/01/2026)',
  },
  to: { fr: 'dernier jour, compris', en: 'last day, included' },
  source: { fr: 'cette source seulement', en: 'this source only' },
  state: {
    fr: 'état, comme il est affiché (refusé, « en route »…) ou : unknown, processed, rejected, held, duplicate, forwarded, acknowledged, refused',
    en: 'unknown, processed, rejected, held, duplicate, forwarded, acknowledged or refused',
  },
  limit: { fr: 'au plus tant de lignes', en: 'at most that many lines' },
  before: {
    fr: 'la suite de la liste, après ce fichier (identifiant)',
    en: 'the list goes on after this export (id)',
  },
  audit: {
    fr: 'plutôt ce qui a été fait à la main : qui, quand, quoi',
    en: 'instead: what was done by hand: who, when, what',
  },
  resend: {
    fr: 'envoie de nouveau un fichier (tout de suite), ou ceux de plusieurs jours (après aperçu), même s’ils ont déjà été traités',
    en: 'send a file again (at once), or those of several days (after a preview), even when they were processed already',
  },
  resendFrom: { fr: 'premier jour d’entrée couvert', en: 'first entry day covered' },
  resendFile: { fr: 'après aperçu : ce fichier', en: 'after a preview: this file' },
  resendEnvelope: {
    fr: 'après aperçu : le fichier de ce pli',
    en: 'after a preview: the file of this envelope',
  },
  yes: { fr: 'le fait sans demander', en: 'do it without asking' },
  quarantineList: {
    fr: 'les fichiers qui n’ont pas pu être lus, et que faire',
    en: 'the files that could not be read, and what to do',
  },
  quarantineShow: {
    fr: 'pourquoi un fichier n’a pas pu être lu, et où',
    en: 'why a file could not be read, and where',
  },
  quarantineRelease: {
    fr: 'le fait relire comme un nouveau fichier, une fois la cause corrigée',
    en: 'have it read again like a new file, once the cause is mended',
  },
  quarantineDiscard: {
    fr: 'l’écarte : déplacé dans quarantine/discarded, jamais supprimé',
    en: 'put it aside: moved to quarantine/discarded, never deleted',
  },
  quarantineMessages: {
    fr: 'les messages HL7 refusés à l’arrivée : quand et pourquoi, jamais leur contenu',
    en: 'the HL7 messages refused as they came: when and why, never what is in them',
  },
  messagesLimit: { fr: 'au plus tant de messages par source', en: 'at most that many messages a source' },
  messagesOut: {
    fr: 'plutôt : les écrit dans ce fichier nouveau, lisible par vous seul (données de patients en clair)',
    en: 'instead: write them to this new file, readable by you only (patients’ data in clear)',
  },
  quarantineRetry: {
    fr: 'relit les messages HL7 refusés avec les règles d’aujourd’hui, après aperçu',
    en: 'read the refused HL7 messages again with today’s rules, after a preview',
  },
  carryExport: {
    fr: 'met les plis en attente dans un fichier, à porter à la région (receiver carry import)',
    en: 'put the waiting envelopes in a file, to be taken to the region (receiver carry import)',
  },
  carryImport: {
    fr: 'prend en compte la réponse que la région a écrite',
    en: 'take in the answer that the region wrote',
  },
  faults: {
    fr: 'la liste de ce qui est à corriger dans le logiciel, pour un jour (hier par défaut) ; elle reste à l’hôpital',
    en: 'the list of what is to be mended in the software, for one day (yesterday by default); it stays at the hospital',
  },
  faultsDay: {
    fr: 'jour des entrées (2026-01-21 ou 21/01/2026)',
    en: 'day of entry (2026-01-21 or 21/01/2026)',
  },
  faultsCsv: {
    fr: 'écrit la liste dans ce fichier, lisible par vous seul, supprimé après 7 jours',
    en: 'write the list to this file, readable by you only, removed after 7 days',
  },
  faultsClean: { fr: 'plutôt : supprime les listes périmées', en: 'instead: remove expired lists' },
  mute: {
    fr: 'retire une règle de la liste jusqu’à un jour ; ce qui est envoyé ne change pas',
    en: 'take a rule off the list until a day; what is sent does not change',
  },
  muteField: { fr: 'ce champ seulement', en: 'this field only' },
  muteUntil: { fr: 'dernier jour de la sourdine', en: 'last day of the mute' },
  muteReason: { fr: 'pourquoi (jamais de donnée de patient)', en: 'why (never a patient value)' },
  muted: { fr: 'ce qui est en sourdine', en: 'what is muted' },
  unmute: {
    fr: 'remet dans la liste (numéro donné par faults muted)',
    en: 'put back on the list (number from faults muted)',
  },
} as const satisfies Record<string, Bilingual>;
