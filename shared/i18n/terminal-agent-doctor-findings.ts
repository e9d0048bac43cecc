import type { FindingText } from './terminal-agent-doctor.ts';
import { networkFindings } from './terminal-agent-doctor-network.ts';
import type { Bilingual } from './texts.ts';

/** Codes that are not here stand in the catalogue of errors. */
const localFindings = {
  'check-late': {
    message: { fr: 'Pas de réponse en {seconds} s', en: 'No answer within {seconds} s' },
    cure: {
      fr: 'Un disque, un partage ou le réseau ne répond plus : relancez le diagnostic, puis voyez lequel',
      en: 'A disk, a share or the network has stopped answering: run doctor again, then see which',
    },
  },
  'settings-fine': {
    message: { fr: '{file} : {sources} source(s), sans faute', en: '{file}: {sources} source(s), no fault' },
  },
  'settings-file': {
    message: {
      fr: 'Le fichier {file}, nommé par les réglages, ne se lit pas',
      en: 'The file {file}, named by the settings, cannot be read',
    },
    cure: { fr: 'Corrigez son chemin ou ses droits', en: 'Correct its path or its rights' },
  },
  'identity-fine': {
    message: {
      fr: 'Agent « {name} », certificats valables jusqu’au {until}',
      en: 'Agent "{name}", certificates good until {until}',
    },
  },
  'certificate-not-yet': {
    message: {
      fr: 'Les certificats de l’agent ne valent qu’à partir du {from} : l’horloge de cette machine retarde',
      en: 'The certificates of the agent are good from {from} only: the clock of this machine is behind',
    },
    cure: { fr: 'Remettez la machine à l’heure (NTP)', en: 'Set the clock of the machine (NTP)' },
  },
  'state-fine': {
    message: {
      fr: 'Dossier d’état {folder} : droits corrects',
      en: 'State folder {folder}: rights as they should be',
    },
  },
  'state-missing': {
    message: {
      fr: 'Le dossier d’état {folder} n’existe pas encore',
      en: 'The state folder {folder} is not there yet',
    },
    cure: { fr: 'Il est créé par « agent enroll »', en: '"agent enroll" makes it' },
  },
  'state-open': {
    message: {
      fr: 'Le dossier d’état {folder} est ouvert à d’autres comptes ({mode})',
      en: 'The state folder {folder} is open to other accounts ({mode})',
    },
    cure: { fr: 'chmod 700 sur ce dossier', en: 'chmod 700 on this folder' },
  },
  'key-open': {
    message: {
      fr: 'La clé {file} est lisible par d’autres comptes ({mode})',
      en: 'The key {file} can be read by other accounts ({mode})',
    },
    cure: {
      fr: 'chmod 600 sur ce fichier ; si d’autres ont pu la lire, demandez à la région un nouveau code (enroll --replace)',
      en: 'chmod 600 on this file; if others may have read it, ask the region for a new code (enroll --replace)',
    },
  },
  'key-owner': {
    message: {
      fr: 'La clé {file} appartient au compte {owner}, le dossier d’état à {folderOwner}',
      en: 'The key {file} belongs to account {owner}, the state folder to {folderOwner}',
    },
    cure: {
      fr: 'Donnez tout le dossier d’état au compte du service (chown -R) : une commande lancée en root l’a sans doute écrite',
      en: 'Give the whole state folder to the account of the service (chown -R): a command run as root has probably written it',
    },
  },
  'agent-runs': {
    message: {
      fr: 'Un agent tourne (processus {pid}, depuis {since})',
      en: 'An agent is running (process {pid}, since {since})',
    },
  },
  'agent-stopped': {
    message: { fr: 'Aucun agent ne tourne', en: 'No agent is running' },
    cure: { fr: 'Démarrez le service', en: 'Start the service' },
  },
  'disk-fine': { message: { fr: '{mb} Mo libres sur le disque', en: '{mb} MB free on the disk' } },
  'memory-fine': { message: { fr: '{mb} Mo de mémoire libre', en: '{mb} MB of memory free' } },
  'memory-low': {
    message: { fr: 'Il ne reste que {mb} Mo de mémoire', en: 'Only {mb} MB of memory are left' },
    cure: {
      fr: 'L’agent demande 300 Mo : fermez d’autres programmes ou ajoutez de la mémoire',
      en: 'The agent asks for 300 MB: close other programs or add memory',
    },
  },
  'database-none': {
    message: { fr: 'Pas encore de base : rien n’a été lu', en: 'No database yet: nothing has been read' },
  },
  'database-fine': {
    message: {
      fr: 'Base saine ({mb} Mo), registres sans trou',
      en: 'Database sound ({mb} MB), ledgers without a hole',
    },
  },
  'database-ledger': {
    message: { fr: '{holes} trou(s) dans les registres', en: '{holes} hole(s) in the ledgers' },
    cure: {
      fr: 'Arrêtez le service et lancez « agent doctor --repair »',
      en: 'Stop the service and run "agent doctor --repair"',
    },
  },
  'rights-of': {
    message: { fr: 'Droits essayés avec le compte {account}', en: 'Rights tried as account {account}' },
  },
  'rights-of-root': {
    message: {
      fr: 'Droits essayés en root, qui peut tout : le compte {account} n’existe pas ou n’a pu être essayé',
      en: 'Rights tried as root, which may do anything: account {account} is not there or could not be tried',
    },
    cure: {
      fr: 'Relancez avec --account et le compte du service, ou depuis ce compte',
      en: 'Run again with --account and the account of the service, or from that account',
    },
  },
  'source-fine': {
    message: {
      fr: 'Source {source} : {folder}, {files} fichier(s) présent(s)',
      en: 'Source {source}: {folder}, {files} file(s) there',
    },
  },
  'source-missing': {
    message: {
      fr: 'Source {source} : le dossier {folder} n’existe pas',
      en: 'Source {source}: the folder {folder} is not there',
    },
    cure: { fr: 'Corrigez le chemin, ou montez le partage', en: 'Correct the path, or mount the share' },
  },
  'source-share-gone': {
    message: {
      fr: 'Source {source} : le partage {folder} ne répond pas ({reason})',
      en: 'Source {source}: the share {folder} does not answer ({reason})',
    },
    cure: {
      fr: 'Remontez le partage ; l’agent reprend tout seul',
      en: 'Mount the share again; the agent goes on by itself',
    },
  },
  'source-not-listed': {
    message: {
      fr: 'Source {source} : le dossier {folder} est interdit à ce compte ({reason})',
      en: 'Source {source}: this account may not list the folder {folder} ({reason})',
    },
    cure: {
      fr: 'Donnez au compte du service le droit de lire et de parcourir ce dossier et ceux qui y mènent',
      en: 'Give the account of the service the right to read and to enter this folder and those above it',
    },
  },
  'source-files-closed': {
    message: {
      fr: 'Source {source} : {files} fichier(s) ne s’ouvrent pas ({reason})',
      en: 'Source {source}: {files} file(s) cannot be opened ({reason})',
    },
    cure: {
      fr: 'Faites déposer les fichiers avec des droits de lecture pour le compte du service (groupe commun, umask 027, ACL par défaut)',
      en: 'Have files dropped with read rights for the account of the service (common group, umask 027, default ACL)',
    },
  },
  'source-locked': {
    message: {
      fr: 'Source {source} : {files} fichier(s) retenus par un autre programme ({reason})',
      en: 'Source {source}: {files} file(s) held by another program ({reason})',
    },
    cure: {
      fr: 'Un antivirus ou le logiciel producteur les garde ouverts : excluez ce dossier de l’analyse à l’accès',
      en: 'An antivirus or the producing software keeps them open: leave this folder out of on-access scanning',
    },
  },
  'source-not-writable': {
    message: {
      fr: 'Source {source} : rien ne peut être rangé dans {folder} ({reason})',
      en: 'Source {source}: nothing can be put into {folder} ({reason})',
    },
    cure: {
      fr: 'Donnez au compte du service le droit d’écrire, ou réglez « after: keep »',
      en: 'Give the account of the service the right to write, or set "after: keep"',
    },
  },
  'source-share': {
    message: {
      fr: 'Source {source} : {folder} est sur le réseau, où les signaux de fichiers se perdent',
      en: 'Source {source}: {folder} is on the network, where file events get lost',
    },
    cure: {
      fr: 'Réglez « watch: false » ; le dossier est de toute façon relu toutes les scanSeconds',
      en: 'Set "watch: false"; the folder is listed every scanSeconds anyway',
    },
  },
  'source-waits': {
    message: {
      fr: 'Source {source} : le plus ancien de {files} fichier(s) attend depuis {minutes} min',
      en: 'Source {source}: the oldest of {files} file(s) has waited for {minutes} min',
    },
    cure: {
      fr: 'Vérifiez que l’agent tourne, et le mode « ready » de la source (témoin .ok attendu ?)',
      en: 'See that the agent runs, and the "ready" mode of the source (is a .ok marker awaited?)',
    },
  },
} as const satisfies Record<string, FindingText>;

export const doctorFindings: Readonly<Record<string, FindingText>> = { ...localFindings, ...networkFindings };

/** The checks, in the order in which data goes. */
export const checkNames: Readonly<Record<string, Bilingual>> = {
  settings: { fr: 'Réglages', en: 'Settings' },
  identity: { fr: 'Identité', en: 'Identity' },
  state: { fr: 'Dossier d’état', en: 'State folder' },
  running: { fr: 'Agent', en: 'Agent' },
  sources: { fr: 'Sources', en: 'Sources' },
  database: { fr: 'Base locale', en: 'Local database' },
  room: { fr: 'Disque et mémoire', en: 'Disk and memory' },
  names: { fr: 'Noms (DNS)', en: 'Names (DNS)' },
  way: { fr: 'Liaison', en: 'Connection' },
  tls: { fr: 'TLS', en: 'TLS' },
  region: { fr: 'Région', en: 'Region' },
};
