import type { Bilingual } from './texts.ts';

/** What the agent's commands print. */
export const agentTexts = {
  enrolled: {
    fr: 'Agent « {name} » enrôlé (région : {region}), pour : {facilities}',
    en: 'Agent "{name}" enrolled (region: {region}), for: {facilities}',
  },
  enrolAwaiting: {
    fr: 'Une seconde personne de la région doit admettre cette machine. Lisez-lui cette empreinte, et laissez attendre : {fingerprint}',
    en: 'A second person of the region must let this machine in. Read this fingerprint to them, and let it wait: {fingerprint}',
  },
  enrolledNext: {
    fr: 'Lancez-le maintenant : npm run agent -- run --config {config}',
    en: 'Start it now: npm run agent -- run --config {config}',
  },
  enrolledNextInstalled: {
    fr: 'Ensuite, si « setup » ne s’en charge pas : vaguemestre-agent service install, puis service start',
    en: 'Next, unless "setup" does it: vaguemestre-agent service install, then service start',
  },
  replacedOld: {
    fr: 'Il remplace l’ancien, dont les certificats ne valent plus rien.',
    en: 'It takes the place of the old one, whose certificates are worth nothing now.',
  },
  running: { fr: 'L’agent tourne. Ctrl-C pour l’arrêter.', en: 'The agent is running. Ctrl-C stops it.' },
  onceSummary: {
    fr: '{exports} fichier(s), {records} enregistrement(s)',
    en: '{exports} file(s), {records} record(s)',
  },
  statusHead: { fr: 'Agent « {name} » (région : {region})', en: 'Agent "{name}" (region: {region})' },
  statusMessages: {
    fr: '  Messages HL7 : {taken} pris, {refused} refusé(s), le dernier reçu le {lastAt}',
    en: '  HL7 messages: {taken} taken, {refused} refused, the last one at {lastAt}',
  },
  statusMessageRefused: {
    fr: ' ; dernier refus : {code} en {place}, le {at}',
    en: '; last refused: {code} at {place}, {at}',
  },
  statusBacklog: {
    fr: '{feed} : {seq} pli(s) scellé(s), {pending} en attente',
    en: '{feed}: {seq} envelope(s) sealed, {pending} waiting',
  },
  statusReceipt: { fr: 'Dernier reçu signé : {at}', en: 'Last signed receipt: {at}' },
  statusCertificate: {
    fr: 'Certificats valables jusqu’au {until} (renouvelés tout seuls)',
    en: 'Certificates good until {until} (renewed by themselves)',
  },
  statusWell: { fr: 'Tout va bien.', en: 'All is well.' },
  verified: {
    fr: '{envelopes} pli(s), {receipts} reçu(s), {contents} contenu(s) vérifiés : {faults} faute(s)',
    en: '{envelopes} envelope(s), {receipts} receipt(s), {contents} content(s) verified: {faults} fault(s)',
  },
  traceExport: {
    fr: 'Fichier {file} (export {export}), lu le {readAt} : {state}',
    en: 'File {file} (export {export}), read {readAt}: {state}',
  },
  traceRecord: {
    fr: 'Enregistrement {record}, ligne {line}, jour {day}, clé {key}',
    en: 'Record {record}, line {line}, day {day}, key {key}',
  },
  traceRejected: {
    fr: 'Enregistrement {record}, ligne {line} : refusé par la règle {rule}',
    en: 'Record {record}, line {line}: rejected by rule {rule}',
  },
  traceEnvelope: {
    fr: 'Pli {id} (tranche {slice}, registre {epoch}/{seq}) : {state}',
    en: 'Envelope {id} (slice {slice}, ledger {epoch}/{seq}): {state}',
  },
  traceCounts: {
    fr: 'À la région : {added} ajouté(s), {updated} corrigé(s), {unchanged} inchangé(s), {stale} plus ancien(s) que ce qu’elle a, {removed} retiré(s), {suspended} retrait(s) en attente de décision',
    en: 'At the region: {added} added, {updated} corrected, {unchanged} unchanged, {stale} older than what it has, {removed} removed, {suspended} removal(s) waiting for a decision',
  },
  traceReceipt: { fr: 'Reçu « {kind} » du {at}', en: 'Receipt "{kind}" of {at}' },
  traceDeliveryReceipt: {
    fr: 'Reçu « {kind} » du {at} : {dispatch}, {destination}',
    en: 'Receipt "{kind}" of {at}: {dispatch}, {destination}',
  },
  traceDispatch: {
    fr: 'Envoi {name} vers {destination}, du {from} au {to} : {delivery}',
    en: 'Dispatch {name} to {destination}, {from} to {to}: {delivery}',
  },
  traceFileGone: {
    fr: 'Le fichier n’est plus là (ou a changé) : la ligne ne peut être retrouvée',
    en: 'The file is gone (or has changed): the line cannot be found again',
  },
  resendAsked: {
    fr: '{file} sera relu et renvoyé par l’agent en marche (ou à sa prochaine exécution)',
    en: '{file} will be read and sent again by the running agent (or its next run)',
  },
  traceDelivered: { fr: '{state} le {at}', en: '{state} on {at}' },
  traceCode: { fr: ' (code {code})', en: ' (code {code})' },
  traceNotDelivered: { fr: 'pas encore remis', en: 'not delivered yet' },
  'state-forwarded': { fr: 'transmis', en: 'forwarded' },
  'state-rejected': { fr: 'refusé', en: 'rejected' },
  'state-held': { fr: 'retenu', en: 'held' },
  'state-duplicate': { fr: 'déjà reçu', en: 'duplicate' },
  'state-unknown': { fr: 'en route', en: 'on its way' },
  'state-processed': { fr: 'traité', en: 'processed' },
  'state-decided': { fr: 'décidé', en: 'decided' },
  'state-acknowledged': { fr: 'acquitté', en: 'acknowledged' },
  'state-refused': { fr: 'refusé par l’agence', en: 'refused by the agency' },
} as const satisfies Record<string, Bilingual>;

/** Where an envelope stands. */
export const envelopeTexts: Readonly<Record<string, Bilingual>> = {
  staged: { fr: 'en préparation', en: 'being prepared' },
  pending: { fr: 'en attente d’envoi', en: 'waiting to be sent' },
  sending: { fr: 'en cours d’envoi', en: 'being sent' },
  accepted: { fr: 'reçu par la région le {at}', en: 'received by the region on {at}' },
  dead: { fr: 'abandonné', en: 'given up' },
};

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
