import type { Bilingual } from './texts.ts';

/** What doctor found and, unless all is well, its cure. */
export interface FindingText {
  readonly message: Bilingual;
  readonly cure?: Bilingual;
}

/** What doctor and its options do. */
export const doctorHelp = {
  doctor: {
    fr: 'cherche ce qui ne va pas, des réglages jusqu’à la région, et dit le remède',
    en: 'look for what is wrong, from the settings to the region, and say the cure',
  },
  config: { fr: 'fichier de configuration', en: 'configuration file' },
  ticket: {
    fr: 'rédige la demande à l’équipe réseau, à l’écran ou dans un fichier',
    en: 'write the request for the network team, on the screen or to a file',
  },
  repair: {
    fr: 'répare la base locale, agent arrêté ; la base abîmée est gardée',
    en: 'repair the local database, the agent being stopped; the damaged one is kept',
  },
  url: {
    fr: 'adresse de la région à essayer, tant que l’agent n’est pas enrôlé',
    en: 'address of the region to be tried while the agent is not enrolled',
  },
  account: {
    fr: 'compte du service dont les droits sont essayés (à défaut, celui de l’unité systemd)',
    en: 'account of the service whose rights are tried (default: that of the systemd unit)',
  },
} as const satisfies Record<string, Bilingual>;

/** What `doctor --repair` says. */
export const repairTexts = {
  step: { fr: 'Réparation : {step}', en: 'Repair: {step}' },
  noIdentity: {
    fr: 'Identité illisible ({code}) : les signatures ne peuvent être vérifiées, seules la structure et les fichiers le sont',
    en: 'The identity cannot be read ({code}): signatures cannot be verified, only structure and files are',
  },
  sound: {
    fr: 'La base locale est saine : rien n’était à réparer.',
    en: 'The local database is sound: nothing had to be repaired.',
  },
  repaired: { fr: 'La base locale est réparée.', en: 'The local database is repaired.' },
  headTable: { fr: 'table', en: 'table' },
  headSaved: { fr: 'lignes sauvées', en: 'rows saved' },
  headUnfit: { fr: 'écartées', en: 'left out' },
  headState: { fr: 'lecture', en: 'reading' },
  tableWhole: { fr: 'entière', en: 'whole' },
  tableBroken: { fr: 'en partie', en: 'in part' },
  aside: {
    fr: 'Base abîmée, gardée telle quelle : {file}',
    en: 'The damaged database, kept as it was: {file}',
  },
  regionAsked: {
    fr: 'La région a redonné tous ses reçus.',
    en: 'The region has given all its receipts again.',
  },
  regionSilent: {
    fr: 'La région n’a pas répondu : ses reçus seront redemandés par l’agent en marche.',
    en: 'The region did not answer: the running agent will ask for its receipts again.',
  },
  places: {
    fr: 'Plis : {unsound} écarté(s) car altéré(s), {proven} rétabli(s) d’après un reçu, {lost} place(s) déclarée(s) perdue(s)',
    en: 'Envelopes: {unsound} left out as altered, {proven} restored from a receipt, {lost} place(s) declared lost',
  },
  rereads: {
    fr: '{n} fichier(s) seront relus par l’agent ; la région ne prend rien deux fois.',
    en: '{n} export(s) will be read again by the agent; the region takes nothing twice.',
  },
  missing: {
    fr: '{n} fichier(s) à renvoyer sont introuvables : remettez-les dans le dossier source, ou produisez-les de nouveau.',
    en: '{n} export(s) to be sent again cannot be found: put them back into the source folder, or produce them again.',
  },
  sealedLost: {
    fr: '{n} donnée(s) chiffrée(s) écartée(s), leur clé locale étant perdue ; leurs fichiers seront relus, les messages HL7 sont à renvoyer par leur émetteur.',
    en: '{n} encrypted item(s) left out, their local key being lost; their exports will be read again, HL7 messages have to be sent again by whoever sent them.',
  },
  next: { fr: 'Redémarrez maintenant le service.', en: 'Now start the service again.' },
} as const satisfies Record<string, Bilingual>;

/** How doctor ends. */
export const doctorTexts = {
  ok: { fr: 'Tout va bien.', en: 'All is well.' },
  warning: {
    fr: 'Rien n’est en panne ; voyez les avertissements.',
    en: 'Nothing is broken; see the warnings.',
  },
  failure: {
    fr: 'Quelque chose empêche l’agent de travailler : voyez les remèdes.',
    en: 'Something keeps the agent from working: see the cures.',
  },
} as const satisfies Record<string, Bilingual>;

/** The request to the network team. */
export const ticketTexts = {
  head: {
    fr: 'Demande d’ouverture de flux : agent Vaguemestre (passages aux urgences, vers la région)',
    en: 'Request to open a network flow: Vaguemestre agent (emergency visits, to the region)',
  },
  from: { fr: 'Origine          : {name} ({addresses})', en: 'From        : {name} ({addresses})' },
  to: { fr: 'Destination      : {host}, port TCP {port}', en: 'To          : {host}, TCP port {port}' },
  addresses: { fr: 'Adresses vues    : {addresses}', en: 'Addresses   : {addresses}' },
  direction: {
    fr: 'Sens             : sortant seulement ; aucune connexion entrante',
    en: 'Direction   : outbound only; no inbound connection',
  },
  protocol: {
    fr: 'Protocole        : TLS 1.3 (HTTP/1.1 dedans), authentification mutuelle par certificats',
    en: 'Protocol    : TLS 1.3 (HTTP/1.1 inside), mutual authentication by certificates',
  },
  proxy: { fr: 'Proxy            : {proxy} (méthode CONNECT)', en: 'Proxy       : {proxy} (CONNECT method)' },
  noProxy: { fr: 'Proxy            : aucun', en: 'Proxy       : none is set' },
  noInspection: {
    fr: 'PAS d’inspection ni de déchiffrement TLS pour cet hôte : l’agent et la région se prouvent l’un à l’autre leur identité par certificats (TLS mutuel). Un équipement qui ouvre la liaison ne possède pas la clé de l’agent : la liaison échoue, quel que soit le certificat qu’il présente. Les données sont en outre scellées de bout en bout.',
    en: 'NO TLS inspection or decryption for this host: agent and region prove to each other who they are by certificates (mutual TLS). A device that opens the connection does not have the key of the agent: the connection fails whatever certificate it presents. The data are sealed end to end besides.',
  },
  root: {
    fr: 'Empreinte SHA-256 de la clé racine de la région : {fingerprint}',
    en: 'SHA-256 of the root key of the region: {fingerprint}',
  },
  authority: {
    fr: 'Empreinte SHA-256 de l’autorité « {name} » du serveur : {fingerprint}',
    en: 'SHA-256 of the authority "{name}" of the server: {fingerprint}',
  },
  observed: { fr: 'Observé le {at} depuis cette machine :', en: 'Observed on {at} from this machine:' },
  nothing: { fr: '  rien d’anormal', en: '  nothing unusual' },
  test: {
    fr: 'Pour vérifier depuis cette machine (l’émetteur affiché doit être celui de la région) :',
    en: 'To check from this machine (the issuer shown must be the region’s):',
  },
  written: { fr: 'Demande écrite dans {file}', en: 'Request written to {file}' },
  unknown: { fr: 'inconnue', en: 'unknown' },
} as const satisfies Record<string, Bilingual>;
