import { bedAvailabilityFindings } from './findings-bed-availability.ts';
import { edVisitFindings } from './findings-ed-visits.ts';
import { mappingFindings } from './findings-mapping.ts';
import { messageFindings } from './findings-messages.ts';
import { fill, type Bilingual, type Language } from './texts.ts';

/** Rules of more than one feed, and rules about an export as a whole. */
const sharedFindings: Readonly<Record<string, Bilingual>> = {
  'tag-repeated': {
    fr: 'Un champ simple est répété : la première valeur est retenue',
    en: 'A single field is repeated: the first value is taken',
  },
  'finess-format': {
    fr: 'Le numéro FINESS est mal formé ou sa clé est fausse',
    en: 'The FINESS number is malformed or its check digit is wrong',
  },
  'text-mojibake': {
    fr: 'Des accents sont abîmés : le texte a été lu dans un mauvais encodage',
    en: 'Accents are damaged: the text was read in the wrong encoding',
  },
  'text-control': {
    fr: 'Le texte contient des caractères de contrôle, écartés à l’envoi',
    en: 'The text contains control characters, dropped when it is sent',
  },
  'unknown-tag': {
    fr: 'Ce champ n’existe pas dans le format national : il est conservé, jamais transmis',
    en: 'This field does not exist in the national format: it is kept, never sent on',
  },
  'record-unreadable': { fr: 'L’enregistrement est illisible', en: 'The record is unreadable' },
  'record-too-large': {
    fr: 'L’enregistrement dépasse la taille permise',
    en: 'The record is larger than allowed',
  },
  'encoding-declared-wrong': {
    fr: 'L’encodage déclaré n’est pas celui du fichier',
    en: 'The declared encoding is not that of the file',
  },
  'bare-ampersand': {
    fr: 'Une esperluette (&) n’est pas échappée : elle a été réparée à la lecture',
    en: 'An ampersand (&) is not escaped: it was repaired on reading',
  },
  'facility-mismatch': {
    fr: 'L’établissement du fichier n’est pas celui de la source',
    en: 'The facility of the export is not that of the source',
  },
  'window-mismatch': {
    fr: 'La période annoncée ne correspond pas au contenu : rien n’est supprimé par ce fichier',
    en: 'The announced period does not match the content: this export removes nothing',
  },
  'extract-missing': {
    fr: 'EXTRACT est vide : l’heure de réception ordonne ce fichier et rien n’est supprimé',
    en: 'EXTRACT is blank: the time of reception orders this export and nothing is removed',
  },
  'extract-unreadable': {
    fr: 'EXTRACT n’est pas une date et une heure : l’heure de réception ordonne ce fichier et rien n’est supprimé',
    en: 'EXTRACT is not a date and time: the time of reception orders this export and nothing is removed',
  },
  'extract-future': {
    fr: 'EXTRACT est plus de 24 heures dans le futur : l’heure de réception ordonne ce fichier et rien n’est supprimé',
    en: 'EXTRACT is more than 24 hours ahead: the time of reception orders this export and nothing is removed',
  },
  'possible-duplicate': {
    fr: 'Plusieurs enregistrements ont la même clé : jumeaux ou doublon',
    en: 'Several records have the same key: twins or a duplicate',
  },
  'agency-refused': {
    fr: 'L’agence a refusé l’envoi qui porte ces passages',
    en: 'The agency refused the dispatch that carries these visits',
  },
  'day-over-limit': {
    fr: 'Une seule journée dépasse la limite d’enregistrements par envoi : elle part entière',
    en: 'A single day exceeds the limit of records per dispatch: it goes whole',
  },
  'past-retention': {
    fr: 'Journée au-delà de la durée de conservation de la région : reçue, non retransmise, supprimée de nouveau',
    en: 'A day past the region’s retention: taken in, not sent on, purged again',
  },
  'erased-on-request': {
    fr: 'Passage effacé à la demande de l’établissement : écarté',
    en: 'Visit erased at the facility’s request: left out',
  },
};

/** One sentence per rule, under the rule's id. */
export const findingTexts: Readonly<Record<string, Bilingual>> = {
  ...sharedFindings,
  ...edVisitFindings,
  ...bedAvailabilityFindings,
  ...mappingFindings,
  ...messageFindings,
};

/**
 * What a person reads of a finding; the rule's id when a newer agent reports a rule this version does not know. `field`: where
 * it is, which sentences about HL7 messages name ("ZBE-4").
 */
export function findingText(rule: string, language: Language, field: string | null): string {
  const [segment = '', number = ''] = (field ?? '').split('-');
  return fill(findingTexts[rule]?.[language] ?? rule, { segment, field: number });
}
