import type { ErrorText } from './texts.ts';

/** How long data is kept, and what is erased on request. */
export const retentionErrors = {
  'retention-class-unknown': {
    message: { fr: 'Classe de données inconnue : {class}', en: 'Unknown class of data: {class}' },
    hint: { fr: 'L’une de : {known}', en: 'One of: {known}' },
  },
  'erase-visit-unknown': {
    message: {
      fr: 'Aucun passage de {facility} ne répond à cette demande',
      en: 'No visit of {facility} fits this request',
    },
    hint: {
      fr: 'Vérifiez l’heure d’arrivée, ou la clé que « agent trace » donne à l’hôpital ; un passage déjà effacé ou purgé n’est plus là',
      en: 'Check the time of arrival, or the key that "agent trace" gives at the hospital; a visit erased or purged already is not there',
    },
  },
  'erase-sending': {
    message: {
      fr: 'Un fichier qui contient ce passage part en ce moment vers {destination} ; rien n’a été effacé',
      en: 'A file with this visit is on its way to {destination} right now; nothing was erased',
    },
    hint: {
      fr: 'Recommencez dans une minute ; si cela dure, « destination pause » puis recommencez',
      en: 'Try again in a minute; if it lasts, "destination pause", then try again',
    },
  },
  'dispatch-erased': {
    message: {
      fr: 'Envoi arrêté : il portait un passage effacé à la demande de l’établissement',
      en: 'Dispatch stopped: it carried a visit erased at the facility’s request',
    },
    hint: {
      fr: 'Rien à faire : ses jours ont été recomposés sans ce passage',
      en: 'Nothing to do: its days were composed anew without that visit',
    },
  },
  'export-past-retention': {
    message: {
      fr: 'Export jamais complété, ou jamais décidé, dans le délai de conservation de la région : abandonné',
      en: 'Export never completed, or never decided, within the region’s retention: given up',
    },
    hint: {
      fr: 'Renvoyez l’export de ces jours si la région doit les avoir',
      en: 'Send the export of these days again if the region should have them',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
