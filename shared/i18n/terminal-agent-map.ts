import type { Bilingual } from './texts.ts';

/** Help of the `map` commands and their options. */
export const mapHelp = {
  init: {
    fr: 'propose une correspondance à partir d’un export (ou de deux qui se complètent)',
    en: 'propose a mapping from an export (or from two that complete each other)',
  },
  check: {
    fr: 'vérifie des correspondances : toutes les fautes, avec leur ligne',
    en: 'check mappings: all faults, with their line',
  },
  test: {
    fr: 'passe les tests écrits dans des correspondances',
    en: 'run the tests written in mappings',
  },
  run: {
    fr: 'montre les premiers enregistrements comme la région les aurait ; valeurs masquées',
    en: 'show the first records as the region would get them; values hidden',
  },
  coverage: {
    fr: 'colonnes oubliées ou vides, codes inconnus, champs vides face aux objectifs de qualité',
    en: 'forgotten or blank columns, unknown codes, blank fields against the quality targets',
  },
  diff: {
    fr: 'ce qui changerait d’une correspondance à l’autre ; rien n’est envoyé',
    en: 'what would change from one mapping to another; nothing is sent',
  },
  feed: { fr: 'flux visé', en: 'feed the records belong to' },
  out: { fr: 'fichier à écrire ; à défaut, sortie standard', en: 'file to write; else stdout' },
  facility: {
    fr: 'FINESS géographique, quand l’export ne le porte pas',
    en: 'geographic FINESS, when the export does not carry it',
  },
  freeText: {
    fr: 'champs de texte libre que la source laisse partir, séparés par des virgules',
    en: 'free-text fields that the source lets go, separated by commas',
  },
  sample: { fr: 'nombre d’enregistrements', en: 'number of records' },
  showValues: {
    fr: 'montre les valeurs, sur un terminal seulement',
    en: 'show the values, on a terminal only',
  },
} as const satisfies Record<string, Bilingual>;

/** What the `map` commands print. */
export const mapTexts = {
  'built-in-rpu-2006': {
    fr: '{file} : XML national. La correspondance intégrée « rpu-2006 » le lit déjà, rien à écrire.',
    en: '{file}: national XML. The built-in mapping "rpu-2006" reads it already, nothing to write.',
  },
  'built-in-pam-fr': {
    fr: '{file} : messages HL7. La correspondance intégrée « pam-fr » les lit déjà, rien à écrire.',
    en: '{file}: HL7 messages. The built-in mapping "pam-fr" reads them already, nothing to write.',
  },
  written: {
    fr: '{file} écrit : {found} champ(s) trouvé(s) sur {fields}, {doubts} point(s) à vérifier (lignes « # ? »).',
    en: '{file} written: {found} of {fields} field(s) found, {doubts} point(s) to check (lines "# ?").',
  },
  next: {
    fr: 'Ensuite : map check {file}, map test {file}, map coverage {file} {sample}',
    en: 'Next: map check {file}, map test {file}, map coverage {file} {sample}',
  },
  valid: { fr: '{file} : correcte', en: '{file}: valid' },
  fault: {
    fr: '{file}:{line} {path} : « {found} », attendu : {expected}',
    en: '{file}:{line} {path}: "{found}", expected: {expected}',
  },
  testsHold: { fr: '{file} : {count} test(s), tous justes', en: '{file}: {count} test(s), all hold' },
  testsNone: { fr: '{file} : aucun test', en: '{file}: no test' },
  testFailed: {
    fr: '{file} : test {test}, {field} : attendu « {expected} », trouvé « {found} »',
    en: '{file}: test {test}, {field}: expected "{expected}", found "{found}"',
  },
  runRecord: {
    fr: '{file}:{line}, enregistrement {record} : {filled} champ(s) remplis sur {fields}',
    en: '{file}:{line}, record {record}: {filled} of {fields} field(s) filled',
  },
  runRejected: {
    fr: '{file}:{line}, enregistrement {record} : refusé',
    en: '{file}:{line}, record {record}: rejected',
  },
  runSummary: {
    fr: '{accepted} enregistrement(s) acceptés, {rejected} refusé(s)',
    en: '{accepted} record(s) accepted, {rejected} rejected',
  },
  field: { fr: 'champ', en: 'field' },
  filled: { fr: 'rempli', en: 'filled' },
  due: { fr: 'attendu', en: 'due' },
  rate: { fr: 'taux', en: 'rate' },
  target: { fr: 'objectif', en: 'target' },
  verdict: { fr: 'verdict', en: 'verdict' },
  'verdict-reached': { fr: 'atteint', en: 'reached' },
  'verdict-missed': { fr: 'insuffisant', en: 'too low' },
  'verdict-none': { fr: '-', en: '-' },
  code: { fr: 'code', en: 'code' },
  count: { fr: 'nombre', en: 'count' },
  unmapped: {
    fr: 'Colonnes sans usage (à relier, ou à mettre dans ignore) : {columns}',
    en: 'Columns without use (tie them to a field, or put them in ignore): {columns}',
  },
  emptyColumns: { fr: 'Colonnes toujours vides : {columns}', en: 'Columns that are always blank: {columns}' },
  unknownCodes: {
    fr: 'Codes que ni la table ni la liste nationale ne connaît :',
    en: 'Codes that neither the table nor the national list knows:',
  },
  hiddenCodes: {
    fr: '{count} autre(s) valeur(s) inconnue(s), trop rares pour être montrées',
    en: '{count} other unknown value(s), too rare to be shown',
  },
  hiddenAt: {
    fr: '  {field} : lignes {lines} de l’export',
    en: '  {field}: lines {lines} of the export',
  },
  withheld: {
    fr: '« {column} » : {count} texte(s) libre(s) non comptés, car ils restent à l’hôpital sans --free-text.',
    en: '"{column}": {count} free text(s) not counted, for they stay in the hospital without --free-text.',
  },
  allKnown: { fr: 'Tous les codes sont connus.', en: 'All codes are known.' },
  diffAccepted: {
    fr: 'Enregistrements acceptés : {old} avant, {new} après ; refusés : {oldRejected} avant, {newRejected} après',
    en: 'Records accepted: {old} before, {new} after; rejected: {oldRejected} before, {newRejected} after',
  },
  diffSame: { fr: 'Rien ne changerait.', en: 'Nothing would change.' },
  becameFilled: { fr: 'devient rempli', en: 'gets filled' },
  becameBlank: { fr: 'devient vide', en: 'gets blank' },
  changed: { fr: 'change', en: 'changes' },
  same: { fr: 'identique', en: 'same' },
  'diff-differs': { fr: '{file}:{line} :', en: '{file}:{line}:' },
  'diff-only-old': {
    fr: '{file}:{line} : accepté avant, refusé après',
    en: '{file}:{line}: accepted before, rejected after',
  },
  'diff-only-new': {
    fr: '{file}:{line} : refusé avant, accepté après',
    en: '{file}:{line}: rejected before, accepted after',
  },
  diffMore: {
    fr: 'et {count} autre(s) enregistrement(s) (--sample pour en voir plus)',
    en: 'and {count} more record(s) (--sample to see more)',
  },
} as const satisfies Record<string, Bilingual>;
