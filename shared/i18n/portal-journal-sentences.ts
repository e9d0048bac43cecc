import { accountSentences } from './portal-journal-accounts.ts';
import { extractionSentences } from './portal-journal-extractions.ts';
import { keySentences } from './portal-journal-keys.ts';
import { regionSentences } from './portal-journal-region.ts';
import type { Bilingual } from './texts.ts';

/** Each action of the audit log: its name in filters, and the sentence of a line. The reason follows by itself. */
export interface JournalSentence {
  readonly name: Bilingual;
  readonly text: Bilingual;
}

const journalSentences: Readonly<Record<string, JournalSentence>> = {
  'removals.confirm': {
    name: { fr: 'Retrait de passages', en: 'Removal of visits' },
    text: {
      fr: '{who} retire {visits} passages ({from} au {to}), lot {subject}',
      en: '{who} removes {visits} visits ({from} to {to}), batch {subject}',
    },
  },
  'removals.keep': {
    name: { fr: 'Passages gardés', en: 'Visits kept' },
    text: {
      fr: '{who} garde {visits} passages ({from} au {to}), lot {subject}',
      en: '{who} keeps {visits} visits ({from} to {to}), batch {subject}',
    },
  },
  'removals.propose-confirm': {
    name: { fr: 'Retrait proposé', en: 'Removal proposed' },
    text: {
      fr: '{who} propose de retirer {visits} passages, lot {subject}',
      en: '{who} proposes to remove {visits} visits, batch {subject}',
    },
  },
  'removals.propose-keep': {
    name: { fr: 'Maintien proposé', en: 'Keeping proposed' },
    text: {
      fr: '{who} propose de garder {visits} passages, lot {subject}',
      en: '{who} proposes to keep {visits} visits, batch {subject}',
    },
  },
  'removals.withdraw': {
    name: { fr: 'Proposition abandonnée', en: 'Proposal withdrawn' },
    text: {
      fr: '{who} abandonne la proposition sur {visits} passages, lot {subject}',
      en: '{who} withdraws the proposal on {visits} visits, batch {subject}',
    },
  },
  'record.read': {
    name: { fr: 'Consultation d’un passage', en: 'A visit looked up' },
    text: {
      fr: '{who} consulte le trajet d’un passage ({subject})',
      en: '{who} looks up the way of a visit ({subject})',
    },
  },
  'facility.add': {
    name: { fr: 'Établissement ajouté', en: 'Facility added' },
    text: { fr: '{who} enregistre {name} ({subject})', en: '{who} registers {name} ({subject})' },
  },
  'facility.rename': {
    name: { fr: 'Établissement renommé', en: 'Facility renamed' },
    text: { fr: '{who} renomme {subject} en {name}', en: '{who} renames {subject} to {name}' },
  },
  'facility.alias': {
    name: { fr: 'Changement de numéro', en: 'Change of number' },
    text: {
      fr: '{who} rattache {old} à {facility} à partir du {from} ({moved} passages déplacés)',
      en: '{who} joins {old} to {facility} from {from} on ({moved} visits moved)',
    },
  },
  'facility.declare': {
    name: { fr: 'Volume annuel déclaré', en: 'Annual volume declared' },
    text: {
      fr: '{who} déclare {annual} passages par an pour {facility}',
      en: '{who} declares {annual} visits a year for {facility}',
    },
  },
  'syndromes.set': {
    name: { fr: 'Groupes syndromiques changés', en: 'Syndromic groups changed' },
    text: {
      fr: '{who} établit la version {subject} des groupes syndromiques ({groups} groupes)',
      en: '{who} sets version {subject} of the syndromic groups ({groups} groups)',
    },
  },
  'report.make': {
    name: { fr: 'Rapport demandé', en: 'Report asked for' },
    text: {
      fr: '{who} établit le rapport {subject} ({period}, {language})',
      en: '{who} makes report {subject} ({period}, {language})',
    },
  },
  'report.retry': {
    name: { fr: 'Rapport renvoyé', en: 'Report sent again' },
    text: {
      fr: '{who} fait repartir {mails} courriels du rapport {subject}',
      en: '{who} has {mails} mails of report {subject} leave again',
    },
  },
  'history.import': {
    name: { fr: 'Historique importé', en: 'History imported' },
    text: {
      fr: '{who} importe {visits} passages de {facilities} établissements, {days} jours',
      en: '{who} imports {visits} visits of {facilities} facilities, {days} days',
    },
  },
  'carry.import': {
    name: { fr: 'Plis apportés à la main', en: 'Envelopes carried by hand' },
    text: {
      fr: '{who} apporte {stored} plis de l’agent {subject} ({repeats} déjà reçus)',
      en: '{who} brings {stored} envelopes of agent {subject} ({repeats} received before)',
    },
  },
  'agent.invite': {
    name: { fr: 'Code d’installation', en: 'Installation code' },
    text: {
      fr: '{who} crée un code pour {name} ({facilities})',
      en: '{who} creates a code for {name} ({facilities})',
    },
  },
  'agent.revoke': {
    name: { fr: 'Agent révoqué', en: 'Agent revoked' },
    text: { fr: '{who} révoque l’agent {name}', en: '{who} revokes agent {name}' },
  },
  'destination.pause': {
    name: { fr: 'Destination suspendue', en: 'Destination paused' },
    text: { fr: '{who} suspend {destination}', en: '{who} pauses {destination}' },
  },
  'destination.resume': {
    name: { fr: 'Destination reprise', en: 'Destination resumed' },
    text: { fr: '{who} reprend {destination}', en: '{who} resumes {destination}' },
  },
  'destination.retry': {
    name: { fr: 'Nouvel essai d’envoi', en: 'Sending retried' },
    text: {
      fr: '{who} relance {destination} ({files} fichiers recomposés)',
      en: '{who} retries {destination} ({files} files composed again)',
    },
  },
  'destination.replay': {
    name: { fr: 'Renvoi à une destination', en: 'Resend to a destination' },
    text: {
      fr: '{who} renvoie à {destination} les jours {from} au {to}',
      en: '{who} sends {destination} the days {from} to {to} again',
    },
  },
  'dispatch.set-aside': {
    name: { fr: 'Fichier mis de côté', en: 'File set aside' },
    text: {
      fr: '{who} met de côté {subject} pour {destination}',
      en: '{who} sets aside {subject} for {destination}',
    },
  },
  'dispatch.acknowledge': {
    name: { fr: 'Accusé de réception', en: 'Acknowledgement' },
    text: {
      fr: '{who} accuse {subject}, {visits} passages, pour {destination}',
      en: '{who} acknowledges {subject}, {visits} visits, for {destination}',
    },
  },
  'dispatch.refuse': {
    name: { fr: 'Fichier refusé', en: 'File refused' },
    text: {
      fr: '{who} refuse {subject} pour {destination} ({code})',
      en: '{who} refuses {subject} for {destination} ({code})',
    },
  },
  'key.approve': {
    name: { fr: 'Clé d’agence approuvée', en: 'Agency key approved' },
    text: {
      fr: '{who} approuve la clé de {destination} (empreinte {fingerprint})',
      en: '{who} vouches for the key of {destination} (digest {fingerprint})',
    },
  },
  'notice.add': {
    name: { fr: 'Fermeture ou service dégradé', en: 'Closure or degraded service' },
    text: {
      fr: '{who} déclare {facility} : {kind}, du {from} au {to}',
      en: '{who} declares {facility}: {kind}, {from} to {to}',
    },
  },
  'notice.end': {
    name: { fr: 'Déclaration terminée', en: 'Declaration ended' },
    text: { fr: '{who} met fin à la déclaration {subject}', en: '{who} ends declaration {subject}' },
  },
  'destination.suspend': {
    name: { fr: 'Destination suspendue', en: 'Destination paused' },
    text: {
      fr: '{who} suspend {destination} jusqu’au {until}',
      en: '{who} pauses {destination} until {until}',
    },
  },
  'destination.try': {
    name: { fr: 'Nouvel essai demandé', en: 'Try asked for' },
    text: { fr: '{who} fait réessayer {destination}', en: '{who} has {destination} tried again' },
  },
  'destination.resend': {
    name: { fr: 'Renvoi à une destination', en: 'Resend to a destination' },
    text: {
      fr: '{who} renvoie {records} passages à {destination}, du {from} au {to} (déjà accusés : {acknowledged})',
      en: '{who} sends {records} visits to {destination} again, {from} to {to} (acknowledged already: {acknowledged})',
    },
  },
  'dispatch.again': {
    name: { fr: 'Fichier recomposé', en: 'File composed again' },
    text: {
      fr: '{who} recompose {subject} pour {destination} ({records} passages)',
      en: '{who} composes {subject} for {destination} again ({records} visits)',
    },
  },
  'delivery.download': {
    name: { fr: 'Livraison téléchargée', en: 'Delivery downloaded' },
    text: {
      fr: '{who} télécharge {subject}, {records} passages',
      en: '{who} downloads {subject}, {records} visits',
    },
  },
  'delivery.acknowledge': {
    name: { fr: 'Livraison accusée', en: 'Delivery acknowledged' },
    text: {
      fr: '{who} accuse {subject}, {records} passages, empreinte {digest}',
      en: '{who} acknowledges {subject}, {records} visits, digest {digest}',
    },
  },
  'delivery.refuse': {
    name: { fr: 'Livraison refusée', en: 'Delivery refused' },
    text: { fr: '{who} refuse {subject}', en: '{who} refuses {subject}' },
  },
  'contact.first': {
    name: { fr: 'Premier contact désigné', en: 'First contact named' },
    text: {
      fr: '{who} désigne le premier contact de {facility}',
      en: '{who} names the first contact of {facility}',
    },
  },
  'alert.take': {
    name: { fr: 'Alerte prise', en: 'Alert taken' },
    text: { fr: '{who} prend l’alerte {subject}', en: '{who} takes alert {subject}' },
  },
  'alert.release': {
    name: { fr: 'Alerte rendue', en: 'Alert given back' },
    text: { fr: '{who} rend l’alerte {subject}', en: '{who} gives alert {subject} back' },
  },
  'alert.close': {
    name: { fr: 'Alerte close', en: 'Alert closed' },
    text: { fr: '{who} clôt l’alerte {subject}', en: '{who} closes alert {subject}' },
  },
  'alert.call': {
    name: { fr: 'Appel noté', en: 'Call noted' },
    text: { fr: '{who} appelle {facility}, alerte {subject}', en: '{who} calls {facility}, alert {subject}' },
  },
  'alert.note': {
    name: { fr: 'Note d’alerte', en: 'Alert note' },
    text: { fr: '{who} note sur l’alerte {subject}', en: '{who} writes a note on alert {subject}' },
  },
  'alert.test': {
    name: { fr: 'Essai d’alerte', en: 'Alert tried out' },
    text: { fr: '{who} essaie l’envoi des alertes', en: '{who} tries out the alert messages' },
  },
  'days.ask': {
    name: { fr: 'Renvoi demandé', en: 'Resend asked' },
    text: {
      fr: '{who} demande à {facility} les jours {from} → {to}',
      en: '{who} asks {facility} for the days {from} → {to}',
    },
  },
  'days.withdraw': {
    name: { fr: 'Demande de renvoi retirée', en: 'Resend request withdrawn' },
    text: {
      fr: '{who} retire la demande {subject} à {facility}',
      en: '{who} withdraws request {subject} to {facility}',
    },
  },
  'closure.declare': {
    name: { fr: 'Fermeture déclarée', en: 'Closure declared' },
    text: {
      fr: '{who} déclare {facility} fermé {from} → {to}',
      en: '{who} declares {facility} closed {from} → {to}',
    },
  },
  'closure.withdraw': {
    name: { fr: 'Fermeture retirée', en: 'Closure withdrawn' },
    text: { fr: '{who} retire la fermeture de {facility}', en: '{who} withdraws the closure of {facility}' },
  },
  'degraded.start': {
    name: { fr: 'Service dégradé déclaré', en: 'Degraded service declared' },
    text: {
      fr: '{who} déclare {facility} en service dégradé depuis le {from}',
      en: '{who} declares {facility} degraded since {from}',
    },
  },
  'degraded.stop': {
    name: { fr: 'Service rétabli', en: 'Service restored' },
    text: {
      fr: '{who} déclare {facility} rétabli ({from} → {to})',
      en: '{who} declares {facility} restored ({from} → {to})',
    },
  },
  'hand-count.put': {
    name: { fr: 'Compte saisi à la main', en: 'Count entered by hand' },
    text: {
      fr: '{who} saisit {count} passages pour {facility}, {day}',
      en: '{who} enters {count} visits for {facility}, {day}',
    },
  },
  'hand-count.remove': {
    name: { fr: 'Compte à la main retiré', en: 'Count by hand removed' },
    text: {
      fr: '{who} retire le compte de {facility}, {day}',
      en: '{who} removes the count of {facility}, {day}',
    },
  },
  'contact.add': {
    name: { fr: 'Contact ajouté', en: 'Contact added' },
    text: { fr: '{who} ajoute un contact à {facility}', en: '{who} adds a contact to {facility}' },
  },
  'contact.change': {
    name: { fr: 'Contact modifié', en: 'Contact changed' },
    text: { fr: '{who} modifie un contact de {facility}', en: '{who} changes a contact of {facility}' },
  },
  'contact.remove': {
    name: { fr: 'Contact retiré', en: 'Contact removed' },
    text: { fr: '{who} retire un contact de {facility}', en: '{who} removes a contact of {facility}' },
  },
  'note.add': {
    name: { fr: 'Note ajoutée', en: 'Note added' },
    text: { fr: '{who} ajoute une note à {facility}', en: '{who} adds a note to {facility}' },
  },
  ...accountSentences,
  ...keySentences,
  ...regionSentences,
  ...extractionSentences,
};

export const journalActions: readonly string[] = Object.keys(journalSentences);

/** Undefined for an action this version does not know. */
export function sentenceNamed(action: string): JournalSentence | undefined {
  return Object.hasOwn(journalSentences, action) ? journalSentences[action] : undefined;
}
