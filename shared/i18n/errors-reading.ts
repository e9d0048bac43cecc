import type { ErrorText } from './texts.ts';

export const readingErrors = {
  'export-empty': {
    message: { fr: 'L’export est vide', en: 'The export is empty' },
    hint: {
      fr: 'Vérifiez que le logiciel a bien terminé l’extraction et relancez-la',
      en: 'Check that the software finished its extraction, and run it again',
    },
  },
  'export-too-large': {
    message: {
      fr: 'L’export dépasse la taille permise ({limitBytes} octets)',
      en: 'The export is larger than allowed ({limitBytes} bytes)',
    },
    hint: {
      fr: 'Découpez l’extraction en périodes plus courtes, ou relevez la limite de la source',
      en: "Split the extraction into shorter periods, or raise the source's limit",
    },
  },
  'export-too-many-records': {
    message: {
      fr: 'L’export contient trop d’enregistrements (arrêt à la ligne {line})',
      en: 'The export holds too many records (stopped at line {line})',
    },
    hint: {
      fr: 'Découpez l’extraction en périodes plus courtes',
      en: 'Split the extraction into shorter periods',
    },
  },
  'export-changed': {
    message: { fr: 'L’export a changé pendant sa lecture', en: 'The export changed while it was read' },
    hint: {
      fr: 'Il sera relu ; si cela se répète, allongez le délai de stabilité de la source',
      en: "It will be read again; if this repeats, lengthen the source's settling time",
    },
  },
  'export-shape-unknown': {
    message: {
      fr: 'Le contenu ne ressemble à aucun format connu de cette source',
      en: 'The content looks like no format known to this source',
    },
    hint: {
      fr: 'Vérifiez que le fichier est bien celui attendu, ou ajoutez une correspondance pour ce format',
      en: 'Check that the file is the one expected, or add a mapping for this format',
    },
  },
  'export-cut': {
    message: {
      fr: 'L’export est coupé : il se termine avant la balise de fin (ligne {line})',
      en: 'The export is cut: it ends before its closing tag (line {line})',
    },
    hint: {
      fr: 'Relancez l’extraction ; vérifiez la place disque et que le dépôt se fait par renommage',
      en: 'Run the extraction again; check the disk space and that files are dropped by renaming',
    },
  },
  'export-without-record': {
    message: { fr: 'L’export ne contient aucun enregistrement', en: 'The export holds no record' },
    hint: {
      fr: 'Vérifiez la période demandée au logiciel : rien n’a été retiré de ce que détient la région',
      en: 'Check the period asked of the software: nothing held by the region was removed',
    },
  },
  'export-without-readable-record': {
    message: {
      fr: 'Aucun des {records} enregistrements de l’export n’est lisible',
      en: 'None of the {records} records of the export is readable',
    },
    hint: {
      fr: 'Regardez la première anomalie : une colonne, un champ ou le format des dates a sans doute changé',
      en: 'Look at the first finding: a column, a field or the date format has probably changed',
    },
  },
  'feed-unknown': {
    message: {
      fr: 'La correspondance vise un flux inconnu ({feed})',
      en: 'The mapping targets an unknown feed ({feed})',
    },
    hint: {
      fr: 'Corrigez le nom du flux, ou installez une version qui le connaît',
      en: 'Correct the name of the feed, or install a version that knows it',
    },
  },
  'encoding-utf16': {
    message: { fr: 'L’export est en UTF-16', en: 'The export is in UTF-16' },
    hint: {
      fr: 'Faites produire l’export en UTF-8 ou en Windows-1252',
      en: 'Have the export written in UTF-8 or Windows-1252',
    },
  },
  'encoding-unsupported': {
    message: { fr: 'L’encodage annoncé n’est pas reconnu', en: 'The announced encoding is not supported' },
    hint: {
      fr: 'Indiquez l’encodage réel dans la source : utf-8, windows-1252, iso-8859-15 ou cp850',
      en: 'Set the real encoding of the source: utf-8, windows-1252, iso-8859-15 or cp850',
    },
  },
  'doctype-refused': {
    message: {
      fr: 'Le fichier contient un DOCTYPE (ligne {line}) : refusé par sécurité',
      en: 'The file contains a DOCTYPE (line {line}): refused for safety',
    },
    hint: {
      fr: 'Le format national n’en a pas : faites-le retirer de l’extraction',
      en: 'The national format has none: have it removed from the extraction',
    },
  },
  'xml-not-well-formed': {
    message: {
      fr: 'Le XML est mal formé (ligne {line}, colonne {column})',
      en: 'The XML is not well-formed (line {line}, column {column})',
    },
    hint: {
      fr: 'Signalez cette ligne à l’éditeur du logiciel : rien de cet export n’a été transmis',
      en: "Report this line to the software's vendor: nothing of this export was sent",
    },
  },
  'xml-bare-ampersand': {
    message: {
      fr: 'Une esperluette (&) n’est pas échappée (ligne {line}, colonne {column})',
      en: 'An ampersand (&) is not escaped (line {line}, column {column})',
    },
    hint: {
      fr: 'L’éditeur doit écrire &amp; dans les textes ; en attendant, retirez le caractère de la fiche et relancez',
      en: 'The vendor must write &amp; in texts; meanwhile remove the character from the entry and run again',
    },
  },
  'xml-too-deep': {
    message: { fr: 'Trop de balises imbriquées (ligne {line})', en: 'Too many nested tags (line {line})' },
    hint: {
      fr: 'Ce fichier n’est pas un export au format national : vérifiez d’où il vient',
      en: 'This file is not an export in the national format: check where it comes from',
    },
  },
  'xml-text-too-long': {
    message: {
      fr: 'Un texte dépasse la longueur permise (ligne {line})',
      en: 'A text is longer than allowed (line {line})',
    },
    hint: {
      fr: 'Vérifiez cet enregistrement dans le logiciel : une balise n’est sans doute pas fermée',
      en: 'Check this record in the software: a tag is probably not closed',
    },
  },
  'record-too-long': {
    message: {
      fr: 'Un enregistrement dépasse la taille permise (ligne {line})',
      en: 'A record is larger than allowed (line {line})',
    },
    hint: {
      fr: 'Vérifiez cet enregistrement : une balise ou un guillemet n’est sans doute pas fermé',
      en: 'Check this record: a tag or a quote is probably not closed',
    },
  },
  'csv-delimiter-ambiguous': {
    message: { fr: 'Le séparateur de colonnes est ambigu', en: 'The column delimiter is ambiguous' },
    hint: {
      fr: 'Déclarez le séparateur dans la correspondance (delimiter)',
      en: 'Declare the delimiter in the mapping (delimiter)',
    },
  },
  'csv-quote-unclosed': {
    message: {
      fr: 'Un guillemet ouvert n’est jamais fermé (vers la ligne {line})',
      en: 'A quote is opened and never closed (near line {line})',
    },
    hint: {
      fr: 'Doublez les guillemets à l’intérieur des textes et relancez l’extraction',
      en: 'Double the quotes inside texts and run the extraction again',
    },
  },
  'csv-quote-misplaced': {
    message: {
      fr: 'Un guillemet est mal placé (vers la ligne {line})',
      en: 'A quote is misplaced (near line {line})',
    },
    hint: {
      fr: 'Entourez le texte de guillemets et doublez ceux qu’il contient, puis relancez',
      en: 'Quote the whole text and double the quotes it contains, then run again',
    },
  },
  'csv-field-too-long': {
    message: {
      fr: 'Une valeur dépasse la longueur permise (ligne {line})',
      en: 'A value is longer than allowed (line {line})',
    },
    hint: {
      fr: 'Vérifiez cet enregistrement : un guillemet n’est sans doute pas fermé',
      en: 'Check this record: a quote is probably not closed',
    },
  },
  'csv-not-readable': {
    message: {
      fr: 'Le CSV est illisible (vers la ligne {line})',
      en: 'The CSV cannot be read (near line {line})',
    },
    hint: {
      fr: 'Signalez cette ligne à l’éditeur du logiciel',
      en: "Report this line to the software's vendor",
    },
  },
  'facility-missing': {
    message: {
      fr: 'L’export ne dit pas de quel établissement il vient',
      en: 'The export does not say which facility it comes from',
    },
    hint: {
      fr: 'Faites renseigner le FINESS géographique, ou déclarez-le dans la source (CSV)',
      en: 'Have the geographic FINESS filled in, or declare it in the source (CSV)',
    },
  },
  'facility-invalid': {
    message: { fr: 'Le FINESS de l’export n’est pas valide', en: 'The FINESS of the export is not valid' },
    hint: {
      fr: 'Corrigez le paramétrage du logiciel : 9 caractères, clé comprise',
      en: "Correct the software's settings: 9 characters, check digit included",
    },
  },
  'facility-several': {
    message: {
      fr: 'L’export mêle plusieurs établissements (ligne {line})',
      en: 'The export mixes several facilities (line {line})',
    },
    hint: {
      fr: 'Faites produire un export par FINESS géographique',
      en: 'Have one export written per geographic FINESS',
    },
  },
  'facility-mismatch': {
    message: {
      fr: 'L’export vient d’un autre établissement ({found}) que celui de la source ({expected})',
      en: "The export comes from another facility ({found}) than the source's ({expected})",
    },
    hint: {
      fr: 'Vérifiez que le fichier a été déposé dans le bon dossier, ou corrigez la source',
      en: 'Check that the file was dropped in the right folder, or correct the source',
    },
  },
  'part-invalid': {
    message: { fr: 'Le numéro d’ordre (ORDRE) n’est pas utilisable', en: 'The part (ORDRE) cannot be used' },
    hint: {
      fr: 'Déclarez la partie dans la source : lettres, chiffres, point ou tiret, 40 au plus',
      en: 'Declare the part in the source: letters, digits, dot or dash, at most 40',
    },
  },
  'mapping-invalid': {
    message: {
      fr: 'La correspondance {origin} contient {count} erreur(s) :\n{faultsFr}',
      en: 'The mapping {origin} has {count} fault(s):\n{faultsEn}',
    },
    hint: {
      fr: 'Corrigez chaque ligne citée : sa clé, ce qui s’y trouve, ce qui est attendu',
      en: 'Correct each line named: its key, what is there, what is expected',
    },
  },
} as const satisfies Record<string, ErrorText>;
