import type { Bilingual } from './texts.ts';

export const setupHelp = {
  setup: {
    fr: 'première configuration : pose les questions, vérifie les réponses, écrit agent.yaml, puis propose d’enrôler, de vérifier et d’installer',
    en: 'first configuration: asks, checks the answers, writes agent.yaml, then offers to enrol, check and install',
  },
  answers: {
    fr: 'fichier de réponses (YAML ou JSON) : aucune question n’est posée',
    en: 'answer file (YAML or JSON): no question is asked',
  },
} as const satisfies Record<string, Bilingual>;

/** Comments of the agent.yaml that setup writes. */
export const configComments = {
  head: {
    fr: 'Configuration de l’agent Vaguemestre. Après une modification, rien à redémarrer : l’agent la relit.',
    en: 'Configuration of the Vaguemestre agent. After a change nothing needs a restart: the agent reads it again.',
  },
  state: {
    fr: 'Mémoire de l’agent (clés, plis scellés, reçus) : sur un disque local, à sauvegarder.',
    en: 'The agent’s memory (keys, sealed envelopes, receipts): on a local disk, to be backed up.',
  },
  language: { fr: 'Langue des messages : fr ou en.', en: 'Language of messages: fr or en.' },
  sources: {
    fr: 'Dossiers où le logiciel de l’hôpital dépose ses fichiers.',
    en: 'Folders where the hospital’s software drops its files.',
  },
  proxy: {
    fr: 'Proxy pour atteindre la région ; le mot de passe reste dans son fichier.',
    en: 'Proxy to reach the region; the password stays in its file.',
  },
  notify: {
    fr: 'Qui est prévenu quand la région ne répond plus.',
    en: 'Who is told when the region does not answer any more.',
  },
} as const satisfies Record<string, Bilingual>;

