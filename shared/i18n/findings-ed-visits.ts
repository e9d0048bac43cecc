import type { Bilingual } from './texts.ts';

export const edVisitFindings: Readonly<Record<string, Bilingual>> = {
  'entree-missing': {
    fr: 'ENTREE est vide : le passage ne peut être rattaché à aucun jour',
    en: 'ENTREE is blank: the visit belongs to no day',
  },
  'entree-unreadable': {
    fr: 'ENTREE n’est pas une date et une heure (jj/mm/aaaa hh:mm)',
    en: 'ENTREE is not a date and time (dd/mm/yyyy hh:mm)',
  },
  'entree-ambiguous': {
    fr: 'ENTREE tombe dans l’heure qui existe deux fois au passage à l’heure d’hiver : la première est retenue',
    en: 'ENTREE falls in the hour that comes twice when the clock goes back: the first one is taken',
  },
  'entree-skipped': {
    fr: 'ENTREE tombe dans l’heure qui n’existe pas au passage à l’heure d’été',
    en: 'ENTREE falls in the hour that does not exist when the clock goes forward',
  },
  'sortie-ambiguous': {
    fr: 'SORTIE tombe dans l’heure qui existe deux fois au passage à l’heure d’hiver',
    en: 'SORTIE falls in the hour that comes twice when the clock goes back',
  },
  'sortie-skipped': {
    fr: 'SORTIE tombe dans l’heure qui n’existe pas au passage à l’heure d’été',
    en: 'SORTIE falls in the hour that does not exist when the clock goes forward',
  },
  'cp-missing': {
    fr: 'Le code postal est vide (99999 s’il est inconnu)',
    en: 'The postal code is blank (99999 when unknown)',
  },
  'cp-format': {
    fr: 'Le code postal n’a pas la forme attendue (5 chiffres, département + 999, 99 + pays ou 99999)',
    en: 'The postal code has not the expected form (5 digits, department + 999, 99 + country, or 99999)',
  },
  'commune-missing': { fr: 'La commune de résidence est vide', en: 'The town of residence is blank' },
  'naissance-missing': { fr: 'La date de naissance est vide', en: 'The birth date is blank' },
  'naissance-unreadable': {
    fr: 'La date de naissance n’est pas une date (jj/mm/aaaa) : elle part vide vers le niveau national',
    en: 'The birth date is not a date (dd/mm/yyyy): it leaves blank for the national level',
  },
  'age-out-of-range': {
    fr: 'L’âge à l’entrée n’est pas compris entre 0 et 120 ans',
    en: 'The age at entry is not between 0 and 120 years',
  },
  'sexe-missing': {
    fr: 'Le sexe est vide (I s’il est indéterminé)',
    en: 'The sex is blank (I when undetermined)',
  },
  'sexe-code': {
    fr: 'Le code du sexe est inconnu (M, F ou I)',
    en: 'The code of the sex is unknown (M, F or I)',
  },
  'mode-entree-missing': { fr: 'Le mode d’entrée est vide', en: 'The mode of entry is blank' },
  'mode-entree-code': {
    fr: 'Le code du mode d’entrée est inconnu (6, 7 ou 8)',
    en: 'The code of the mode of entry is unknown (6, 7 or 8)',
  },
  'provenance-missing': { fr: 'La provenance est vide', en: 'The origin is blank' },
  'provenance-code': {
    fr: 'Le code de la provenance est inconnu (1 à 8)',
    en: 'The code of the origin is unknown (1 to 8)',
  },
  'transport-missing': { fr: 'Le mode de transport est vide', en: 'The transport is blank' },
  'transport-code': {
    fr: 'Le code du transport est inconnu (PERSO, AMBU, VSAB, SMUR, HELI ou FO)',
    en: 'The code of the transport is unknown (PERSO, AMBU, VSAB, SMUR, HELI or FO)',
  },
  'transport-pec-missing': {
    fr: 'La prise en charge pendant le transport est vide',
    en: 'The care during transport is blank',
  },
  'transport-pec-code': {
    fr: 'Le code de prise en charge pendant le transport est inconnu (MED, PARAMED ou AUCUN)',
    en: 'The code of the care during transport is unknown (MED, PARAMED or AUCUN)',
  },
  'motif-missing': {
    fr: 'Le motif est vide alors que le patient est sorti',
    en: 'The reason is blank although the patient has left',
  },
  'motif-free-text': {
    fr: 'Le motif est un texte libre et non un code du thésaurus',
    en: 'The reason is free text, not a code of the thesaurus',
  },
  'gravite-missing': {
    fr: 'La gravité (CCMU) est vide alors que le patient est sorti',
    en: 'The severity (CCMU) is blank although the patient has left',
  },
  'gravite-code': {
    fr: 'Le code de gravité est inconnu (1, P, 2, 3, 4, 5 ou D)',
    en: 'The code of the severity is unknown (1, P, 2, 3, 4, 5 or D)',
  },
  'dp-missing': {
    fr: 'Le diagnostic principal est vide alors que le patient est sorti après des soins',
    en: 'The principal diagnosis is blank although the patient has left after care',
  },
  'dp-format': {
    fr: 'Le diagnostic principal n’a pas la forme d’un code CIM-10 : il part vide vers le niveau national',
    en: 'The principal diagnosis has not the form of an ICD-10 code: it leaves blank for the national level',
  },
  'da-format': {
    fr: 'Un diagnostic associé n’a pas la forme d’un code CIM-10 : il n’est pas transmis au niveau national',
    en: 'An associated diagnosis has not the form of an ICD-10 code: it is not sent to the national level',
  },
  'acte-format': {
    fr: 'Un acte n’a pas la forme d’un code CCAM (4 lettres et 3 chiffres) : il n’est pas transmis au niveau national',
    en: 'A procedure has not the form of a CCAM code (4 letters and 3 digits): it is not sent to the national level',
  },
  'sortie-unreadable': {
    fr: 'SORTIE n’est pas une date et une heure (jj/mm/aaaa hh:mm) : elle part vide vers le niveau national',
    en: 'SORTIE is not a date and time (dd/mm/yyyy hh:mm): it leaves blank for the national level',
  },
  'mode-sortie-code': {
    fr: 'Le code du mode de sortie est inconnu (6, 7, 8 ou 9)',
    en: 'The code of the mode of departure is unknown (6, 7, 8 or 9)',
  },
  'destination-missing': {
    fr: 'La destination est vide alors que le patient est hospitalisé',
    en: 'The destination is blank although the patient is admitted',
  },
  'destination-code': {
    fr: 'Le code de la destination est inconnu (1 à 4, 6 ou 7)',
    en: 'The code of the destination is unknown (1 to 4, 6 or 7)',
  },
  'orient-missing': {
    fr: 'L’orientation est vide alors que le patient est hospitalisé',
    en: 'The disposition is blank although the patient is admitted',
  },
  'orient-code': { fr: 'Le code de l’orientation est inconnu', en: 'The code of the disposition is unknown' },
  'provenance-mode-entree': {
    fr: 'La provenance ne va pas avec le mode d’entrée (1 à 4 avec 6 ou 7, 5 à 8 avec 8)',
    en: 'The origin does not go with the mode of entry (1 to 4 with 6 or 7, 5 to 8 with 8)',
  },
  'smur-without-med': {
    fr: 'Le transport est un SMUR mais la prise en charge n’est pas médicale',
    en: 'The transport is a mobile intensive care unit (SMUR) but the care is not medical',
  },
  'sortie-before-entree': { fr: 'La sortie précède l’entrée', en: 'The departure precedes the entry' },
  'stay-zero': {
    fr: 'La sortie et l’entrée sont à la même minute',
    en: 'The departure and the entry are at the same minute',
  },
  'stay-over-24h': { fr: 'Le séjour dépasse 24 heures', en: 'The stay is longer than 24 hours' },
  'stay-over-72h': {
    fr: 'Le séjour dépasse 72 heures : il est écarté des statistiques de durée',
    en: 'The stay is longer than 72 hours: statistics of stay leave it out',
  },
  'stay-over-30d': { fr: 'Le séjour dépasse 30 jours', en: 'The stay is longer than 30 days' },
  'sortie-without-mode': {
    fr: 'La sortie est renseignée sans mode de sortie',
    en: 'The departure is filled without its mode',
  },
  'mode-without-sortie': {
    fr: 'Le mode de sortie est renseigné sans date de sortie',
    en: 'The mode of departure is filled without its date',
  },
  'destination-mode-sortie': {
    fr: 'La destination ne va pas avec le mode de sortie (1 à 4 avec 6 ou 7, 6 ou 7 avec 8, aucune avec 9)',
    en: 'The destination does not go with the mode of departure (1 to 4 with 6 or 7, 6 or 7 with 8, none with 9)',
  },
  'uhcd-home': {
    fr: 'Le patient rentre au domicile avec une orientation en UHCD',
    en: 'The patient goes home with a disposition to the short-stay unit (UHCD)',
  },
  'orient-mode-sortie': {
    fr: 'L’orientation ne va pas avec le mode de sortie',
    en: 'The disposition does not go with the mode of departure',
  },
  'ccmu-home': {
    fr: 'Le pronostic vital était engagé (CCMU 4 ou 5) et le patient rentre au domicile',
    en: 'Life was at risk (CCMU 4 or 5) and the patient goes home',
  },
  'ccmu-dead-alive': {
    fr: 'La gravité dit décédé à l’arrivée (CCMU D) et le mode de sortie n’est pas un décès',
    en: 'The severity says dead on arrival (CCMU D) and the mode of departure is not a death',
  },
  'ccmu-stable-intensive': {
    fr: 'L’état est stable et sans acte (CCMU 1) et l’orientation est une réanimation ou des soins intensifs ou continus',
    en: 'The state is stable without any act (CCMU 1) and the disposition is intensive or continuous care',
  },
  'sex-diagnosis': {
    fr: 'Le diagnostic principal ne va pas avec le sexe',
    en: 'The principal diagnosis does not go with the sex',
  },
  'age-diagnosis': {
    fr: 'Le diagnostic principal ne va pas avec l’âge',
    en: 'The principal diagnosis does not go with the age',
  },
};
