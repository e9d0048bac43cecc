import type { ErrorText } from './texts.ts';

/** What an operator may mistype, or ask for too early, about a destination. */
export const destinationsErrors = {
  'destination-unknown': {
    message: {
      fr: 'La configuration ne nomme aucune destination « {destination} »',
      en: 'The configuration names no destination "{destination}"',
    },
    hint: {
      fr: 'Destinations connues : {known}',
      en: 'Known destinations: {known}',
    },
  },
  'destination-paused-already': {
    message: {
      fr: '{destination} est déjà suspendue par {person}',
      en: '{destination} is paused by {person} already',
    },
    hint: {
      fr: 'Rien n’a été changé. Reprenez-la d’abord pour donner une autre fin ou un autre motif',
      en: 'Nothing was changed. Resume it first to give another end or another reason',
    },
  },
  'dispatch-unknown': {
    message: {
      fr: 'Aucun envoi « {file} » pour la destination {destination}',
      en: 'No dispatch "{file}" for the destination {destination}',
    },
    hint: {
      fr: 'Leurs noms : destination dispatches {destination}',
      en: 'Their names: destination dispatches {destination}',
    },
  },
  'dispatch-not-waiting': {
    message: {
      fr: 'L’envoi {file} n’est pas en attente : il est {stateFr}',
      en: 'The dispatch {file} is not waiting: it is {stateEn}',
    },
    hint: {
      fr: 'Seul un envoi qui attend se met de côté ; s’il est en cours d’envoi, suspendez d’abord : destination pause {destination} --by NOM',
      en: 'Only one that waits can be set aside; if it is being sent, pause first: destination pause {destination} --by NAME',
    },
  },
  'dispatch-not-sent': {
    message: {
      fr: 'L’agence ne peut avoir répondu à l’envoi {file} : il est {stateFr}',
      en: 'The agency cannot have answered the dispatch {file}: it is {stateEn}',
    },
    hint: {
      fr: 'Vérifiez le nom : destination dispatches {destination} --state sent',
      en: 'Check the name: destination dispatches {destination} --state sent',
    },
  },
  'dispatch-set-aside': {
    message: {
      fr: 'L’envoi {file} a été mis de côté par une personne : l’agence ne l’a pas',
      en: 'The dispatch {file} was set aside by a person: the agency does not have it',
    },
    hint: {
      fr: 'Pour le composer à nouveau d’après ce que la région tient : destination retry {destination} {file}',
      en: 'To compose it again from what the region holds: destination retry {destination} {file}',
    },
  },
  'replay-facility-unknown': {
    message: {
      fr: 'L’établissement {facility} n’est pas enregistré',
      en: 'The facility {facility} is not registered',
    },
    hint: {
      fr: 'Rien n’a été envoyé. Les établissements enregistrés : facility list',
      en: 'Nothing was sent. Registered facilities: facility list',
    },
  },
  'destination-without-next': {
    message: {
      fr: 'La destination {destination} n’annonce pas de prochaine version (format.next)',
      en: 'The destination {destination} announces no next version (format.next)',
    },
    hint: {
      fr: 'Ajoutez format.next (version, from, doubleRun) à sa configuration, puis recommencez',
      en: 'Add format.next (version, from, doubleRun) to its settings, then try again',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