/** Questions, hints, and what was found and done. */
export const setupTexts = {
  askLanguage: { fr: 'Langue / language (fr, en) ?', en: 'Langue / language (fr, en)?' },
  welcome: {
    fr: '\nQuelques questions. Entrée garde la réponse entre crochets ; Ctrl-D arrête tout sans rien écrire.',
    en: '\nA few questions. Enter keeps the answer in brackets; Ctrl-D stops everything and writes nothing.',
  },
  partMachine: { fr: '\n1. Cette machine', en: '\n1. This machine' },
  partRegion: { fr: '\n2. La région', en: '\n2. The region' },
  partSources: { fr: '\n3. Les fichiers de l’hôpital', en: '\n3. The hospital’s files' },
  partNotice: { fr: '\n4. En cas de silence', en: '\n4. When there is silence' },
  askState: { fr: 'Dossier de l’état (disque local) ?', en: 'State folder (local disk)?' },
  askUrl: {
    fr: 'Adresse d’enrôlement donnée par la région (vide : plus tard) ?',
    en: 'Enrolment address given by the region (empty: later)?',
  },
  askCode: {
    fr: 'Code d’enrôlement, ou fichier qui le contient ?',
    en: 'Enrolment code, or a file that holds it?',
  },
  askProxy: { fr: 'Proxy HTTP (vide : aucun) ?', en: 'HTTP proxy (empty: none)?' },
  askProxyFound: {
    fr: 'Proxy HTTP, trouvé dans l’environnement (- : aucun) ?',
    en: 'HTTP proxy, found in the environment (-: none)?',
  },
  askProxyUser: { fr: 'Utilisateur du proxy (vide : aucun) ?', en: 'User of the proxy (empty: none)?' },
  askPasswordFile: { fr: 'Fichier qui contient le mot de passe ?', en: 'File that holds the password?' },
  askFolder: { fr: 'Dossier où arrivent les fichiers ?', en: 'Folder where the files arrive?' },
  foundNothing: {
    fr: '  Le dossier est vide : le format ne peut pas être reconnu, il faut le nommer.',
    en: '  The folder is empty: the format cannot be recognised, it has to be named.',
  },
  foundMapping: {
    fr: '  Reconnu : la correspondance « {mapping} » lit ces fichiers.',
    en: '  Recognised: the mapping "{mapping}" reads these files.',
  },
  foundFacilities: {
    fr: '  FINESS trouvé dans les fichiers : {list}',
    en: '  FINESS found in the files: {list}',
  },
  foundHl7: {
    fr: '  Reconnu : messages HL7 ({files} fichier(s)).',
    en: '  Recognised: HL7 messages ({files} file(s)).',
  },
  foundOpenPgp: {
    fr: '  Reconnu : {files} fichier(s) chiffrés par OpenPGP. La clé privée sera demandée, et la correspondance est à nommer.',
    en: '  Recognised: {files} file(s) encrypted by OpenPGP. The private key will be asked for, and the mapping has to be named.',
  },
  foundBroken: { fr: '  {files} fichier(s) vides ou coupés.', en: '  {files} file(s) empty or cut.' },
  foundUnknown: {
    fr: '  {files} fichier(s) d’un format propre au logiciel : il faut une correspondance. Pour la proposer :\n    map init "{sample}" --out logiciel.yaml\n  puis répondez ici par le chemin de ce fichier.',
    en: '  {files} file(s) in a form of the software’s own: a mapping is needed. To have one proposed:\n    map init "{sample}" --out software.yaml\n  then answer here with the path of that file.',
  },
  askMappings: {
    fr: 'Correspondance(s), séparées par des virgules ?',
    en: 'Mapping(s), separated by commas?',
  },
  askFacility: {
    fr: 'FINESS géographique (vide : celui que portent les fichiers) ?',
    en: 'Geographic FINESS (empty: the one in the files)?',
  },
  askName: { fr: 'Nom de la source ?', en: 'Name of the source?' },
  askPart: {
    fr: 'Partie, si une autre source alimente déjà le même flux du même établissement (vide : non) ?',
    en: 'Part, when another source feeds the same feed of the same facility already (empty: no)?',
  },
  askPrivateKey: { fr: 'Fichier de la clé privée OpenPGP ?', en: 'File of the OpenPGP private key?' },
  askPassphraseFile: {
    fr: 'Fichier de sa phrase secrète (vide : aucune) ?',
    en: 'File of its passphrase (empty: none)?',
  },
  askReady: {
    fr: 'Un fichier est complet quand : il ne change plus (stable), un .ok l’annonce (marker), il est renommé (rename), tout de suite (now) ?',
    en: 'A file is whole when: it changes no more (stable), an .ok announces it (marker), it is renamed (rename), at once (now)?',
  },
  askSeconds: { fr: 'Sans changement depuis combien de secondes ?', en: 'Unchanged for how many seconds?' },
  onlyReadable: {
    fr: '  Ce compte ne peut pas écrire dans le dossier : les fichiers y resteront.',
    en: '  This account cannot write in the folder: the files will stay there.',
  },
  askAfter: {
    fr: 'Une fois pris, le fichier est rangé (archive) ou laissé en place (keep) ?',
    en: 'Once taken, the file is moved away (archive) or left in place (keep)?',
  },
  askAnother: { fr: 'Une autre source ?', en: 'Another source?' },
  askEmail: {
    fr: 'Adresse prévenue quand la région ne répond plus (vide : personne) ?',
    en: 'Address told when the region does not answer any more (empty: nobody)?',
  },
  askMailHost: { fr: 'Serveur d’envoi (SMTP) ?', en: 'Outgoing mail server (SMTP)?' },
  askMailTls: { fr: 'Chiffrement : starttls, implicit, none ?', en: 'Encryption: starttls, implicit, none?' },
  askMailPort: { fr: 'Port ?', en: 'Port?' },
  askMailFrom: { fr: 'Adresse de l’expéditeur ?', en: 'Address of the sender?' },
  askMailUser: { fr: 'Utilisateur (vide : aucun) ?', en: 'User (empty: none)?' },
  yesNo: { fr: '[O/n]', en: '[Y/n]' },
  noYes: { fr: '[o/N]', en: '[y/N]' },

  sayYesOrNo: { fr: 'Répondez o (oui) ou n (non)', en: 'Answer y (yes) or n (no)' },
  oneOf: { fr: 'Choisissez parmi : {choices}', en: 'Choose one of: {choices}' },
  notAFolder: { fr: 'Pas de dossier à « {path} »', en: 'No folder at "{path}"' },
  notWritable: { fr: 'Ce compte ne peut pas écrire dans {path}', en: 'This account cannot write in {path}' },
  notReadable: { fr: 'Ce compte ne peut pas lire {path}', en: 'This account cannot read {path}' },
  fileUnreadable: { fr: 'Pas de fichier lisible à « {path} »', en: 'No readable file at "{path}"' },
  notHttps: {
    fr: 'Une adresse commence par https:// ; elle figure dans le courrier de la région',
    en: 'An address starts with https://; it is in the letter from the region',
  },
  noCode: {
    fr: 'Ni un code (il commence par vgm1.), ni un fichier qui en contient un',
    en: 'Neither a code (it starts with vgm1.) nor a file that holds one',
  },
  codeMistyped: {
    fr: 'Un caractère du code est faux : copiez-le en entier, sans le retaper',
    en: 'A character of the code is wrong: copy the whole of it, do not retype it',
  },
  notProxy: {
    fr: 'Par exemple http://proxy.hopital.fr:3128, sans utilisateur ni mot de passe',
    en: 'For example http://proxy.hospital.example:3128, without user or password',
  },
  notAnAddress: { fr: 'Ce n’est pas une adresse électronique', en: 'This is no e-mail address' },
  notAPort: { fr: 'Un nombre de 1 à 65535', en: 'A number from 1 to 65535' },
  notSeconds: {
    fr: 'Un nombre entier de secondes, 3600 au plus',
    en: 'A whole number of seconds, at most 3600',
  },
  noMapping: {
    fr: 'Nommez au moins une correspondance : rpu-2006 lit le XML national',
    en: 'Name at least one mapping: rpu-2006 reads the national XML',
  },
  mappingUnknown: {
    fr: '« {name} » n’est ni un fichier lisible, ni une correspondance fournie ({known})',
    en: '"{name}" is neither a readable file nor a mapping that is provided ({known})',
  },
  notFiness: {
    fr: 'Un FINESS a 9 caractères et une clé ; celui-ci ne convient pas',
    en: 'A FINESS has 9 characters and a check digit; this one does not fit',
  },
  finessNeeded: {
    fr: 'Les messages HL7 ne portent pas le FINESS : il faut le donner ici',
    en: 'HL7 messages do not carry the FINESS: it has to be given here',
  },
  notAName: { fr: 'Lettres, chiffres, espaces, points, tirets', en: 'Letters, digits, spaces, dots, dashes' },
  nameUsed: { fr: 'Une autre source porte déjà ce nom', en: 'Another source has this name already' },
  notAPart: { fr: 'Lettres et chiffres, 40 au plus', en: 'Letters and digits, at most 40' },

  shown: { fr: '\nVoici la configuration :\n', en: '\nThis is the configuration:\n' },
  askWrite: { fr: 'L’écrire dans {file} ?', en: 'Write it to {file}?' },
  askOverwrite: {
    fr: '{file} existe et dit autre chose. Le remplacer (l’ancien est gardé à côté) ?',
    en: '{file} exists and says something else. Replace it (the old one is kept beside it)?',
  },
  notWritten: { fr: 'Rien n’a été écrit.', en: 'Nothing was written.' },
  written: { fr: 'Configuration écrite : {file}', en: 'Configuration written: {file}' },
  keptAside: { fr: 'L’ancienne est gardée : {file}', en: 'The old one is kept: {file}' },
  unchanged: { fr: 'Configuration inchangée : {file}', en: 'Configuration unchanged: {file}' },
  alreadyEnrolled: { fr: 'L’agent est déjà enrôlé.', en: 'The agent is enrolled already.' },
  askCheck: {
    fr: 'Vérifier maintenant que tout est en place ?',
    en: 'Check now that everything is in place?',
  },
  askEnrol: { fr: 'Enrôler l’agent maintenant ?', en: 'Enrol the agent now?' },
  askService: {
    fr: 'Installer l’agent comme service du système ?',
    en: 'Install the agent as a service of the system?',
  },
  serviceLater: {
    fr: 'Pour l’installer comme service, avec les droits d’administration : service install --config {file}',
    en: 'To install it as a service, with administration rights: service install --config {file}',
  },
  enrolLater: {
    fr: 'Pour l’enrôler, quand la région aura donné son code : enroll --url ADRESSE --config {file}',
    en: 'To enrol it, when the region has given its code: enroll --url ADDRESS --config {file}',
  },
  nobodyToAsk: {
    fr: 'Personne pour répondre : donnez un fichier de réponses (--answers)',
    en: 'Nobody to answer: give an answer file (--answers)',
  },
} as const satisfies Record<string, Bilingual>;
