import type { Bilingual, ErrorText } from './texts.ts';

/** Why a manifest is not believed. */
export const manifestFlaws = {
  form: { fr: 'ce n’est pas un bordereau', en: 'it is no manifest' },
  size: { fr: 'il est trop grand', en: 'it is too large' },
  key: {
    fr: 'il n’est signé par aucune clé de sa région',
    en: 'it is signed by no key of its region',
  },
  period: {
    fr: 'sa clé ne pouvait pas signer à cette date',
    en: 'its key was not allowed to sign at that date',
  },
  region: {
    fr: 'il parle au nom d’une autre région que celle de sa clé',
    en: 'it speaks for another region than its key’s',
  },
  signature: {
    fr: 'la signature ne correspond pas : il a été modifié',
    en: 'the signature does not match: it was altered',
  },
  differs: {
    fr: 'ce qui se lit n’est pas ce qui a été signé',
    en: 'what it shows is not what was signed',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type ManifestFlaw = keyof typeof manifestFlaws;

/** Calendars, replays, manifests and notices. */
export const calendarErrors = {
  'dispatch-not-set-aside': {
    message: {
      fr: 'L’envoi {name} vers {destination} n’est ni refusé ni abandonné (état : {state})',
      en: 'Dispatch {name} to {destination} was neither refused nor given up (state: {state})',
    },
    hint: {
      fr: 'Rien à recomposer : attendez son issue, ou rejouez ses jours (destination replay)',
      en: 'Nothing to compose again: wait for its outcome, or replay its days (destination replay)',
    },
  },
  'dispatch-composed-already': {
    message: {
      fr: 'L’envoi {name} vers {destination} a déjà été recomposé',
      en: 'Dispatch {name} to {destination} has been composed again already',
    },
    hint: {
      fr: 'Regardez ce qu’est devenu le nouvel envoi des mêmes jours : c’est lui qui compte',
      en: 'See what became of the newer dispatch of the same days: it is the one that counts',
    },
  },
  'dispatch-not-taken': {
    message: {
      fr: 'L’envoi {name} ne peut être recomposé : {destination} ne reçoit plus {feed} de {facility}',
      en: 'Dispatch {name} cannot be composed again: {destination} is not sent {feed} of {facility} any more',
    },
    hint: {
      fr: 'Rien à faire si c’est voulu ; sinon, remettez l’établissement ou le flux dans la destination, puis recommencez',
      en: 'Nothing to do if that is meant; otherwise put the facility or the feed back in the destination, then try again',
    },
  },
  'manifest-invalid': {
    message: {
      fr: 'Bordereau refusé : {reasonFr}',
      en: 'Manifest refused: {reasonEn}',
    },
    hint: {
      fr: 'N’en tenez pas compte. Demandez-le de nouveau à la région, et vérifiez que le fichier de confiance donné est bien le sien',
      en: 'Take no account of it. Ask the region for it again, and check that the trust bundle given is hers',
    },
  },
  'manifest-unreadable': {
    message: {
      fr: 'Fichier illisible : {file} ({reason})',
      en: 'File cannot be read: {file} ({reason})',
    },
    hint: {
      fr: 'Donnez un bordereau (M_….json ou son JWS), ou le fichier trust-bundle.jws d’une région',
      en: 'Give a manifest (M_....json or its JWS), or a region’s file trust-bundle.jws',
    },
  },
  'manifest-none': {
    message: {
      fr: 'Aucun bordereau pour la destination {destination} ({day})',
      en: 'No manifest for destination {destination} ({day})',
    },
    hint: {
      fr: 'Le premier est établi à l’heure limite qui suit le premier démarrage avec cette destination ; serve doit tourner',
      en: 'The first one is issued at the cut-off after the first start with this destination; serve must be running',
    },
  },
  'notice-facility-unknown': {
    message: {
      fr: 'Aucun établissement enregistré sous le FINESS {facility}',
      en: 'No facility is registered under FINESS {facility}',
    },
    hint: {
      fr: 'Vérifiez le numéro : facility list',
      en: 'Check the number: facility list',
    },
  },
  'notice-unknown': {
    message: { fr: 'Aucun avis n° {id}', en: 'No notice no. {id}' },
    hint: {
      fr: 'Pour les numéros en cours : facility notice list',
      en: 'For the numbers there are: facility notice list',
    },
  },
  'composed-again': {
    message: {
      fr: 'Cet envoi a été composé de nouveau, d’après ce que la région détient',
      en: 'This dispatch was composed again, from what the region holds',
    },
    hint: {
      fr: 'Rien à faire : celui qui le remplace suit sa route',
      en: 'Nothing to do: the one that replaces it goes its way',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
