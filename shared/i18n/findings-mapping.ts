import type { Bilingual } from './texts.ts';

export const mappingFindings = {
  'mapping-value-refused': {
    fr: 'La correspondance ne connaît pas cette valeur et refuse l’enregistrement',
    en: 'The mapping does not know this value and refuses the record',
  },
  'mapping-value-replaced': {
    fr: 'La correspondance ne connaît pas cette valeur : elle a été remplacée ou effacée',
    en: 'The mapping does not know this value: it was replaced or blanked',
  },
  'column-unknown': {
    fr: 'Cette colonne n’est pas dans la correspondance : elle n’est pas lue',
    en: 'This column is not in the mapping: it is not read',
  },
  'free-text-withheld': {
    fr: 'Ce texte libre n’a pas quitté l’hôpital : seul un code part, sauf si la source nomme ce champ sous freeText',
    en: 'This free text did not leave the hospital: only a code does, unless the source names this field under freeText',
  },
  'join-half-missing': {
    fr: 'L’autre export n’a pas encore apporté sa moitié : l’enregistrement part avec ce qui est connu',
    en: 'The other export has not yet brought its half: the record goes with what is known',
  },
  'join-waiting': {
    fr: 'Cette ligne attend l’export principal qui la complète',
    en: 'This row waits for the main export that goes with it',
  },
  'join-ambiguous': {
    fr: 'Plusieurs lignes portent la même clé de jointure : rien n’est deviné, elles ne sont pas réunies',
    en: 'Several rows have the same join key: nothing is guessed, they are not joined',
  },
  'join-key-missing': {
    fr: 'La clé de jointure est vide ou illisible : cette ligne n’est pas réunie à l’autre export',
    en: 'The join key is blank or unreadable: this row is not joined to the other export',
  },
} as const satisfies Record<string, Bilingual>;
