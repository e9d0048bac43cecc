import { fill, type Bilingual } from './texts.ts';

/** What a place of a mapping file should hold. `{list}`: the names that are allowed. */
export const mappingExpectations = {
  text: { fr: 'un texte', en: 'a text' },
  'filled-text': { fr: 'un texte non vide', en: 'a text that is not empty' },
  names: { fr: 'une liste d’au moins un nom', en: 'a list of at least one name' },
  whole: { fr: 'un nombre entier, de 0 à 9999', en: 'a whole number, 0 to 9999' },
  counted: { fr: 'un nombre entier, de 1 à 9999', en: 'a whole number, 1 to 9999' },
  list: { fr: 'une liste', en: 'a list' },
  table: { fr: 'une table (clé : valeur)', en: 'a table (key: value)' },
  'unknown-key': { fr: 'une clé connue ; celle-ci ne l’est pas', en: 'a known key; this one is not' },
  'one-of': { fr: 'l’un de : {list}', en: 'one of: {list}' },
  step: {
    fr: '{list}, { before: séparateur }, { after: séparateur }, { substring: [début, longueur] } ou { pad: longueur }',
    en: '{list}, { before: separator }, { after: separator }, { substring: [start, length] } or { pad: length }',
  },
  when: {
    fr: '{ column, equals: texte }, { column, in: [textes] } ou { column, empty: yes | no }',
    en: '{ column, equals: text }, { column, in: [texts] } or { column, empty: yes | no }',
  },
  otherwise: { fr: 'keep, blank, reject ou { const: texte }', en: 'keep, blank, reject or { const: text }' },
  from: { fr: 'une colonne ou une liste de colonnes', en: 'a column or a list of columns' },
  piece: { fr: '{ column: nom } ou { text: texte }', en: '{ column: name } or { text: text }' },
  pieces: { fr: 'au moins deux morceaux', en: 'at least two pieces' },
  field: { fr: 'une colonne, ou { from: …, do: … }', en: 'a column, or { from: ..., do: ... }' },
  'one-origin': {
    fr: 'exactement une clé parmi from, const, concat',
    en: 'exactly one of from, const, concat',
  },
  'date-or-time': { fr: 'date ou dateTime, pas les deux', en: 'date or dateTime, not both' },
  'allow24-place': { fr: 'allow24 seulement avec dateTime', en: 'allow24 only with dateTime' },
  'yes-no': { fr: 'yes ou no', en: 'yes or no' },
  version: { fr: 'version: 1', en: 'version: 1' },
  'mapping-name': {
    fr: 'des minuscules, des chiffres et des tirets, 40 au plus',
    en: 'lower-case letters, digits and dashes, at most 40',
  },
  'join-name': {
    fr: 'des minuscules et des chiffres, 20 au plus',
    en: 'lower-case letters and digits, at most 20',
  },
  'extension-name': {
    fr: 'une lettre, puis lettres, chiffres, tirets ou soulignés, 40 au plus',
    en: 'a letter, then letters, digits, dashes or underscores, at most 40',
  },
  texts: { fr: 'un texte ou une liste de textes', en: 'a text or a list of texts' },
  format: {
    fr: 'type: rpu-xml, csv, fixed-width ou hl7v2',
    en: 'type: rpu-xml, csv, fixed-width or hl7v2',
  },
  'join-format': { fr: 'type: csv ou fixed-width', en: 'type: csv or fixed-width' },
  quote: { fr: "'\"' ou none", en: "'\"' or none" },
  character: { fr: 'un seul caractère', en: 'one character' },
  encoding: {
    fr: 'utf-8, windows-1252, iso-8859-1, iso-8859-15 ou cp850',
    en: 'utf-8, windows-1252, iso-8859-1, iso-8859-15 or cp850',
  },
  'unknown-columns': { fr: 'warn ou drop', en: 'warn or drop' },
  'keep-built-in': {
    fr: 'warn ou drop ; ce qui doit partir se nomme sous extensions',
    en: 'warn or drop; what may leave is named under extensions',
  },
  'header-requires': {
    fr: 'requires : les colonnes auxquelles l’export se reconnaît',
    en: 'requires: the columns by which the export is recognised',
  },
  'header-columns': {
    fr: 'columns seulement avec header: no',
    en: 'columns only with header: no',
  },
  'columns-required': {
    fr: 'columns : les noms des colonnes, puisque l’export n’en porte pas',
    en: 'columns: the names of the columns, as the export has none',
  },
  'delimiter-required': {
    fr: 'delimiter, puisque l’export n’a pas de ligne de titres',
    en: 'delimiter, as the export has no header line',
  },
  'requires-place': {
    fr: 'requires seulement avec header: yes',
    en: 'requires only with header: yes',
  },
  'unique-columns': { fr: 'chaque colonne une seule fois', en: 'each column once' },
  'line-length': {
    fr: 'au moins la fin de la dernière colonne ({list})',
    en: 'at least the end of the last column ({list})',
  },
  feed: { fr: 'le nom d’un flux', en: 'the name of a feed' },
  'header-field': {
    fr: 'rien : cette valeur vient de l’en-tête de l’export ou du réglage de la source',
    en: "nothing: this value comes from the export's header or the source's setting",
  },
  'table-name': { fr: 'une table de ce fichier', en: 'a table of this file' },
  'date-format': {
    fr: 'yyyy (ou yy), MM (ou M), dd (ou d) et des séparateurs',
    en: 'yyyy (or yy), MM (or M), dd (or d) and separators',
  },
  'time-format': {
    fr: 'yyyy (ou yy), MM, dd, HH, mm et au besoin ss, avec des séparateurs',
    en: 'yyyy (or yy), MM, dd, HH, mm and perhaps ss, with separators',
  },
  'otherwise-place': {
    fr: 'table, date ou dateTime, qui peuvent échouer',
    en: 'a table, date or dateTime that can fail',
  },
  'ignored-used': { fr: 'une colonne qu’aucun champ n’utilise', en: 'a column that no field uses' },
  'declared-column': { fr: 'une colonne déclarée : {list}', en: 'a declared column: {list}' },
  'key-pairs': {
    fr: 'autant de colonnes sous main que sous joined',
    en: 'as many columns under main as under joined',
  },
  'key-side': {
    fr: 'une colonne de son propre export, sans préfixe',
    en: 'a column of its own export, without prefix',
  },
  'main-only': {
    fr: 'des colonnes de l’export principal : ce champ doit être connu sans l’autre moitié',
    en: 'columns of the main export: this field must be known without the other half',
  },
  'join-shape': {
    fr: 'csv ou fixed-width pour l’export principal d’une jointure',
    en: 'csv or fixed-width for the main export of a join',
  },
  yaml: { fr: 'du YAML correct', en: 'correct YAML' },
  size: { fr: 'au plus {list} caractères', en: 'at most {list} characters' },
  aliases: { fr: 'au plus 100 alias', en: 'at most 100 aliases' },
} as const satisfies Record<string, Bilingual>;

export type MappingExpectation = keyof typeof mappingExpectations;

export function mappingExpected(key: MappingExpectation, list = ''): Bilingual {
  const { fr, en } = mappingExpectations[key];
  return { fr: fill(fr, { list }), en: fill(en, { list }) };
}
