import type { ErrorText } from './texts.ts';

export const receiverErrors = {
  'certificate-unknown': {
    message: {
      fr: 'La connexion ne présente pas de certificat connu de la région',
      en: 'The connection presents no certificate known to the region',
    },
    hint: {
      fr: 'Vérifiez que l’agent est enrôlé auprès de cette région ; si elle a été restaurée d’une sauvegarde plus ancienne que cet enrôlement, ou qu’il ne l’est pas, invitez-le (agent invite, avec --agent ID si « agent list » le connaît)',
      en: 'Check that the agent is enrolled with this region; if it was restored from a backup older than that enrolment, or it is not enrolled, invite it (agent invite, with --agent ID if "agent list" knows it)',
    },
  },
  'certificate-revoked': {
    message: { fr: 'Le certificat de l’agent a été révoqué', en: "The agent's certificate has been revoked" },
    hint: {
      fr: 'Si ce n’est pas voulu, invitez l’agent de nouveau (agent invite --agent ID) et réenrôlez-le',
      en: 'If this is not intended, invite the agent again (agent invite --agent ID) and enrol it anew',
    },
  },
  'certificate-expired': {
    message: { fr: 'Le certificat de l’agent est expiré', en: "The agent's certificate has expired" },
    hint: {
      fr: 'Invitez l’agent de nouveau (agent invite --agent ID) et réenrôlez-le ; sa file d’envoi est conservée',
      en: 'Invite the agent again (agent invite --agent ID) and enrol it anew; its outbox is kept',
    },
  },
  'agent-not-active': {
    message: {
      fr: 'L’agent n’est pas actif dans cette région',
      en: 'The agent is not active in this region',
    },
    hint: {
      fr: 'Consultez son état (agent list) ; s’il a été révoqué à tort, invitez-le de nouveau',
      en: 'Look at its status (agent list); if it was revoked by mistake, invite it again',
    },
  },
  'agent-unknown': {
    message: { fr: 'Aucun agent {agent}', en: 'No agent {agent}' },
    hint: {
      fr: 'Consultez la liste (agent list) et reprenez son identifiant exact',
      en: 'Look at the list (agent list) and use its exact id',
    },
  },
  'facility-not-registered': {
    message: {
      fr: 'L’établissement {facility} n’est pas enregistré',
      en: 'The facility {facility} is not registered',
    },
    hint: {
      fr: 'Enregistrez-le d’abord : facility add {facility} --name NOM',
      en: 'Register it first: facility add {facility} --name NAME',
    },
  },
  'invitation-incomplete': {
    message: {
      fr: 'L’invitation d’un agent demande son nom et ses établissements',
      en: 'Inviting an agent takes its name and its facilities',
    },
    hint: {
      fr: 'Ajoutez --name NOM --facilities FINESS,… ; pour remplacer un agent perdu, --agent ID suffit',
      en: 'Add --name NAME --facilities FINESS,…; to replace a lost agent, --agent ID is enough',
    },
  },
  'facility-finess-invalid': {
    message: {
      fr: '{facility} n’est pas un numéro FINESS géographique valide',
      en: '{facility} is not a valid geographic FINESS number',
    },
    hint: {
      fr: 'Attendu : 9 caractères avec leur clé ; vérifiez le numéro dans le répertoire FINESS',
      en: 'Expected: 9 characters with their check digit; check the number in the FINESS directory',
    },
  },
  'envelope-other-agent': {
    message: {
      fr: 'Le pli porte le nom d’un autre agent que celui qui l’envoie',
      en: 'The envelope names another agent than the one sending it',
    },
    hint: {
      fr: 'N’échangez pas les dossiers de données entre agents : chacun garde le sien ; réenrôlez celui qui a été copié',
      en: 'Do not exchange data folders between agents: each keeps its own; enrol the copied one anew',
    },
  },
  'envelope-signer-unknown': {
    message: {
      fr: 'Le pli est signé par une clé que la région ne connaît pas pour cet agent',
      en: 'The envelope is signed by a key the region does not know for this agent',
    },
    hint: {
      fr: 'Réenrôlez l’agent : les plis en attente seront relus depuis leur source',
      en: 'Enrol the agent anew: pending envelopes will be read again from their source',
    },
  },
  'envelope-signature-invalid': {
    message: {
      fr: 'La signature du pli est fausse : il a été altéré ou n’est pas de cet agent',
      en: "The envelope's signature is wrong: it was altered or is not from this agent",
    },
    hint: {
      fr: 'Faites renvoyer l’export ; si cela se répète, examinez le disque de l’agent et révoquez-le au besoin',
      en: "Have the export resent; if it happens again, examine the agent's disk and revoke it if needed",
    },
  },
  'ledger-id-reused': {
    message: {
      fr: 'Un autre pli a déjà été reçu sous ce numéro',
      en: 'Another envelope was already received under this id',
    },
    hint: {
      fr: 'Deux copies de l’agent tournent peut-être : arrêtez-en une et réenrôlez l’autre',
      en: 'Two copies of the agent may be running: stop one and enrol the other anew',
    },
  },
  'ledger-old-epoch': {
    message: {
      fr: 'Le pli appartient à une époque close du registre',
      en: 'The envelope belongs to a closed epoch of the ledger',
    },
    hint: {
      fr: 'Une copie ancienne de l’agent tourne peut-être encore : arrêtez-la',
      en: 'An old copy of the agent may still be running: stop it',
    },
  },
  'ledger-epoch-unopened': {
    message: {
      fr: 'Le pli appartient à une époque qui n’a pas été ouverte',
      en: 'The envelope belongs to an epoch that was not opened',
    },
    hint: {
      fr: 'L’agent ouvre l’époque suivante de lui-même ; sinon réenrôlez-le',
      en: 'The agent opens the next epoch by itself; otherwise enrol it anew',
    },
  },
  'ledger-fork': {
    message: {
      fr: 'Un autre pli occupe déjà cette place du registre',
      en: 'Another envelope already holds this place of the ledger',
    },
    hint: {
      fr: 'L’agent a été restauré d’une sauvegarde ou tourne en double : gardez-en un seul, il ouvrira une nouvelle époque',
      en: 'The agent was restored from a backup or runs twice: keep only one, it will open a new epoch',
    },
  },
  'ledger-chain-broken': {
    message: {
      fr: 'Le pli ne s’enchaîne pas au précédent',
      en: 'The envelope does not chain to the one before it',
    },
    hint: {
      fr: 'L’agent ouvrira une nouvelle époque ; si cela se répète, lancez verify des deux côtés',
      en: 'The agent will open a new epoch; if it happens again, run verify on both sides',
    },
  },
  'ledger-too-far-ahead': {
    message: {
      fr: 'Le numéro du pli est invraisemblablement loin de la tête du registre',
      en: "The envelope's number is implausibly far from the head of the ledger",
    },
    hint: {
      fr: 'Lancez verify sur l’agent et joignez son résultat à votre demande d’assistance',
      en: 'Run verify on the agent and attach its result to your support request',
    },
  },
  'ledger-epoch-refused': {
    message: {
      fr: 'L’époque {epoch} ne peut pas être ouverte (en cours : {open})',
      en: 'Epoch {epoch} cannot be opened (current: {open})',
    },
    hint: {
      fr: 'Seule l’époque qui suit peut être ouverte ; une copie de l’agent l’a peut-être déjà fait : gardez-en une seule',
      en: 'Only the next epoch can be opened; a copy of the agent may have done so already: keep only one',
    },
  },
  'message-malformed': {
    message: {
      fr: 'Le message reçu n’a pas la forme attendue',
      en: 'The message received does not have the expected form',
    },
    hint: {
      fr: 'Vérifiez que l’agent et le récepteur sont de versions compatibles',
      en: 'Check that agent and receiver are of compatible versions',
    },
  },
  'message-too-large': {
    message: {
      fr: 'Le message reçu dépasse la taille permise',
      en: 'The message received exceeds the size allowed',
    },
    hint: {
      fr: 'Vérifiez que l’agent et le récepteur sont de versions compatibles : un pli ne dépasse jamais 4 Mio',
      en: 'Check that agent and receiver are of compatible versions: an envelope never exceeds 4 MiB',
    },
  },
  'route-unknown': {
    message: {
      fr: 'Cette adresse n’existe pas sur le récepteur',
      en: 'This address does not exist on the receiver',
    },
    hint: {
      fr: 'Vérifiez l’adresse et le port : réception et enrôlement ont chacun le leur',
      en: 'Check address and port: ingest and enrolment each have their own',
    },
  },
  'enrolment-refused': {
    message: {
      fr: 'L’enrôlement est refusé : code faux, expiré, déjà utilisé ou essayé trop souvent',
      en: 'Enrolment refused: the code is wrong, expired, already used or was tried too often',
    },
    hint: {
      fr: 'Demandez un nouveau code à la région (agent invite --agent ID) ; il vaut 24 heures',
      en: 'Ask the region for a new code (agent invite --agent ID); it is good for 24 hours',
    },
  },
  'region-missing': {
    message: { fr: 'Aucune région dans {folder}', en: 'No region in {folder}' },
    hint: {
      fr: 'Créez-la d’abord avec la commande init, ou corrigez le dossier « state » de la configuration',
      en: 'Create it first with the init command, or correct the "state" folder of the configuration',
    },
  },
  'trust-bundle-unreadable': {
    message: {
      fr: 'Le paquet de confiance {path} est illisible',
      en: 'The trust bundle {path} cannot be read',
    },
    hint: {
      fr: 'Restaurez ce fichier depuis la sauvegarde de la région',
      en: "Restore this file from the region's backup",
    },
  },
  'receiver-already-serving': {
    message: {
      fr: 'Un autre récepteur sert déjà ce dossier de données',
      en: 'Another receiver already serves this data folder',
    },
    hint: {
      fr: 'Arrêtez l’autre d’abord ; les commandes, elles, fonctionnent pendant qu’il tourne',
      en: 'Stop the other one first; commands do work while it runs',
    },
  },
  'listener-unavailable': {
    message: {
      fr: 'L’adresse {host}:{port} ({listener}) ne peut pas être ouverte ({reason})',
      en: 'The address {host}:{port} ({listener}) cannot be opened ({reason})',
    },
    hint: {
      fr: 'Corrigez « listeners » dans la configuration : une adresse de cette machine (EADDRNOTAVAIL sinon), un port au-dessus de 1023 (EACCES sinon)',
      en: 'Correct "listeners" in the configuration: an address of this machine (else EADDRNOTAVAIL), a port above 1023 (else EACCES)',
    },
  },
  'receiver-busy': {
    message: {
      fr: 'Le récepteur traite déjà autant de plis qu’il peut',
      en: 'The receiver already handles as many envelopes as it can',
    },
    hint: {
      fr: 'Rien à faire : l’agent recommence de lui-même',
      en: 'Nothing to do: the agent tries again by itself',
    },
  },
  'receiver-storage-full': {
    message: { fr: 'Le disque du récepteur est plein', en: "The receiver's disk is full" },
    hint: {
      fr: 'Libérez de la place sur le disque du dossier de données : les agents gardent leurs plis et reprennent seuls',
      en: 'Make room on the disk of the data folder: agents keep their envelopes and resume by themselves',
    },
  },
  'receiver-storage-failed': {
    message: {
      fr: 'Le récepteur ne peut pas écrire dans sa base',
      en: 'The receiver cannot write to its database',
    },
    hint: {
      fr: 'Examinez le journal et le disque du récepteur ; les agents gardent leurs plis et reprennent seuls',
      en: 'Examine the log and the disk of the receiver; agents keep their envelopes and resume by themselves',
    },
  },
  'delivery-name-unsafe': {
    message: {
      fr: 'Un envoi vers {destination} porte un nom de fichier interdit',
      en: 'A dispatch to {destination} has a forbidden file name',
    },
    hint: {
      fr: 'C’est un défaut du format de la destination : joignez le journal à votre demande d’assistance',
      en: "This is a defect of the destination's format: attach the log to your support request",
    },
  },
  'delivery-name-taken': {
    message: {
      fr: 'Un autre contenu se trouve déjà sous le nom {file} chez {destination}',
      en: 'Another content is already there under the name {file} at {destination}',
    },
    hint: {
      fr: 'Déplacez ce fichier hors du dossier de la destination après l’avoir examiné : la file reprend seule, rien n’est écrasé',
      en: "Move this file out of the destination's folder after examining it: the queue resumes by itself, nothing is overwritten",
    },
  },
  'delivery-disk-full': {
    message: {
      fr: 'Plus de place chez la destination {destination}',
      en: 'No room left at the destination {destination}',
    },
    hint: {
      fr: 'Libérez de la place sur ce disque : la file reprend seule, dans l’ordre',
      en: 'Make room on that disk: the queue resumes by itself, in order',
    },
  },
  'delivery-unavailable': {
    message: {
      fr: 'La destination {destination} n’est pas accessible ({reason})',
      en: 'The destination {destination} cannot be reached ({reason})',
    },
    hint: {
      fr: 'La file reprend seule, dans l’ordre ; si cela dure : destination test {destination} dit où la chaîne casse (dossier, réseau, serveur)',
      en: 'The queue resumes by itself, in order; if it lasts: destination test {destination} says where the chain breaks (folder, network, server)',
    },
  },
  'delivery-stopped': {
    message: {
      fr: 'La livraison a été interrompue par l’arrêt du récepteur',
      en: 'Delivery was interrupted by the receiver stopping',
    },
    hint: { fr: 'Rien à faire : elle reprend au redémarrage', en: 'Nothing to do: it resumes on restart' },
  },
  'destination-format-unknown': {
    message: {
      fr: 'La destination {destination} demande un format inconnu pour son flux : {format}',
      en: 'The destination {destination} asks for a format unknown for its feed: {format}',
    },
    hint: {
      fr: 'Corrigez « format » ou « feed » dans la configuration',
      en: 'Correct "format" or "feed" in the configuration',
    },
  },
  'trace-unknown': {
    message: { fr: 'Rien n’est connu sous « {id} »', en: 'Nothing is known under "{id}"' },
    hint: {
      fr: 'Donnez un identifiant d’export ou de pli, un nom d’envoi, ou le début (8 chiffres ou plus) d’une clé d’enregistrement',
      en: 'Give the id of an export or envelope, the name of a dispatch, or the start (8 digits or more) of a record key',
    },
  },
  'command-invalid': {
    message: {
      fr: 'La commande est incomplète ou mal écrite : {detail}',
      en: 'The command is incomplete or mistyped: {detail}',
    },
    hint: { fr: 'Consultez son aide avec --help', en: 'See its help with --help' },
  },
} as const satisfies Record<string, ErrorText>;
