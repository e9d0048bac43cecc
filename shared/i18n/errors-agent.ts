import type { ErrorText } from './texts.ts';

export const agentErrors = {
  'config-unreadable': {
    message: {
      fr: 'Le fichier de configuration {file} ne se lit pas',
      en: 'The configuration file {file} cannot be read',
    },
    hint: {
      fr: 'Donnez son chemin par --config, et vérifiez les droits du fichier',
      en: 'Give its path with --config, and check the rights of the file',
    },
  },
  'config-invalid': {
    message: {
      fr: 'Le fichier de configuration {file} a des fautes :\n{faultsFr}',
      en: 'The configuration file {file} has faults:\n{faultsEn}',
    },
    hint: {
      fr: 'Corrigez toutes les lignes citées. Ce qui tourne déjà garde ses anciens réglages ; rien d’autre n’a démarré',
      en: 'Correct every line named. What runs already keeps its old settings; nothing else was started',
    },
  },
  'agent-not-enrolled': {
    message: {
      fr: 'Cet agent n’est pas enrôlé (rien dans {state})',
      en: 'This agent is not enrolled (nothing in {state})',
    },
    hint: {
      fr: 'Demandez un code d’enrôlement à la région, puis lancez : agent enroll --url ADRESSE --code-file FICHIER',
      en: 'Ask the region for an enrolment code, then run: agent enroll --url URL --code-file FILE',
    },
  },
  'agent-never-ran': {
    message: {
      fr: 'Cet agent n’a encore rien lu ({state})',
      en: 'This agent has not read anything yet ({state})',
    },
    hint: { fr: 'Lancez-le : agent run', en: 'Start it: agent run' },
  },
  'agent-already-enrolled': {
    message: { fr: 'Cet agent est déjà enrôlé ({state})', en: 'This agent is already enrolled ({state})' },
    hint: {
      fr: 'Rien n’est à faire : lancez « agent run ». S’il a perdu ses certificats, demandez un code à la région et ajoutez --replace ; pour un autre agent, choisissez un autre dossier d’état',
      en: 'Nothing to do: start "agent run". If it has lost its certificates, ask the region for a code and add --replace; for another agent, choose another state folder',
    },
  },
  'enrolment-other-agent': {
    message: {
      fr: 'Ce code est celui d’un autre agent que celui de {state}',
      en: 'This code is for another agent than the one in {state}',
    },
    hint: {
      fr: 'Demandez à la région un code pour cet agent (receiver agent invite --agent ID), ou choisissez un autre dossier d’état',
      en: 'Ask the region for a code for this agent (receiver agent invite --agent ID), or choose another state folder',
    },
  },
  'enrolment-refused': {
    message: {
      fr: 'La région refuse l’enrôlement ({reason})',
      en: 'The region refuses the enrolment ({reason})',
    },
    hint: {
      fr: 'Un code sert une seule fois et pour un temps limité : demandez-en un nouveau à l’opérateur régional',
      en: 'A code works once and for a limited time: ask the regional operator for a new one',
    },
  },
  'enrolment-answer-forged': {
    message: {
      fr: 'La réponse d’enrôlement n’est pas prouvée par le code',
      en: 'The enrolment answer is not proven by the code',
    },
    hint: {
      fr: 'Rien n’a été enregistré. Vérifiez l’adresse ; si elle est bonne, prévenez l’opérateur régional : quelqu’un intercepte la liaison',
      en: 'Nothing was saved. Check the address; if it is right, warn the regional operator: someone intercepts the connection',
    },
  },
  'identity-damaged': {
    message: {
      fr: 'L’identité de l’agent est illisible ({file})',
      en: 'The identity of the agent cannot be read ({file})',
    },
    hint: {
      fr: 'Remettez ce fichier depuis une sauvegarde, ou demandez un code à la région, puis lancez : agent enroll --replace',
      en: 'Restore this file from a backup, or ask the region for a code, then run: agent enroll --replace',
    },
  },
  'identity-mismatch': {
    message: {
      fr: 'Les certificats et les clés de cet agent ne vont pas ensemble',
      en: 'The certificates and the keys of this agent do not belong together',
    },
    hint: {
      fr: 'Si cela dure, demandez un code à la région, puis lancez : agent enroll --replace',
      en: 'If this lasts, ask the region for a code, then run: agent enroll --replace',
    },
  },
  'renewal-failed': {
    message: {
      fr: 'Les certificats n’ont pas pu être renouvelés ({reason})',
      en: 'The certificates could not be renewed ({reason})',
    },
    hint: {
      fr: 'Rien n’a changé et l’agent réessaie tout seul. Si cela dure plusieurs jours, vérifiez le réseau et l’horloge, puis appelez l’opérateur régional',
      en: 'Nothing has changed and the agent tries again by itself. If this lasts for days, check network and clock, then call the regional operator',
    },
  },
  'certificate-ends-30': {
    message: {
      fr: 'Les certificats finissent dans {days} jours ({until}) et auraient dû être renouvelés',
      en: 'The certificates end in {days} days ({until}) and should have been renewed',
    },
    hint: {
      fr: 'L’agent réessaie tous les jours : vérifiez qu’il tourne et qu’il atteint le récepteur',
      en: 'The agent tries every day: check that it runs and that it reaches the receiver',
    },
  },
  'certificate-ends-14': {
    message: {
      fr: 'Les certificats finissent dans {days} jours ({until}) et ne se renouvellent pas',
      en: 'The certificates end in {days} days ({until}) and are not being renewed',
    },
    hint: {
      fr: 'Cherchez « renewal-failed » dans le journal de l’agent, et appelez l’opérateur régional cette semaine',
      en: 'Look for "renewal-failed" in the agent\'s log, and call the regional operator this week',
    },
  },
  'certificate-ends-7': {
    message: {
      fr: 'Les certificats finissent dans {days} jours ({until}) : après, plus rien ne partira',
      en: 'The certificates end in {days} days ({until}): after that, nothing will leave',
    },
    hint: {
      fr: 'Appelez l’opérateur régional aujourd’hui ; à défaut de renouvellement, demandez-lui un code et lancez : agent enroll --replace',
      en: 'Call the regional operator today; if it cannot be renewed, ask for a code and run: agent enroll --replace',
    },
  },
  'certificate-ended': {
    message: {
      fr: 'Les certificats sont finis depuis le {until} : plus rien ne part',
      en: 'The certificates ended on {until}: nothing leaves any more',
    },
    hint: {
      fr: 'Rien n’est perdu : demandez un code à l’opérateur régional, puis lancez : agent enroll --replace',
      en: 'Nothing is lost: ask the regional operator for a code, then run: agent enroll --replace',
    },
  },
  'recipient-missing': {
    message: {
      fr: 'Aucune clé de la région n’est en cours de validité (version {bundle})',
      en: 'No key of the region is in its period of validity (version {bundle})',
    },
    hint: {
      fr: 'Vérifiez l’horloge de cette machine ; si elle est juste, appelez l’opérateur régional',
      en: 'Check the clock of this machine; if it is right, call the regional operator',
    },
  },
  'receiver-unreachable': {
    message: { fr: 'Le récepteur régional ne répond pas', en: 'The regional receiver does not answer' },
    hint: {
      fr: 'Vérifiez le réseau, le pare-feu et le proxy ; rien n’est perdu, l’envoi reprend tout seul',
      en: 'Check network, firewall and proxy; nothing is lost, sending resumes by itself',
    },
  },
  'receiver-not-trusted': {
    message: {
      fr: 'La liaison avec le récepteur ne présente pas un certificat de la région',
      en: 'The connection to the receiver does not show a certificate of the region',
    },
    hint: {
      fr: 'Un équipement intercepte peut-être TLS : demandez une exception pour cette adresse. Vérifiez aussi l’horloge de cette machine',
      en: 'A device may be intercepting TLS: ask for an exception for this address. Also check the clock of this machine',
    },
  },
  'mapping-unknown': {
    message: { fr: 'Le mapping « {mapping} » n’existe pas', en: 'The mapping "{mapping}" does not exist' },
    hint: {
      fr: 'Utilisez rpu-2006, rpu-csv, beds-csv, ou le chemin d’un fichier .yaml',
      en: 'Use rpu-2006, rpu-csv, beds-csv, or the path of a .yaml file',
    },
  },
  'mapping-unreadable': {
    message: {
      fr: 'Le fichier de mapping {file} ne se lit pas',
      en: 'The mapping file {file} cannot be read',
    },
    hint: {
      fr: 'Vérifiez le chemin et les droits du fichier',
      en: 'Check the path and the rights of the file',
    },
  },
  'source-unreachable': {
    message: {
      fr: 'Le dossier {folder} ne se lit pas ({reason})',
      en: 'The folder {folder} cannot be read ({reason})',
    },
    hint: {
      fr: 'Vérifiez le partage, son montage et les droits ; la lecture reprend toute seule dès que le dossier revient',
      en: 'Check the share, its mount and rights; reading resumes by itself as soon as the folder is back',
    },
  },
  'file-changed': {
    message: {
      fr: 'Le fichier {file} a changé pendant sa lecture',
      en: 'The file {file} changed while it was read',
    },
    hint: {
      fr: 'Rien n’est à faire : il est relu à la prochaine visite du dossier',
      en: 'Nothing to do: it is read again at the next look at the folder',
    },
  },
  'file-unreadable': {
    message: {
      fr: 'Le fichier {file} ne se lit pas ({reason})',
      en: 'The file {file} cannot be read ({reason})',
    },
    hint: {
      fr: 'Donnez au compte de l’agent le droit de lire ce fichier ; il est repris tout seul',
      en: "Give the agent's account the right to read this file; it is then taken by itself",
    },
  },
  'file-not-moved': {
    message: {
      fr: 'Le fichier {file} est pris, mais ne peut être rangé dans {folder} ({reason})',
      en: 'The file {file} is taken, but cannot be moved to {folder} ({reason})',
    },
    hint: {
      fr: 'Donnez au compte de l’agent le droit d’écrire dans ces dossiers, ou réglez la source sur « after: keep »',
      en: 'Give the agent\'s account the right to write in these folders, or set the source to "after: keep"',
    },
  },
  'disk-low': {
    message: {
      fr: 'Il reste trop peu de place sur le disque de l’agent : plus rien n’est pris',
      en: "Too little space is left on the agent's disk: nothing is taken any more",
    },
    hint: {
      fr: 'Libérez de la place ; les fichiers restent intacts à leur place, et tout reprend tout seul',
      en: 'Free some space; exports stay untouched where they are, and all resumes by itself',
    },
  },
  'disk-full': {
    message: {
      fr: 'Une écriture a échoué sur le disque de l’agent : plus rien n’est pris',
      en: "A write failed on the agent's disk: nothing is taken any more",
    },
    hint: {
      fr: 'Libérez de la place ou vérifiez le disque ; les fichiers restent intacts à leur place, et tout reprend tout seul',
      en: 'Free some space or check the disk; exports stay untouched where they are, and all resumes by itself',
    },
  },
  'facility-key-missing': {
    message: {
      fr: 'La région n’a pas donné à cet agent la clé de l’établissement {facility}',
      en: 'The region has not given this agent the key of facility {facility}',
    },
    hint: {
      fr: 'Demandez à l’opérateur régional de rattacher cet établissement à l’agent, puis déposez de nouveau le fichier',
      en: 'Ask the regional operator to attach this facility to the agent, then drop the file again',
    },
  },
  'export-source-missing': {
    message: {
      fr: 'Le fichier de l’export n’est plus là, ou n’est plus le même ({export})',
      en: 'The file of the export is gone, or is no longer the same ({export})',
    },
    hint: {
      fr: 'Remettez le fichier dans le dossier source, ou produisez-le de nouveau',
      en: 'Put the file back into the source folder, or produce it again',
    },
  },
  'outbox-state': {
    message: {
      fr: 'Un pli n’était pas dans l’état attendu ({to})',
      en: 'An envelope was not in the expected state ({to})',
    },
    hint: {
      fr: 'C’est un défaut du logiciel : joignez le journal à votre demande d’assistance ; rien n’est perdu',
      en: 'This is a defect of the software: attach the log to your support request; nothing is lost',
    },
  },
  'outbox-content-missing': {
    message: {
      fr: 'Le contenu du pli {envelope} manque',
      en: 'The content of envelope {envelope} is missing',
    },
    hint: {
      fr: 'La base est abîmée : lancez « agent verify », puis appelez l’assistance',
      en: 'The database is damaged: run "agent verify", then call support',
    },
  },
  'outbox-epoch-changed': {
    message: {
      fr: 'Le registre de {feed} a été rouvert entre-temps',
      en: 'The ledger of {feed} was reopened meanwhile',
    },
    hint: {
      fr: 'Rien n’est à faire : les fichiers concernés sont relus tout seuls',
      en: 'Nothing to do: the exports concerned are read again by themselves',
    },
  },
  'trace-not-found': {
    message: { fr: 'Rien ne correspond à « {what} »', en: 'Nothing matches "{what}"' },
    hint: {
      fr: 'Donnez un nom de fichier, un fichier:ligne, l’identifiant d’un export ou d’un pli, ou le début d’une clé (8 caractères hexadécimaux au moins)',
      en: 'Give a file name, a file:line, the id of an export or envelope, or the start of a record key (at least 8 hex digits)',
    },
  },
} as const satisfies Record<string, ErrorText>;
