import type { Bilingual } from './texts.ts';

/** What doctor found and, unless all is well, its cure. Codes that are not here stand in the catalogue of errors. */
interface FindingText {
  readonly message: Bilingual;
  readonly cure?: Bilingual;
}

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
      fr: 'Source {source} : {folder}, {files} fichier(s) présents',
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

const networkFindings = {
  'name-found': { message: { fr: '{host} → {addresses}', en: '{host} → {addresses}' } },
  'name-left-to-proxy': {
    message: { fr: '{host} : résolu par le proxy', en: '{host}: resolved by the proxy' },
  },
  'name-unknown': {
    message: {
      fr: 'Le nom {host} n’est pas connu ici ({reason})',
      en: 'The name {host} is not known here ({reason})',
    },
    cure: {
      fr: 'Faites-le résoudre par le DNS de l’établissement, ou réglez le proxy',
      en: 'Have the DNS of the hospital resolve it, or set the proxy',
    },
  },
  'way-straight': {
    message: {
      fr: '{host}:{port} joint directement en {ms} ms',
      en: '{host}:{port} reached directly in {ms} ms',
    },
  },
  'way-through': {
    message: {
      fr: '{host}:{port} joint par {proxy} en {ms} ms',
      en: '{host}:{port} reached through {proxy} in {ms} ms',
    },
  },
  'way-closed': {
    message: { fr: '{host}:{port} ne répond pas ({reason})', en: '{host}:{port} does not answer ({reason})' },
    cure: {
      fr: 'Le pare-feu bloque, ou il faut passer par un proxy : « agent doctor --ticket » rédige la demande à l’équipe réseau',
      en: 'The firewall blocks it, or a proxy is needed: "agent doctor --ticket" writes the request for the network team',
    },
  },
  'proxy-away': {
    message: {
      fr: 'Le proxy {proxy} ne répond pas ({reason})',
      en: 'The proxy {proxy} does not answer ({reason})',
    },
    cure: {
      fr: 'Vérifiez son adresse et son port dans les réglages',
      en: 'Check its address and port in the settings',
    },
  },
  'proxy-wants-password': {
    message: {
      fr: 'Le proxy {proxy} veut un mot de passe, ou refuse celui-ci (407 ; {schemes})',
      en: 'The proxy {proxy} wants a password, or refuses this one (407; {schemes})',
    },
    cure: {
      fr: 'Réglez proxy.username et proxy.passwordFile, ou demandez une exception pour {host}',
      en: 'Set proxy.username and proxy.passwordFile, or ask for an exception for {host}',
    },
  },
  'proxy-wants-ticket': {
    message: {
      fr: 'Le proxy {proxy} n’accepte que {schemes} (407), que l’agent ne sait pas faire',
      en: 'The proxy {proxy} takes only {schemes} (407), which the agent cannot do',
    },
    cure: {
      fr: 'Demandez une exception sans authentification pour {host}:{port} (agent doctor --ticket), ou mettez un relais local comme cntlm et donnez son adresse dans proxy.url',
      en: 'Ask for an exception without authentication for {host}:{port} (agent doctor --ticket), or run a local relay such as cntlm and give its address in proxy.url',
    },
  },
  'proxy-forbids': {
    message: {
      fr: 'Le proxy {proxy} refuse {host}:{port} (403)',
      en: 'The proxy {proxy} refuses {host}:{port} (403)',
    },
    cure: {
      fr: 'Demandez son ouverture : « agent doctor --ticket » rédige la demande',
      en: 'Ask for it to be opened: "agent doctor --ticket" writes the request',
    },
  },
  'proxy-answers': {
    message: {
      fr: 'Le proxy {proxy} répond {status} pour {host}:{port}',
      en: 'The proxy {proxy} answers {status} for {host}:{port}',
    },
    cure: {
      fr: 'Montrez cette réponse à l’équipe réseau (agent doctor --ticket)',
      en: 'Show this answer to the network team (agent doctor --ticket)',
    },
  },
  'tls-fine': {
    message: {
      fr: '{host} prouve son identité ({protocol}), certificat valable jusqu’au {until}',
      en: '{host} proves who it is ({protocol}), certificate good until {until}',
    },
  },
  'tls-unverified': {
    message: {
      fr: 'Quelqu’un répond (certificat émis par « {issuer} ») ; la vérification demande un agent enrôlé',
      en: 'Somebody answers (certificate issued by "{issuer}"); to verify it takes an enrolled agent',
    },
  },
  'tls-ends': {
    message: {
      fr: 'Le certificat de {host} finit dans {days} jour(s)',
      en: 'The certificate of {host} ends in {days} day(s)',
    },
    cure: { fr: 'Prévenez l’opérateur régional', en: 'Tell the regional operator' },
  },
  'tls-intercepted': {
    message: {
      fr: 'Un équipement répond à la place de {host} : son certificat est émis par « {issuer} », non par la région',
      en: 'A device answers in place of {host}: its certificate is issued by "{issuer}", not by the region',
    },
    cure: {
      fr: 'Faites exclure {host} de l’inspection TLS : « agent doctor --ticket » rédige la demande. Rien n’a été envoyé',
      en: 'Have {host} left out of TLS inspection: "agent doctor --ticket" writes the request. Nothing was sent',
    },
  },
  'tls-expired': {
    message: {
      fr: 'Le certificat de {host} a fini le {until}, d’après l’horloge d’ici',
      en: 'The certificate of {host} ended on {until}, by the clock here',
    },
    cure: {
      fr: 'Voyez d’abord l’horloge de cette machine (ci-dessous) ; si elle est juste, prévenez l’opérateur régional',
      en: 'Look at the clock of this machine first (below); if it is right, tell the regional operator',
    },
  },
  'tls-not-yet': {
    message: {
      fr: 'Le certificat de {host} ne vaut qu’à partir du {from} : l’horloge d’ici retarde sans doute',
      en: 'The certificate of {host} is good from {from} only: the clock here is probably behind',
    },
    cure: { fr: 'Remettez la machine à l’heure (NTP)', en: 'Set the clock of the machine (NTP)' },
  },
  'tls-other-host': {
    message: {
      fr: 'Le receveur répond, mais son certificat n’est pas au nom de {host}',
      en: 'The receiver answers, but its certificate is not in the name of {host}',
    },
    cure: {
      fr: 'Demandez à l’opérateur régional l’adresse exacte',
      en: 'Ask the regional operator for the exact address',
    },
  },
  'tls-failed': {
    message: { fr: 'La négociation TLS échoue ({reason})', en: 'The TLS handshake fails ({reason})' },
    cure: {
      fr: 'Un équipement coupe TLS 1.3, ou l’adresse n’est pas celle du receveur : « agent doctor --ticket »',
      en: 'A device breaks TLS 1.3, or the address is not the receiver’s: "agent doctor --ticket"',
    },
  },
  'region-fine': {
    message: {
      fr: 'La région reconnaît l’agent et répond en {ms} ms',
      en: 'The region knows the agent and answers in {ms} ms',
    },
  },
  'region-no-answer': {
    message: {
      fr: 'La liaison est coupée avant la réponse ({reason})',
      en: 'The connection breaks before the answer ({reason})',
    },
    cure: {
      fr: 'Un équipement coupe la liaison authentifiée, ou le receveur refuse les certificats : « agent doctor --ticket », et l’opérateur régional',
      en: 'A device breaks the authenticated connection, or the receiver refuses the certificates: "agent doctor --ticket", and the regional operator',
    },
  },
  'region-revoked': {
    message: {
      fr: 'La région a révoqué cet agent ({code})',
      en: 'The region has revoked this agent ({code})',
    },
    cure: {
      fr: 'Appelez l’opérateur régional ; un nouveau code, puis « agent enroll --replace », le remet en service',
      en: 'Call the regional operator; a new code, then "agent enroll --replace", brings it back',
    },
  },
  'region-expired': {
    message: {
      fr: 'La région tient les certificats de l’agent pour finis',
      en: 'The region takes the certificates of the agent as ended',
    },
    cure: {
      fr: 'Demandez un nouveau code, puis : agent enroll --replace',
      en: 'Ask for a new code, then: agent enroll --replace',
    },
  },
  'region-unknown': {
    message: {
      fr: 'La région ne connaît pas ces certificats',
      en: 'The region does not know these certificates',
    },
    cure: {
      fr: 'Un autre exemplaire de l’agent a pu être enrôlé depuis, ou le receveur reconstruit : demandez un nouveau code, puis « agent enroll --replace »',
      en: 'Another copy of the agent may have been enrolled since, or the receiver rebuilt: ask for a new code, then "agent enroll --replace"',
    },
  },
  'region-refuses': {
    message: { fr: 'La région répond {status} ({code})', en: 'The region answers {status} ({code})' },
    cure: {
      fr: 'Attendez un peu ; si cela dure, donnez ce code à l’opérateur régional',
      en: 'Wait a little; if it lasts, give this code to the regional operator',
    },
  },
  'clock-fine': {
    message: {
      fr: 'Horloge à l’heure de la région (écart {seconds} s)',
      en: 'Clock as the region’s (off by {seconds} s)',
    },
  },
  'clock-drifts': {
    message: {
      fr: 'L’horloge s’écarte de {seconds} s de celle de la région',
      en: 'The clock is off the region’s by {seconds} s',
    },
    cure: { fr: 'Vérifiez la synchronisation de l’heure (NTP)', en: 'Check the time synchronisation (NTP)' },
  },
  'clock-ahead': {
    message: {
      fr: 'L’horloge avance de {seconds} s (≈ {hours} h) sur celle de la région',
      en: 'The clock is {seconds} s (≈ {hours} h) ahead of the region’s',
    },
    cure: {
      fr: 'Remettez la machine à l’heure (NTP) : les certificats paraissent finis trop tôt',
      en: 'Set the clock of the machine (NTP): certificates look ended too early',
    },
  },
  'clock-behind': {
    message: {
      fr: 'L’horloge retarde de {seconds} s (≈ {hours} h) sur celle de la région',
      en: 'The clock is {seconds} s (≈ {hours} h) behind the region’s',
    },
    cure: {
      fr: 'Remettez la machine à l’heure (NTP) : les certificats paraissent ne pas valoir encore',
      en: 'Set the clock of the machine (NTP): certificates look not good yet',
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
