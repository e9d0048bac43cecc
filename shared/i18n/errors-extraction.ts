import type { ErrorText } from './texts.ts';

/** Extractions that cannot be made. */
export const extractionErrors = {
  'extraction-refused': {
    message: { fr: 'Ce profil n’a pas d’extraction', en: 'This profile has no extraction' },
    hint: {
      fr: 'Les fichiers d’une agence sont dans ses envois',
      en: 'The files of an agency are in its deliveries',
    },
  },
  'extraction-rows-refused': {
    message: {
      fr: 'Ce profil n’extrait que des effectifs, jamais de lignes',
      en: 'This profile takes out counts only, never rows',
    },
    hint: {
      fr: 'Demandez des effectifs par semaine ou par mois. Les lignes sont pour les établissements (les leurs) et pour les opérateurs régionaux qui administrent',
      en: 'Ask for counts by week or month. Rows are for facilities (their own) and for regional operators who administer',
    },
  },
  'extraction-field-refused': {
    message: {
      fr: 'Le champ {field} n’existe pas, ou pas pour ce profil',
      en: 'There is no field {field}, or not for this profile',
    },
    hint: { fr: 'Champs de ce profil : {known}', en: 'Fields of this profile: {known}' },
  },
  'extraction-facility-refused': {
    message: {
      fr: '{facility} n’existe pas, ou n’est pas des vôtres',
      en: 'There is no {facility}, or it is not one of yours',
    },
    hint: {
      fr: 'Sans établissement nommé, l’extraction prend tous les vôtres',
      en: 'Without a facility named, the extraction takes all of yours',
    },
  },
  'extraction-places-refused': {
    message: {
      fr: 'Ces effectifs ne sont donnés que pour toute la région',
      en: 'These counts are given for the whole region only',
    },
    hint: {
      fr: 'Demandez la région, sans nommer d’établissement',
      en: 'Ask for the region, without naming a facility',
    },
  },
  'extraction-region-refused': {
    message: {
      fr: 'Les effectifs de la région ne sont pas donnés à qui n’en voit qu’une partie',
      en: 'Counts of the region are not given to whoever sees only a part of it',
    },
    hint: { fr: 'Demandez-les par établissement', en: 'Ask for them by facility' },
  },
  'extraction-split-unknown': {
    message: { fr: 'Répartition inconnue : {split}', en: 'Unknown split: {split}' },
    hint: { fr: 'Connues : {known}', en: 'Known: {known}' },
  },
  'extraction-group-unknown': {
    message: { fr: 'Groupe syndromique inconnu : {group}', en: 'Unknown syndromic group: {group}' },
    hint: { fr: 'En vigueur : {known}', en: 'In force: {known}' },
  },
  'extraction-codes-invalid': {
    message: {
      fr: 'Codes de diagnostic illisibles : {codes}',
      en: 'Unreadable diagnosis codes: {codes}',
    },
    hint: {
      fr: 'J21, J09-J18 ou =U07.1 (CIM-10)',
      en: 'J21, J09-J18 or =U07.1 (ICD-10)',
    },
  },
  'extraction-period-future': {
    message: {
      fr: 'La période commence dans le futur ({from})',
      en: 'The period begins in the future ({from})',
    },
    hint: { fr: 'Choisissez un début au plus tard aujourd’hui', en: 'Choose a beginning not after today' },
  },
  'extraction-period-long': {
    message: {
      fr: 'La période a plus de {most} jours',
      en: 'The period has more than {most} days',
    },
    hint: {
      fr: 'Demandez-la en plusieurs fois',
      en: 'Ask for it in several parts',
    },
  },
  'extraction-period-short': {
    message: {
      fr: 'Aucune semaine ou aucun mois de la période n’est entier et terminé',
      en: 'No week or month of the period is whole and over',
    },
    hint: {
      fr: 'Les semaines vont du lundi au dimanche ; un mois est fait de celles dont le jeudi est dans ce mois',
      en: 'Weeks go from Monday to Sunday; a month is made of those whose Thursday lies in it',
    },
  },
  'extraction-request-invalid': {
    message: {
      fr: '{file} : {count} erreur(s) dans la demande\n{faultsFr}',
      en: '{file}: {count} fault(s) in what is asked\n{faultsEn}',
    },
    hint: {
      fr: 'Corrigez la demande ; « extract fields » et « extract ask --help » disent ce qui se demande',
      en: 'Put it right; "extract fields" and "extract ask --help" say what can be asked',
    },
  },
  'extraction-request-unreadable': {
    message: { fr: 'Fichier illisible : {file} ({reason})', en: 'Cannot read {file} ({reason})' },
    hint: { fr: 'Vérifiez le chemin et les droits', en: 'Check the path and the rights' },
  },
  'extraction-target-unwritable': {
    message: {
      fr: 'Impossible d’écrire l’extraction dans {folder} ({reason})',
      en: 'Cannot write the extraction in {folder} ({reason})',
    },
    hint: {
      fr: 'Choisissez un autre dossier ; l’extraction reste prête : « extract get »',
      en: 'Choose another folder; the extraction stays ready: "extract get"',
    },
  },
  'extraction-unknown': {
    message: { fr: 'Extraction inconnue', en: 'This extraction is unknown' },
    hint: {
      fr: 'La liste de vos extractions donne celles qui existent',
      en: 'The list of your extractions gives those that exist',
    },
  },
  'extraction-too-many': {
    message: {
      fr: '{most} extractions attendent déjà ou sont en cours',
      en: '{most} extractions wait already or are being made',
    },
    hint: {
      fr: 'Attendez que l’une soit prête, ou annulez-en une',
      en: 'Wait until one is ready, or cancel one',
    },
  },
  'extraction-too-many-kept': {
    message: {
      fr: '{most} de vos extractions ont ou vont avoir leur fichier',
      en: '{most} of your extractions have their file, or will',
    },
    hint: {
      fr: 'Chaque fichier part à la date que sa page indique ; demandez moins, ou une période plus longue en une fois',
      en: 'Each file goes on the date that its page tells; ask for fewer, or for a longer period at once',
    },
  },
  'extraction-ended': {
    message: { fr: 'Cette extraction est déjà terminée', en: 'This extraction has ended already' },
    hint: { fr: 'Il n’y a plus rien à annuler', en: 'There is nothing left to cancel' },
  },
  'extraction-not-ready': {
    message: { fr: 'Cette extraction n’a pas de fichier', en: 'This extraction has no file' },
    hint: {
      fr: 'Son état dit si elle attend, se fait, a échoué ou a été annulée',
      en: 'Its state says whether it waits, is being made, failed or was cancelled',
    },
  },
  'extraction-expired': {
    message: {
      fr: 'Cette extraction a expiré : son fichier n’existe plus',
      en: 'This extraction has expired: its file is gone',
    },
    hint: { fr: 'Demandez-la de nouveau', en: 'Ask for it again' },
  },
  'extraction-file-unreadable': {
    message: {
      fr: 'Le fichier de l’extraction ne peut pas être lu pour le moment',
      en: 'The extraction’s file cannot be read now',
    },
    hint: {
      fr: 'Réessayez plus tard. Si cela dure, vérifiez retention.extractionFolder et ses droits',
      en: 'Try again later. If it lasts, check retention.extractionFolder and its rights',
    },
  },
  'extraction-rights-changed': {
    message: {
      fr: 'Les droits sous lesquels cette extraction a été demandée ne sont plus les mêmes',
      en: 'The rights under which this extraction was asked for are no longer the same',
    },
    hint: {
      fr: 'Demandez-la de nouveau avec vos droits d’aujourd’hui',
      en: 'Ask for it again with the rights of today',
    },
  },
  'extraction-disk-full': {
    message: {
      fr: 'Plus de place pour le fichier de l’extraction',
      en: 'No room left for the extraction’s file',
    },
    hint: {
      fr: 'Rien n’est resté à moitié écrit. Faites de la place sur le disque des extractions (1 Gio ou 5 % y restent libres), puis redemandez',
      en: 'Nothing was left half written. Make room on the disk of extractions (1 GiB or 5% stay free there), then ask again',
    },
  },
  'extraction-folder-unwritable': {
    message: {
      fr: 'Impossible d’écrire dans le dossier des extractions',
      en: 'Cannot write in the folder of extractions',
    },
    hint: {
      fr: 'Vérifiez retention.extractionFolder et ses droits, puis redemandez',
      en: 'Check retention.extractionFolder and its rights, then ask again',
    },
  },
  'extraction-too-many-rows': {
    message: {
      fr: 'Un classeur ne tient pas plus de 1 048 575 lignes',
      en: 'A workbook holds no more than 1,048,575 rows',
    },
    hint: {
      fr: 'Demandez la forme csv ou parquet, ou une période plus courte',
      en: 'Ask for the form csv or parquet, or for a shorter period',
    },
  },
  'extraction-parquet-missing': {
    message: {
      fr: 'La forme parquet demande la bibliothèque {library}, qui n’est pas installée',
      en: 'The form parquet needs the library {library}, which is not installed',
    },
    hint: {
      fr: '« npm install {library} » dans le dossier du programme, puis redémarrez ; ou demandez la forme csv',
      en: '"npm install {library}" in the program’s folder, then start it again; or ask for the form csv',
    },
  },
} as const satisfies Record<string, ErrorText>;
