import type { ErrorText } from './texts.ts';

/** Facilities looked after by people: what cannot be noted, declared or asked. */
export const careErrors = {
  'care-field-missing': {
    message: { fr: 'Une information manque ({field})', en: 'Something is missing ({field})' },
    hint: { fr: 'Remplissez ce champ ; rien n’a été changé', en: 'Fill in this field; nothing was changed' },
  },
  'care-field-long': {
    message: {
      fr: 'Texte trop long ({field}) : {most} caractères au plus',
      en: 'Text too long ({field}): {most} characters at most',
    },
    hint: { fr: 'Raccourcissez-le ; rien n’a été changé', en: 'Shorten it; nothing was changed' },
  },
  'care-phone-invalid': {
    message: {
      fr: 'Ce numéro de téléphone ne peut pas être composé',
      en: 'This phone number cannot be dialled',
    },
    hint: {
      fr: 'Chiffres, espaces et points, par exemple 03 99 00 21 14',
      en: 'Digits, spaces and dots, for example 03 99 00 21 14',
    },
  },
  'care-email-invalid': {
    message: { fr: 'Cette adresse électronique est incomplète', en: 'This e-mail address is incomplete' },
    hint: { fr: 'Par exemple astreinte@hopital.example', en: 'For example oncall@hospital.example' },
  },
  'care-contact-unreachable': {
    message: {
      fr: 'Ce contact n’a ni téléphone ni adresse électronique',
      en: 'This contact has neither a phone number nor an e-mail address',
    },
    hint: { fr: 'Indiquez au moins l’un des deux', en: 'Give at least one of them' },
  },
  'care-contacts-many': {
    message: {
      fr: 'Cet établissement a déjà {most} contacts',
      en: 'This facility already has {most} contacts',
    },
    hint: { fr: 'Retirez ceux qui ne servent plus', en: 'Remove those that are no longer of use' },
  },
  'care-contact-unknown': {
    message: { fr: 'Ce contact n’existe plus', en: 'This contact no longer exists' },
    hint: { fr: 'Rechargez la page des contacts', en: 'Reload the page of contacts' },
  },
  'care-closure-unknown': {
    message: {
      fr: 'Cette fermeture n’existe plus, ou a déjà été annulée',
      en: 'This closure no longer exists, or was withdrawn already',
    },
    hint: { fr: 'Rechargez la page', en: 'Reload the page' },
  },
  'care-request-unknown': {
    message: { fr: 'Cette demande est déjà close', en: 'This request is closed already' },
    hint: { fr: 'Rechargez la page', en: 'Reload the page' },
  },
  'care-facility-unknown': {
    message: { fr: 'Établissement {facility} inconnu', en: 'Facility {facility} is unknown' },
    hint: {
      fr: '« receiver facility list » donne ceux qui sont enregistrés',
      en: '"receiver facility list" gives those that are registered',
    },
  },
  'care-feed-unknown': {
    message: { fr: 'Flux {feed} inconnu', en: 'Feed {feed} is unknown' },
    hint: { fr: 'Choisissez-en un dans la liste', en: 'Choose one from the list' },
  },
  'care-day-invalid': {
    message: { fr: 'Ce jour ne se lit pas ({field})', en: 'This day cannot be read ({field})' },
    hint: { fr: 'Année, mois et jour : 2026-11-19', en: 'Year, month and day: 2026-11-19' },
  },
  'care-days-reversed': {
    message: {
      fr: 'Le premier jour ({from}) vient après le dernier ({to})',
      en: 'The first day ({from}) comes after the last ({to})',
    },
    hint: { fr: 'Inversez-les', en: 'Swap them' },
  },
  'care-days-many': {
    message: {
      fr: '{days} jours, c’est trop : {most} au plus',
      en: '{days} days are too many: {most} at most',
    },
    hint: { fr: 'Faites plusieurs fois, période par période', en: 'Do it several times, period by period' },
  },
  'care-day-future': {
    message: { fr: 'Ce jour n’est pas encore passé', en: 'This day has not passed yet' },
    hint: { fr: 'Demandez des jours jusqu’à aujourd’hui', en: 'Ask for days up to today' },
  },
  'care-day-outside': {
    message: {
      fr: 'Ce jour est à venir, ou date de plus de {days} jours',
      en: 'This day is to come, or is more than {days} days old',
    },
    hint: { fr: 'Choisissez un jour des {days} derniers jours', en: 'Choose one of the last {days} days' },
  },
  'care-degraded-already': {
    message: { fr: 'Le mode dégradé est déjà déclaré', en: 'Degraded running is declared already' },
    hint: {
      fr: 'Indiquez sa fin avant d’en déclarer un autre',
      en: 'Say when it ended before declaring another',
    },
  },
  'care-degraded-not': {
    message: { fr: 'Aucun mode dégradé n’est en cours', en: 'There is no degraded running to end' },
    hint: { fr: 'Rechargez la page', en: 'Reload the page' },
  },
  'care-day-not-degraded': {
    message: {
      fr: 'Le {day} n’est pas un jour de mode dégradé',
      en: '{day} is not a day of degraded running',
    },
    hint: {
      fr: 'On ne compte à la main que ces jours-là : déclarez d’abord le mode dégradé',
      en: 'Only such days are counted by hand: declare degraded running first',
    },
  },
  'care-count-invalid': {
    message: {
      fr: 'Ce compte n’est pas un nombre entier de 0 à {most}',
      en: 'This count is not a whole number from 0 to {most}',
    },
    hint: { fr: 'Écrivez-le en chiffres', en: 'Write it in digits' },
  },
  'care-nobody-to-ask': {
    message: { fr: 'Aucun agent ne transmet pour cet établissement', en: 'No agent sends for this facility' },
    hint: { fr: 'Appelez l’établissement : voir ses contacts', en: 'Call the facility: see its contacts' },
  },
  'care-asked-already': {
    message: { fr: 'Ces jours sont déjà demandés', en: 'These days have been asked for already' },
    hint: { fr: 'Voyez où en est la demande au rattrapage', en: 'See how the request stands under catch-up' },
  },
  'care-carry-missing': {
    message: { fr: 'Aucun fichier n’a été joint', en: 'No file was attached' },
    hint: {
      fr: 'Choisissez le fichier écrit par « agent carry export »',
      en: 'Choose the file written by "agent carry export"',
    },
  },
  'care-carry-elsewhere': {
    message: {
      fr: 'Ce fichier vient d’un agent qui ne transmet pas pour cet établissement',
      en: 'This file comes from an agent that does not send for this facility',
    },
    hint: {
      fr: 'Rien n’a été enregistré. Déposez-le depuis la page de l’établissement qui l’a écrit',
      en: 'Nothing was stored. Bring it on the page of the facility that wrote it',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
