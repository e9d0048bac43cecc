import type { Bilingual } from './texts.ts';

export const bedAvailabilityFindings: Readonly<Record<string, Bilingual>> = {
  'bed-zone-missing': {
    fr: 'L’identifiant de la zone est vide : la ligne ne peut être rattachée',
    en: 'The identifier of the zone is blank: the row belongs nowhere',
  },
  'bed-observed-missing': {
    fr: 'La date d’observation est vide : la ligne ne peut être placée',
    en: 'The time of observation is blank: the row has no place',
  },
  'bed-observed-unreadable': {
    fr: 'La date d’observation n’est ni une date ISO 8601 ni jj/mm/aaaa hh:mm',
    en: 'The time of observation is neither ISO 8601 nor dd/mm/yyyy hh:mm',
  },
  'bed-observed-ambiguous': {
    fr: 'L’observation tombe dans l’heure qui existe deux fois au passage à l’heure d’hiver : la première est retenue',
    en: 'The observation falls in the hour that comes twice when the clock goes back: the first one is taken',
  },
  'bed-observed-skipped': {
    fr: 'L’observation tombe dans l’heure qui n’existe pas au passage à l’heure d’été',
    en: 'The observation falls in the hour that does not exist when the clock goes forward',
  },
  'bed-care-class-code': {
    fr: 'La classe de soins est absente ou inconnue',
    en: 'The care class is missing or unknown',
  },
  'bed-source-code': {
    fr: 'La source de la capacité est absente ou inconnue (01 à 04)',
    en: 'The source of the capacity is missing or unknown (01 to 04)',
  },
  'bed-nature-code': {
    fr: 'La nature de la capacité est absente ou inconnue (01 lit, 02 place)',
    en: 'The nature of the capacity is missing or unknown (01 bed, 02 place)',
  },
  'bed-status-code': {
    fr: 'Le statut de la capacité est absent ou inconnu (01 à 06)',
    en: 'The status of the capacity is missing or unknown (01 to 06)',
  },
  'bed-horizon-code': {
    fr: 'L’horizon de la capacité est absent ou inconnu (01 à 05)',
    en: 'The horizon of the capacity is missing or unknown (01 to 05)',
  },
  'bed-count-missing': {
    fr: 'Le nombre de lits ou de places est absent ou n’est pas un entier',
    en: 'The number of beds or places is missing or not an integer',
  },
  'bed-count-negative': {
    fr: 'Le nombre de lits ou de places est négatif',
    en: 'The number of beds or places is negative',
  },
  'bed-gender-code': { fr: 'Le code du genre est inconnu', en: 'The code of the gender is unknown' },
  'bed-closing-code': {
    fr: 'Le code du type de fermeture est inconnu',
    en: 'The code of the kind of closing is unknown',
  },
  'bed-additional-code': {
    fr: 'Le code du type de lit supplémentaire est inconnu',
    en: 'The code of the kind of additional bed is unknown',
  },
  'bed-crisis-code': {
    fr: 'Le code du type de crise est inconnu',
    en: 'The code of the kind of crisis is unknown',
  },
  'bed-assignment-code': {
    fr: 'Le code de l’affectation temporaire est inconnu',
    en: 'The code of the temporary assignment is unknown',
  },
  'bed-gender-status': {
    fr: 'Le genre ne concerne que les lits disponibles (statut 02)',
    en: 'The gender concerns available beds only (status 02)',
  },
  'bed-closing-status': {
    fr: 'Le type de fermeture ne concerne que les lits fermés (statut 05)',
    en: 'The kind of closing concerns closed beds only (status 05)',
  },
  'bed-additional-status': {
    fr: 'Le type de lit supplémentaire ne concerne que les lits supplémentaires (statut 06)',
    en: 'The kind of additional bed concerns supplementary beds only (status 06)',
  },
  'bed-crisis-status': {
    fr: 'Le type de crise ne concerne que les lits supplémentaires (statut 06)',
    en: 'The kind of crisis concerns supplementary beds only (status 06)',
  },
};
