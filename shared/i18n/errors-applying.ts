import type { ErrorText } from './texts.ts';

/** What the receiver answers when it opens, applies, holds or moves what a hospital sent. */
export const applyingErrors = {
  'envelope-content-missing': {
    message: {
      fr: 'Le contenu de ce pli ne se trouve plus dans la boîte de réception',
      en: 'The content of this envelope is no longer in the inbox',
    },
    hint: {
      fr: 'La base du récepteur a été modifiée ou mal restaurée : vérifiez-la avec la commande verify, puis demandez à l’établissement de renvoyer le fichier',
      en: "The receiver's database was altered or badly restored: check it with the verify command, then ask the hospital to resend the file",
    },
  },
  'feed-unknown': {
    message: {
      fr: 'Le récepteur ne connaît pas le flux {feed}',
      en: 'The receiver does not know the feed {feed}',
    },
    hint: {
      fr: 'Mettez le récepteur à jour, puis renvoyez le fichier depuis l’agent',
      en: 'Update the receiver, then resend the file from the agent',
    },
  },
  'schema-unknown': {
    message: {
      fr: 'Le récepteur ne connaît pas la version {found} du flux {feed}',
      en: 'The receiver does not know version {found} of the feed {feed}',
    },
    hint: {
      fr: 'Mettez à jour celui des deux, agent ou récepteur, qui est en retard, puis renvoyez le fichier depuis l’agent',
      en: 'Update whichever of the two, agent or receiver, is behind, then resend the file from the agent',
    },
  },
  'facility-not-allowed': {
    message: {
      fr: 'Cet agent n’est pas autorisé à envoyer pour l’établissement {facility}',
      en: 'This agent is not allowed to send for the facility {facility}',
    },
    hint: {
      fr: 'Ajoutez l’établissement à l’agent dans la région, ou corrigez le FINESS du fichier, puis renvoyez-le',
      en: 'Add the facility to the agent in the region, or correct the FINESS of the file, then resend it',
    },
  },
  'record-not-valid': {
    message: {
      fr: 'L’enregistrement {record} n’a pas la forme attendue du flux',
      en: 'Record {record} does not have the form its feed expects',
    },
    hint: {
      fr: 'L’agent vérifie la même forme avant d’envoyer : mettez-le à jour ; si le rejet persiste, joignez ce reçu à votre demande d’assistance',
      en: 'The agent checks the same form before sending: update it; if it is rejected again, attach this receipt to your support request',
    },
  },
  'record-facility-differs': {
    message: {
      fr: 'L’enregistrement {record} nomme un autre établissement que son lot',
      en: 'Record {record} names another facility than its batch',
    },
    hint: {
      fr: 'Un fichier ne doit porter qu’un FINESS : corrigez l’export du logiciel, puis renvoyez-le',
      en: 'A file must carry one FINESS only: correct the export of the software, then resend it',
    },
  },
  'slice-does-not-fit': {
    message: {
      fr: 'Cette tranche ne s’accorde pas avec les autres tranches de son fichier',
      en: 'This slice does not fit the other slices of its file',
    },
    hint: {
      fr: 'Renvoyez le fichier depuis l’agent ; si le rejet persiste, joignez ce reçu à votre demande d’assistance',
      en: 'Resend the file from the agent; if it is rejected again, attach this receipt to your support request',
    },
  },
  'slice-repeated': {
    message: {
      fr: 'Cette tranche du fichier était déjà arrivée dans un autre pli',
      en: 'This slice of the file had already come in another envelope',
    },
    hint: {
      fr: 'Renvoyez le fichier depuis l’agent ; si le rejet persiste, joignez ce reçu à votre demande d’assistance',
      en: 'Resend the file from the agent; if it is rejected again, attach this receipt to your support request',
    },
  },
  'export-settled': {
    message: {
      fr: 'Le fichier auquel ce pli appartient a déjà été traité ou rejeté',
      en: 'The file this envelope belongs to has already been processed or rejected',
    },
    hint: {
      fr: 'Consultez le reçu précédent du même fichier : s’il est rejeté, corrigez-le et renvoyez-le ; sinon il n’y a rien à faire',
      en: 'See the earlier receipt of the same file: if it was rejected, correct it and resend it; otherwise there is nothing to do',
    },
  },
  'export-count-differs': {
    message: {
      fr: 'Le fichier annonce {expected} enregistrements, {found} sont arrivés : rien n’a été appliqué',
      en: 'The file announces {expected} records, {found} arrived: nothing was applied',
    },
    hint: {
      fr: 'Renvoyez le fichier depuis l’agent ; si le rejet persiste, joignez ce reçu à votre demande d’assistance',
      en: 'Resend the file from the agent; if it is rejected again, attach this receipt to your support request',
    },
  },
  'decision-export-unknown': {
    message: { fr: 'Aucun fichier ne porte le numéro {export}', en: 'No file has the number {export}' },
    hint: {
      fr: 'Prenez le numéro dans la liste des fichiers retenus de la commande status',
      en: 'Take the number from the list of held files in the status command',
    },
  },
  'decision-not-open': {
    message: {
      fr: 'Rien n’attend de décision pour {target}',
      en: 'Nothing waits for a decision on {target}',
    },
    hint: {
      fr: 'La décision a pu être prise, ou un fichier plus récent la remplacer : consultez la commande status',
      en: 'It may have been decided, or a newer file may have replaced it: see the status command',
    },
  },
  'alias-facility-unknown': {
    message: {
      fr: 'L’établissement {facility} n’est pas enregistré',
      en: 'The facility {facility} is not registered',
    },
    hint: {
      fr: 'Enregistrez les deux établissements avec facility add, puis recommencez',
      en: 'Register both facilities with facility add, then try again',
    },
  },
  'alias-exists': {
    message: {
      fr: 'L’établissement {facility} a déjà un nouveau numéro',
      en: 'The facility {facility} already has a new number',
    },
    hint: {
      fr: 'Consultez facility list ; un renommage ne se remplace pas, car ses passages ont déjà changé de numéro',
      en: 'See facility list; an alias is not replaced, because its visits have already changed number',
    },
  },
  'alias-chain': {
    message: {
      fr: 'Ce renommage de {facility} en suivrait ou en précéderait un autre',
      en: 'This alias of {facility} would follow or precede another one',
    },
    hint: {
      fr: 'Désignez directement l’établissement d’aujourd’hui : un renommage ne passe pas par un autre',
      en: 'Name the facility of today directly: an alias does not pass through another',
    },
  },
} as const satisfies Record<string, ErrorText>;
