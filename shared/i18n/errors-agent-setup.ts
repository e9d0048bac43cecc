import type { ErrorText } from './texts.ts';

/** Errors of first configuration, the service, support bundle, shadow. */
export const setupErrors = {
  'service-needs-root': {
    message: {
      fr: 'Installer, retirer ou piloter le service demande les droits d’administration',
      en: 'Installing, removing or steering the service needs administration rights',
    },
    hint: {
      fr: 'Relancez la commande avec sudo ; « --dry-run » montre ce qui serait fait, sans droits',
      en: 'Run the command again with sudo; "--dry-run" shows what would be done, without rights',
    },
  },
  'service-no-systemd': {
    message: { fr: 'Cette machine ne tourne pas sous systemd', en: 'This machine does not run systemd' },
    hint: {
      fr: 'Lancez « agent run » par le gestionnaire de services de la machine, ou « service install --root DOSSIER » pour obtenir les fichiers',
      en: 'Start "agent run" by this machine\'s own service manager, or use "service install --root FOLDER" for the files',
    },
  },
  'service-platform': {
    message: {
      fr: 'Le service ne peut pas être installé ici pour « {found} »',
      en: 'The service cannot be installed here for "{found}"',
    },
    hint: {
      fr: '« --platform » vaut linux ou windows ; pour un autre système que celui-ci, ajoutez « --dry-run »',
      en: '"--platform" is linux or windows; for another system than this one, add "--dry-run"',
    },
  },
  'service-account': {
    message: {
      fr: '« {account} » n’est pas le nom d’un compte Windows',
      en: '"{account}" is not the name of a Windows account',
    },
    hint: {
      fr: 'Écrivez DOMAINE\\COMPTE (un compte géré de groupe finit par $), ou rien : le service a alors son propre compte virtuel',
      en: 'Write DOMAIN\\ACCOUNT (a group-managed one ends in $), or nothing: the service then has a virtual account of its own',
    },
  },
  'service-name': {
    message: {
      fr: '« {name} » ne peut pas être un nom de service ou de compte',
      en: '"{name}" cannot be the name of a service or an account',
    },
    hint: {
      fr: 'Lettres minuscules, chiffres et tirets, 31 au plus, en commençant par une lettre',
      en: 'Lower-case letters, digits and dashes, at most 31, starting with a letter',
    },
  },
  'service-step-failed': {
    message: { fr: 'Échec de : {step} ({reason})', en: 'Failed: {step} ({reason})' },
    hint: {
      fr: 'Corrigez la cause, puis relancez la même commande : ce qui est déjà fait ne sera pas refait',
      en: 'Mend the cause, then run the same command again: what is done already is not done twice',
    },
  },
  'service-account-rights': {
    message: {
      fr: 'Le compte {user} n’a pas les droits nécessaires sur {folder} ({reason})',
      en: 'The account {user} lacks rights on {folder} ({reason})',
    },
    hint: {
      fr: 'Donnez-les, par exemple : setfacl -m u:{user}:rwX,d:u:{user}:rwX {folder} ; puis vérifiez avec « doctor ». Le service est installé',
      en: 'Give them, for instance: setfacl -m u:{user}:rwX,d:u:{user}:rwX {folder}; then check with "doctor". The service is installed',
    },
  },
  'completion-shell': {
    message: { fr: 'Pas de complétion pour « {shell} »', en: 'No completion for "{shell}"' },
    hint: { fr: 'Choisissez bash ou zsh', en: 'Choose bash or zsh' },
  },
  'completion-program': {
    message: {
      fr: '« {program} » ne peut pas être un nom de programme',
      en: '"{program}" cannot be the name of a program',
    },
    hint: {
      fr: 'Lettres, chiffres, points, tirets ; sans chemin',
      en: 'Letters, digits, dots, dashes; without a path',
    },
  },
  'shadow-folder': {
    message: {
      fr: 'Le dossier {folder} ne peut pas être lu ({reason})',
      en: 'The folder {folder} cannot be read ({reason})',
    },
    hint: {
      fr: 'Vérifiez le chemin et les droits de lecture du compte qui lance la commande',
      en: 'Check the path, and that the account running the command may read it',
    },
  },
  'shadow-nothing-old': {
    message: {
      fr: 'Aucun RPU national lisible dans {folder} ({files} fichier(s) ; {code})',
      en: 'No readable national RPU file in {folder} ({files} file(s); {code})',
    },
    hint: {
      fr: 'Indiquez le dossier où l’ancien script garde ce qu’il a envoyé, en XML ou CSV national ; les fichiers chiffrés (.gpg) doivent d’abord être déchiffrés par ceux qui en ont la clé',
      en: 'Name the folder where the old script keeps what it sent, as national XML or CSV; encrypted files (.gpg) must first be decrypted by those who hold the key',
    },
  },
  'shadow-encrypted': {
    message: {
      fr: '{file} est chiffré : il ne peut pas être comparé',
      en: '{file} is encrypted: it cannot be compared',
    },
    hint: {
      fr: 'Gardez les fichiers de l’ancien script avant leur chiffrement',
      en: 'Keep the files of the old script before they are encrypted',
    },
  },
  'shadow-source': {
    message: {
      fr: 'Quelle source faut-il comparer ? ({sources})',
      en: 'Which source is to be compared? ({sources})',
    },
    hint: { fr: 'Ajoutez --source NOM', en: 'Add --source NAME' },
  },
  'shadow-source-kind': {
    message: {
      fr: 'La source « {source} » ne peut pas être relue seule : elle est faite de messages HL7 ou d’exports à réunir',
      en: 'The source "{source}" cannot be read by itself: it is made of HL7 messages or of exports to be joined',
    },
    hint: {
      fr: 'Comparez par « map run » sur un échantillon, ou faites tourner l’agent vers une région d’essai',
      en: 'Compare with "map run" on a sample, or run the agent towards a trial region',
    },
  },
  'shadow-day': {
    message: { fr: '{option} n’est pas un jour', en: '{option} is no day' },
    hint: {
      fr: 'Écrivez AAAA-MM-JJ, par exemple 2026-01-31',
      en: 'Write YYYY-MM-DD, for example 2026-01-31',
    },
  },
  'shadow-enough': {
    message: { fr: '--enough n’est pas un nombre de jours', en: '--enough is no number of days' },
    hint: { fr: 'Un nombre entier, 1 ou plus', en: 'A whole number, 1 or more' },
  },
  'shadow-too-much': {
    message: {
      fr: 'Trop de fichiers ou de passages à comparer (plus de {limit})',
      en: 'Too many files or visits to compare (over {limit})',
    },
    hint: {
      fr: 'Comparez moins de jours : --from, --to, ou un dossier plus petit',
      en: 'Compare fewer days: --from, --to, or a smaller folder',
    },
  },
  'answers-unreadable': {
    message: {
      fr: 'Le fichier de réponses {file} ne peut pas être lu ({reason})',
      en: 'The answer file {file} cannot be read ({reason})',
    },
    hint: { fr: 'Vérifiez le chemin donné à --answers', en: 'Check the path given to --answers' },
  },
  'answers-invalid': {
    message: {
      fr: 'Le fichier de réponses {file} a {count} erreur(s) :\n{faultsFr}',
      en: 'The answer file {file} has {count} fault(s):\n{faultsEn}',
    },
    hint: {
      fr: 'Corrigez-les toutes et relancez : rien n’a été fait. Le fichier est décrit dans agent/README.md',
      en: 'Mend them all and run it again: nothing was done. The file is described in agent/README.md',
    },
  },
  'setup-interrupted': {
    message: {
      fr: 'Configuration interrompue : rien n’a été écrit',
      en: 'Setup interrupted: nothing was written',
    },
    hint: { fr: 'Relancez « setup » quand vous voulez', en: 'Run "setup" again whenever you like' },
  },
  'setup-config-exists': {
    message: {
      fr: '{file} existe déjà et dit autre chose',
      en: '{file} exists already and says something else',
    },
    hint: {
      fr: 'Ajoutez « overwrite: true » aux réponses (l’ancien est gardé à côté), ou choisissez un autre --config',
      en: 'Add "overwrite: true" to the answers (the old one is kept beside it), or choose another --config',
    },
  },
  'setup-not-recognised': {
    message: {
      fr: 'Source « {source} » : le format des fichiers de {folder} n’est pas reconnu',
      en: 'Source "{source}": the form of the files in {folder} is not recognised',
    },
    hint: {
      fr: 'Nommez la correspondance à la place de « auto » ; pour en faire une : map init FICHIER',
      en: 'Name the mapping instead of "auto"; to make one: map init FILE',
    },
  },
  'setup-code-file': {
    message: {
      fr: 'Le fichier {file}, qui doit contenir le code d’enrôlement, ne peut pas être lu',
      en: 'The file {file}, which must hold the enrolment code, cannot be read',
    },
    hint: {
      fr: 'Déposez-y le code donné par la région, lisible par le compte qui lance la commande, puis relancez',
      en: 'Put the code given by the region there, readable by the account running the command, then run it again',
    },
  },
  'setup-step-failed': {
    message: {
      fr: 'La commande « {command} » a échoué (code {code})',
      en: 'The command "{command}" failed (code {code})',
    },
    hint: {
      fr: 'La configuration est écrite ; corrigez la cause et relancez la même commande « setup »',
      en: 'The configuration is written; mend the cause and run the same "setup" again',
    },
  },
  'config-not-written': {
    message: { fr: '{file} ne peut pas être écrit ({reason})', en: '{file} cannot be written ({reason})' },
    hint: {
      fr: 'Vérifiez les droits et la place sur le disque, ou choisissez un autre --config',
      en: 'Check the rights and the room on the disk, or choose another --config',
    },
  },
  'bundle-exists': {
    message: { fr: '{file} existe déjà', en: '{file} exists already' },
    hint: { fr: 'Choisissez un autre nom', en: 'Choose another name' },
  },
  'bundle-not-written': {
    message: { fr: '{file} ne peut pas être écrit ({reason})', en: '{file} cannot be written ({reason})' },
    hint: {
      fr: 'Choisissez un dossier existant où ce compte peut écrire',
      en: 'Choose a folder that exists and where this account may write',
    },
  },
  'bundle-entry': {
    message: {
      fr: 'Nom impossible dans un fichier d’assistance : {name}',
      en: 'Impossible name in a support bundle: {name}',
    },
    hint: {
      fr: 'C’est un défaut du logiciel : signalez-le',
      en: 'This is a fault of the software: report it',
    },
  },
} as const satisfies Record<string, ErrorText>;
