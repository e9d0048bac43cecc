import type { Bilingual } from './texts.ts';

/** Comments that `map init` writes into a proposed mapping. */
export const mapComments = {
  head: {
    fr: 'Correspondance proposée d’après un échantillon. Une ligne « # ? » demande un avis : relisez, corrigez, supprimez-la.\nEnsuite : map check, map test, map run, map coverage.',
    en: 'Mapping proposed from a sample. A line "# ?" asks for your opinion: read, correct, delete it.\nThen: map check, map test, map run, map coverage.',
  },
  join: {
    fr: '? Les deux fichiers se complètent par leur numéro de passage, retrouvé de l’un à l’autre pour {percent} % des lignes : est-ce le bon ?',
    en: '? The two files complete each other by visit number, found again in the other for {percent}% of the rows: is it the right one?',
  },
  joinPerson: {
    fr: '? Sans numéro commun, les deux fichiers se complètent par la naissance et la minute d’arrivée, retrouvées pour {percent} % des lignes : un numéro de passage serait plus sûr.',
    en: '? Without a common number, the two files complete each other by birth date and minute of arrival, found again for {percent}% of the rows: a visit number would be safer.',
  },
  table: {
    fr: 'Codes de la colonne « {column} » ; codes nationaux : {codes}',
    en: 'Codes of column "{column}"; national codes: {codes}',
  },
  tableEmpty: {
    fr: '? À compléter si une colonne est trouvée : { code du logiciel: code national, ... } ; codes nationaux : {codes}',
    en: '? To be completed when a column is found: { code of the software: national code, ... }; national codes: {codes}',
  },
  tableNothing: {
    fr: 'Ce que l’export écrit quand il n’a rien à dire : effacé.',
    en: 'What the export writes when it has nothing to say: blanked.',
  },
  tableHidden: {
    fr: '? {count} autre(s) valeur(s), trop rares ou trop longues pour être écrites ici : demandez la liste des codes à l’éditeur',
    en: '? {count} other value(s), too rare or too long to be written here: ask the vendor for the list of codes',
  },
  entryUnknown: {
    fr: '(vu {count} fois : quel code national ? Complétez, puis retirez « # ? »)',
    en: '(met {count} times: which national code? Complete it, then take "# ?" away)',
  },
  entryLikely: {
    fr: 'vu {count} fois : déduit de l’usage, à vérifier',
    en: 'met {count} times: guessed from what is usual, check it',
  },
  'by-content': {
    fr: 'Trouvé par ses valeurs seules, le nom de la colonne ne dit rien : à vérifier.',
    en: 'Found by its values alone, the name of the column says nothing: check it.',
  },
  'number-by-content': {
    fr: 'Un numéro propre à chaque ligne : est-ce bien celui du passage, et non celui du patient ?',
    en: 'A number of its own on each line: is it that of the visit, and not that of the patient?',
  },
  'by-name': {
    fr: 'Le nom de la colonne y ressemble seulement, ou ses valeurs surprennent : à vérifier.',
    en: 'The name of the column is only similar, or its values are unusual: check it.',
  },
  'no-values': {
    fr: 'Colonne reconnue à son nom, mais vide dans l’échantillon : à vérifier sur un autre fichier.',
    en: 'Column known by its name, but blank in the sample: check with another file.',
  },
  'table-guessed': {
    fr: 'Certains codes de la table sont déduits ou inconnus : voir plus haut.',
    en: 'Some codes of the table are guessed or unknown: see above.',
  },
  'free-text': {
    fr: 'Texte libre : il ne part que si la source le demande (freeText) ; sinon seuls les codes partent.',
    en: 'Free text: it only travels when the source asks for it (freeText); else only codes do.',
  },
  'shared-column': {
    fr: 'La seconde colonne dit aussi comment le patient est parti ; ses autres valeurs sont effacées ("").',
    en: 'The second column also says how the patient left; its other values are blanked ("").',
  },
  'day-only': {
    fr: 'Aucune heure trouvée : minuit est mis à sa place. Cherchez la colonne de l’heure.',
    en: 'No time of day found: midnight stands in its place. Look for the column of the time.',
  },
  'nothing-blanked': {
    fr: 'L’export écrit un mot quand il n’a pas d’heure (NULL) : tout ce qui n’est pas une date est effacé.',
    en: 'The export writes a word where it has no time (NULL): all that is no date is blanked.',
  },
  derived: {
    fr: 'Sans colonne propre : déduit de « {column} » (médecine, chirurgie, obstétrique, UHCD, réanimation = 1). Corrigez SSR = 2, SLD = 3, psychiatrie = 4.',
    en: 'No column of its own: follows from "{column}" (medicine, surgery, obstetrics, UHCD, intensive care = 1). Correct SSR = 2, SLD = 3, psychiatry = 4.',
  },
  elsewhere: {
    fr: 'Les heures de ces colonnes ne sont pas celles de Paris (temps universel ?) : demandez l’heure locale à l’éditeur. {columns}',
    en: 'The times of these columns are not those of Paris (universal time?): ask the vendor for local times. {columns}',
  },
  'facility-setting': {
    fr: 'Aucune colonne utilisable ne porte le FINESS : écrivez { const: "..." }, relancez avec --facility, ou réglez « facility » sur la source.',
    en: 'No usable column holds the FINESS: write { const: "..." }, run again with --facility, or set "facility" on the source.',
  },
  'not-found': {
    fr: 'Aucune colonne trouvée. Si le logiciel connaît ce champ, demandez-le à l’éditeur.',
    en: 'No column found. When the software knows this field, ask the vendor for it.',
  },
  'not-found-perhaps': {
    fr: 'Aucune colonne trouvée ; peut-être l’une de ces colonnes de codes (à retirer alors de « ignore ») : {columns}',
    en: 'No column found; perhaps one of these columns of codes (then take it out of "ignore"): {columns}',
  },
  alternatives: {
    fr: 'Autres colonnes possibles : {columns}',
    en: 'Other columns that could be meant: {columns}',
  },
  'dates-left': {
    fr: '{percent} % des valeurs ne se lisent dans aucun de ces formats : ajoutez celui qui manque.',
    en: '{percent}% of the values cannot be read in any of these formats: add the one that is missing.',
  },
  identity: {
    fr: 'Identité du patient ou des soignants : jamais nécessaire, jamais envoyée',
    en: 'Identity of patients or carers: never needed, never sent',
  },
  unknown: {
    fr: 'Colonnes non comprises : ignorées, sauf si vous en trouvez l’usage',
    en: 'Columns not understood: ignored, unless you find a use for them',
  },
  tests: {
    fr: 'Valeurs inventées. Ajoutez vos cas, toujours inventés : « map test » les vérifie.',
    en: 'Invented values. Add cases of your own, always invented: "map test" checks them.',
  },
} as const satisfies Record<string, Bilingual>;

export type MapComment = keyof typeof mapComments;
