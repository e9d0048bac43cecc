import type { ErrorText } from './texts.ts';

/** Errors of HL7 v2 ADT messages and what is assembled from them. */
export const adtErrors = {
  'vault-key-unreadable': {
    message: {
      fr: 'La clé locale {file} ne se lit pas ou n’est pas entière',
      en: 'The local key {file} cannot be read or is not whole',
    },
    hint: {
      fr: 'Rendez le fichier lisible au compte du service, ou remettez-le depuis une copie ; sans lui, renommez-le et faites relire les sources : agent doctor --repair',
      en: 'Make the file readable for the service account, or bring it back from a copy; without one, rename it and have the sources read again: agent doctor --repair',
    },
  },
  'vault-damaged': {
    message: {
      fr: 'Une donnée chiffrée de la base locale est abîmée ou vient d’une autre clé',
      en: 'Encrypted data of the local database is damaged or belongs to another key',
    },
    hint: {
      fr: 'Lancez : agent doctor --repair ; les sources encore lisibles reconstituent ce qui manque',
      en: 'Run: agent doctor --repair; sources that can still be read rebuild what is missing',
    },
  },
  'hl7-header-missing': {
    message: {
      fr: 'Aucun en-tête MSH là où un message HL7 doit commencer',
      en: 'No MSH header where an HL7 message must begin',
    },
    hint: {
      fr: 'Vérifiez que ces données sont bien des messages HL7 v2 ; si le fichier est coupé, faites-le renvoyer',
      en: 'Check that this data really is HL7 v2 messages; if the file is cut, have it sent again',
    },
  },
  'hl7-separators-unreadable': {
    message: {
      fr: 'Les séparateurs annoncés par MSH-1 et MSH-2 sont inutilisables',
      en: 'The separators announced by MSH-1 and MSH-2 cannot be used',
    },
    hint: {
      fr: 'Demandez à l’éditeur l’en-tête habituel : MSH|^~\\& ; l’en-tête est peut-être coupé',
      en: 'Ask the vendor for the usual header: MSH|^~\\&; the header may be cut',
    },
  },
  'hl7-message-too-long': {
    message: {
      fr: 'Un message HL7 dépasse la taille permise',
      en: 'An HL7 message is larger than allowed',
    },
    hint: {
      fr: 'Un document y est sans doute joint : demandez à l’éditeur de n’envoyer ici que l’ADT',
      en: 'A document is probably attached: ask the vendor to send only ADT here',
    },
  },
  'hl7-too-many-segments': {
    message: {
      fr: 'Un message HL7 a trop de segments',
      en: 'An HL7 message has too many segments',
    },
    hint: {
      fr: 'Plusieurs messages se suivent peut-être sans en-tête MSH : signalez-le à l’éditeur',
      en: 'Several messages may follow each other without an MSH header: report it to the vendor',
    },
  },
  'hl7-too-many-fields': {
    message: {
      fr: 'Le segment {segment} a trop de champs',
      en: 'Segment {segment} has too many fields',
    },
    hint: {
      fr: 'Un texte contient sans doute le séparateur sans l’échapper : signalez-le à l’éditeur',
      en: 'A text probably holds the separator without escaping it: report it to the vendor',
    },
  },
  'adt-type-unsupported': {
    message: {
      fr: 'Ce message HL7 n’est pas un message ADT (MSH-9)',
      en: 'This HL7 message is not an ADT message (MSH-9)',
    },
    hint: {
      fr: 'Réglez l’émetteur pour qu’il n’envoie ici que l’ADT : identités et mouvements',
      en: 'Set the sender to send only ADT here: identities and movements',
    },
  },
  'adt-event-unsupported': {
    message: {
      fr: 'Cet événement ADT n’est pas de ceux de PAM France (MSH-9)',
      en: 'This ADT event is not one of PAM France (MSH-9)',
    },
    hint: {
      fr: 'Retirez cet événement de l’abonnement : il ne porte ni passage ni mouvement',
      en: 'Take this event out of the subscription: it carries neither visit nor movement',
    },
  },
  'adt-version-unsupported': {
    message: {
      fr: 'La version annoncée n’est pas une version 2.x de HL7 (MSH-12)',
      en: 'The version announced is not an HL7 2.x version (MSH-12)',
    },
    hint: {
      fr: 'Faites renseigner MSH-12, par exemple : 2.5^FRA^2.11',
      en: 'Have MSH-12 filled in, for example: 2.5^FRA^2.11',
    },
  },
  'adt-segment-missing': {
    message: { fr: 'Le segment {segment} manque', en: 'Segment {segment} is missing' },
    hint: {
      fr: 'PAM France l’exige pour tout mouvement : faites activer l’option « mouvements » chez l’émetteur',
      en: 'PAM France requires it for every movement: have the movement option enabled at the sender',
    },
  },
  'adt-field-missing': {
    message: { fr: 'Le champ {segment}-{field} est vide', en: 'Field {segment}-{field} is empty' },
    hint: {
      fr: 'Faites renseigner ce champ, puis renvoyer le message',
      en: 'Have this field filled in, then the message sent again',
    },
  },
  'adt-field-unreadable': {
    message: {
      fr: 'Le champ {segment}-{field} n’est pas une date HL7',
      en: 'Field {segment}-{field} is not an HL7 date',
    },
    hint: {
      fr: 'Attendu : AAAAMMJJ, suivi au besoin de HHMM ou HHMMSS ; faites corriger, puis renvoyer le message',
      en: 'Expected: YYYYMMDD, followed if need be by HHMM or HHMMSS; have it corrected and sent again',
    },
  },
  'adt-field-forbidden': {
    message: {
      fr: 'Le champ {segment}-{field} est rempli, ce que PAM France interdit',
      en: 'Field {segment}-{field} is filled in, which PAM France forbids',
    },
    hint: {
      fr: 'Un champ de trop décale sans doute tout le segment, l’action se trouvant en ZBE-5 : faites laisser ZBE-3 vide et mettre l’action en ZBE-4',
      en: 'One field too many probably shifts the whole segment, the action standing in ZBE-5: have ZBE-3 left empty and the action put in ZBE-4',
    },
  },
  'adt-action-incoherent': {
    message: {
      fr: 'L’action du mouvement ({segment}-{field}) ne va pas avec l’événement du message',
      en: 'The action of the movement ({segment}-{field}) does not go with the event of the message',
    },
    hint: {
      fr: 'Attendu : INSERT pour un mouvement, CANCEL pour une annulation, UPDATE pour Z99',
      en: 'Expected: INSERT for a movement, CANCEL for a cancellation, UPDATE for Z99',
    },
  },
  'adt-origin-incoherent': {
    message: {
      fr: 'L’événement d’origine ({segment}-{field}) ne va pas avec l’événement du message',
      en: 'The original event ({segment}-{field}) does not go with the event of the message',
    },
    hint: {
      fr: 'Attendu : l’événement qui a créé le mouvement, par exemple A03 quand A13 l’annule',
      en: 'Expected: the event that made the movement, for example A03 when A13 cancels it',
    },
  },
  'mllp-not-listening': {
    message: {
      fr: 'Impossible d’écouter sur {host}, port {port} ({reason})',
      en: 'Cannot listen on {host}, port {port} ({reason})',
    },
    hint: {
      fr: 'Libérez ce port ou choisissez-en un autre sous adt.listen, puis redémarrez l’agent',
      en: 'Free that port or choose another under adt.listen, then restart the agent',
    },
  },
  'adt-settings-missing': {
    message: {
      fr: 'La source {source} reçoit des messages HL7 v2 : il lui manque {missing}',
      en: 'Source {source} takes HL7 v2 messages: it lacks {missing}',
    },
    hint: {
      fr: 'Donnez à la source un facility (FINESS géographique) et une seule correspondance de format hl7v2, par exemple pam-fr',
      en: 'Give the source a facility (geographic FINESS) and one mapping of format hl7v2, for example pam-fr',
    },
  },
} as const satisfies Record<string, ErrorText>;
