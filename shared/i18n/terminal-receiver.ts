import type { Bilingual } from './texts.ts';

/** What the receiver's commands print. */
export const receiverTerminal = {
  regionCreated: { fr: 'Région « {name} » créée dans {folder}', en: 'Region "{name}" created in {folder}' },
  recoveryKey: {
    fr: 'CLÉ DE SECOURS : {path}\nDéplacez ce dossier hors ligne dès maintenant, puis effacez-le ici. Elle ouvre tous les plis.',
    en: 'RECOVERY KEY: {path}\nMove this folder offline now, then erase it here. It opens every envelope.',
  },
  rootDigest: { fr: 'Empreinte de la racine : {digest}', en: 'Digest of the root: {digest}' },
  initNext: {
    fr: 'Ensuite : facility add, agent invite, puis serve',
    en: 'Next: facility add, agent invite, then serve',
  },
  facilityAdded: { fr: '{finess} {name} : enregistré', en: '{finess} {name}: registered' },
  facilityAliased: {
    fr: '{old} devient {to} à partir du {from}',
    en: '{old} becomes {to} from {from}',
  },
  nothing: { fr: '(aucun)', en: '(none)' },
  agentInvited: { fr: 'Agent {agent} ({name}) invité', en: 'Agent {agent} ({name}) invited' },
  codeOnce: {
    fr: 'Code d’enrôlement, montré une seule fois, bon jusqu’au {expires} :',
    en: 'Enrolment code, shown only once, good until {expires}:',
  },
  agentRevoked: {
    fr: 'Agent {agent} révoqué : plus rien de lui n’est accepté dès maintenant',
    en: 'Agent {agent} revoked: nothing of his is accepted from now on',
  },
  agentLine: {
    fr: '{id}  {status}  {name}  [{facilities}]  dernier signe de vie : {seen}',
    en: '{id}  {status}  {name}  [{facilities}]  last heartbeat: {seen}',
  },
  never: { fr: 'jamais', en: 'never' },
  statusEnvelopes: { fr: 'Plis : {counts}', en: 'Envelopes: {counts}' },
  statusExports: { fr: 'Fichiers : {counts}', en: 'Exports: {counts}' },
  statusDispatches: { fr: 'Envois : {counts}', en: 'Dispatches: {counts}' },
  statusRecords: { fr: 'Enregistrements : {counts}', en: 'Records: {counts}' },
  statusHeld: {
    fr: 'À décider : {facility} {feed} partie {part}, {day} : {count} suppressions suspendues → decide {facility}:{part}:{day} confirm|keep',
    en: 'To decide: {facility} {feed} part {part}, {day}: {count} removals suspended → decide {facility}:{part}:{day} confirm|keep',
  },
  statusHeldExport: {
    fr: 'Retenu : fichier {id} ({facility} {feed} partie {part}) → decide {id} confirm|keep',
    en: 'Held: export {id} ({facility} {feed} part {part}) → decide {id} confirm|keep',
  },
  statusWaiting: {
    fr: 'En attente : fichier {id}, établissement {facility} inconnu → facility add {facility} --name NOM',
    en: 'Waiting: export {id}, facility {facility} unknown → facility add {facility} --name NAME',
  },
  statusIncomplete: {
    fr: 'Incomplet depuis plus de 24 h : fichier {id} ({facility} {feed}) → voir l’agent {agent}',
    en: 'Incomplete for over 24 h: export {id} ({facility} {feed}) → look at agent {agent}',
  },
  statusReject: {
    fr: 'Rejeté chez l’agent {agent} : source {source}, {code} (ligne {line})',
    en: 'Rejected at agent {agent}: source {source}, {code} (line {line})',
  },
  statusRefused: {
    fr: 'Rejeté ici : fichier {id} ({facility} {feed})',
    en: 'Rejected here: export {id} ({facility} {feed})',
  },
  statusFine: { fr: 'Rien ne demande votre attention', en: 'Nothing needs your attention' },
  traceRecord: {
    fr: 'Enregistrement {key}#{rank}, {facility} {feed} partie {part}, jour {day} : fichier {export}, enregistrement {record}, ligne {line}',
    en: 'Record {key}#{rank}, {facility} {feed} part {part}, day {day}: export {export}, record {record}, line {line}',
  },
  traceExport: {
    fr: 'Fichier {id}, {facility} {feed} partie {part}, de l’agent {agent}, reçu le {at} : {state}',
    en: 'Export {id}, {facility} {feed} part {part}, from agent {agent}, received {at}: {state}',
  },
  traceEnvelope: {
    fr: 'Pli {id} (tranche {slice}, registre {epoch}/{seq}), reçu le {at} : {state}',
    en: 'Envelope {id} (slice {slice}, ledger {epoch}/{seq}), received {at}: {state}',
  },
  traceDispatch: {
    fr: 'Envoi {name} à {destination}, du {from} au {to}, {records} enregistrement(s), composé par {cause} : {state} le {at}{code}',
    en: 'Dispatch {name} to {destination}, {from} to {to}, {records} record(s), made by {cause}: {state} {at}{code}',
  },
  traceReceipt: { fr: 'Reçu signé « {kind} » du {at}{about}', en: 'Signed receipt "{kind}" of {at}{about}' },
  traceReceiptDispatch: { fr: ' : {dispatch}, {destination}', en: ': {dispatch}, {destination}' },
  verifyLedger: {
    fr: '{agent} {feed} époque {epoch} : {envelopes} plis, {receipts} reçus, {contents} contenus vérifiés, {faults} défauts',
    en: '{agent} {feed} epoch {epoch}: {envelopes} envelopes, {receipts} receipts, {contents} contents verified, {faults} faults',
  },
  verifyFault: { fr: '  n° {seq} : {fault}', en: '  no. {seq}: {fault}' },
  verifyGood: {
    fr: 'Rien ne manque, rien n’a été altéré ni ajouté',
    en: 'Nothing is missing, altered or added',
  },
  verifyBad: { fr: '{faults} défauts', en: '{faults} faults' },
  decided: {
    fr: '{count} décisions prises ; {removed} suppressions ; {dispatches} envois composés',
    en: '{count} decisions taken; {removed} removals; {dispatches} dispatches composed',
  },
  aliasMoved: { fr: '{moved} enregistrements déplacés', en: '{moved} records moved' },
  carried: {
    fr: 'Agent {agent} : {stored} pli(s) reçu(s), {repeats} déjà reçu(s) auparavant',
    en: 'Agent {agent}: {stored} envelope(s) received, {repeats} received before',
  },
  carryRefused: {
    fr: '! {count} pli(s) que le registre n’accepte pas ({code}) : l’agent les fera relire à son prochain contact',
    en: '! {count} envelope(s) that the ledger does not accept ({code}): the agent has them read again at its next contact',
  },
  carryAnswer: {
    fr: 'Réponse à rapporter à l’hôpital : {file} (agent carry import)',
    en: 'Answer to take back to the hospital: {file} (agent carry import)',
  },
  carryNoAnswer: {
    fr: 'Sans réponse écrite (--answer), l’agent apprendra au prochain contact que tout est reçu',
    en: 'Without a written answer (--answer), the agent learns at its next contact that all is received',
  },
} as const satisfies Record<string, Bilingual>;
export type ReceiverTerminalText = keyof typeof receiverTerminal;
