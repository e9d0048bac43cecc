import type { ErrorText } from './texts.ts';

/** Errors of mappings: reading, joining, checking and trying them. */
export const mappingErrors = {
  'export-shape-ambiguous': {
    message: {
      fr: 'Le contenu peut être lu de deux façons : {first} ou {second}',
      en: 'The content can be read in two ways: {first} or {second}',
    },
    hint: {
      fr: 'Précisez requires ou lineLength dans une des correspondances, ou séparez les exports en deux dossiers',
      en: 'Make requires or lineLength of one of the mappings more precise, or give each export its own folder',
    },
  },
  'map-sample-missing': {
    message: { fr: 'Échantillon introuvable : {file}', en: 'Sample not found: {file}' },
    hint: {
      fr: 'Donnez le chemin d’un fichier que le logiciel a exporté',
      en: 'Give the path of a file that the software has exported',
    },
  },
  'map-sample-unreadable': {
    message: {
      fr: 'Aucun tableau reconnu dans {file}',
      en: 'No table recognised in {file}',
    },
    hint: {
      fr: 'Il faut un CSV d’au moins quatre colonnes ou des lignes à colonnes fixes ; un classeur (Excel) s’enregistre d’abord en CSV, et de XML seul le format national se lit. Vérifiez l’export, ou écrivez la correspondance à la main d’après celles que le produit apporte',
      en: 'A CSV of at least four columns or lines with fixed columns is needed; a workbook (Excel) is first saved as CSV, and of XML only the national format is read. Check the export, or write the mapping by hand after those the product brings',
    },
  },
  'map-samples-unrelated': {
    message: {
      fr: 'Ces échantillons ne peuvent être réunis',
      en: 'These samples cannot be put together',
    },
    hint: {
      fr: 'Donnez un échantillon, ou deux des mêmes jours qui partagent un numéro de passage (ou naissance et heure d’arrivée)',
      en: 'Give one sample, or two of the same days that share a visit number (or birth date and time of arrival)',
    },
  },
  'map-file-exists': {
    message: { fr: '{file} existe déjà', en: '{file} exists already' },
    hint: {
      fr: 'Choisissez un autre nom avec --out : une correspondance corrigée n’est jamais écrasée',
      en: 'Choose another name with --out: a corrected mapping is never overwritten',
    },
  },
  'map-not-written': {
    message: { fr: '{file} ne peut être écrit', en: '{file} cannot be written' },
    hint: {
      fr: 'Vérifiez que le dossier existe et que vous pouvez y écrire',
      en: 'Check that the folder exists and that you may write there',
    },
  },
  'map-facility-invalid': {
    message: { fr: '{facility} n’est pas un numéro FINESS', en: '{facility} is no FINESS number' },
    hint: {
      fr: 'Donnez le FINESS géographique du site : 9 caractères, clé comprise',
      en: 'Give the geographic FINESS of the site: 9 characters, key included',
    },
  },
  'map-facility-needed': {
    message: {
      fr: 'Ni l’export ni la correspondance ne disent de quel établissement il s’agit',
      en: 'Neither the export nor the mapping says which facility this is',
    },
    hint: {
      fr: 'Relancez avec --facility et le FINESS géographique du site ; en service, réglez « facility » sur la source',
      en: 'Run again with --facility and the geographic FINESS of the site; in service, set "facility" on the source',
    },
  },
  'map-values-in-pipe': {
    message: {
      fr: 'Les valeurs ne s’affichent que sur un terminal',
      en: 'Values are only shown on a terminal',
    },
    hint: {
      fr: 'Retirez --show-values, ou lancez la commande à l’écran sans redirection ni --json : ces valeurs sont celles de patients',
      en: 'Take --show-values away, or run the command on a screen without redirection or --json: these values belong to patients',
    },
  },
  'map-feeds-differ': {
    message: {
      fr: 'Ces correspondances visent deux flux : {old} et {new}',
      en: 'These mappings belong to two feeds: {old} and {new}',
    },
    hint: {
      fr: 'Comparez deux correspondances du même flux',
      en: 'Compare two mappings of the same feed',
    },
  },
  'map-count-invalid': {
    message: { fr: 'Nombre invalide : {value}', en: 'Invalid number: {value}' },
    hint: { fr: 'Donnez un nombre entier de 1 à 10 000', en: 'Give a whole number from 1 to 10,000' },
  },
} as const satisfies Record<string, ErrorText>;
