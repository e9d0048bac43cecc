import type { ErrorText } from './texts.ts';

/** Errors of a running agent: lock, reload, proxy, notices, decryption. */
export const runningErrors = {
  'state-locked': {
    message: {
      fr: 'Un autre agent travaille déjà dans {state} (processus {pid}, depuis {since})',
      en: 'Another agent already works in {state} (process {pid}, since {since})',
    },
    hint: {
      fr: 'Arrêtez-le d’abord (le service, ou un « agent run » lancé à la main). S’il est mort, le verrou est déjà levé : relancez',
      en: 'Stop it first (the service, or an "agent run" started by hand). If it has died, the lock is free already: start again',
    },
  },
  'config-state-changed': {
    message: {
      fr: 'Le dossier d’état ne change pas en cours de route : {state} est en service, la configuration nomme {found}',
      en: 'The state folder does not change on the way: {state} is in use, the configuration names {found}',
    },
    hint: {
      fr: 'Rétablissez « state », ou arrêtez le service, déplacez le dossier, puis redémarrez. En attendant, l’ancienne configuration reste en vigueur',
      en: 'Put "state" back, or stop the service, move the folder, and start again. Until then the old configuration stays in force',
    },
  },
  'proxy-authentication': {
    message: {
      fr: 'Le proxy de l’hôpital veut savoir qui passe (407) : le nom ou le mot de passe manque, ou il est refusé',
      en: 'The hospital’s proxy asks who passes (407): the name or the password is missing, or is refused',
    },
    hint: {
      fr: 'Donnez proxy.username et proxy.passwordFile (authentification « basic »). NTLM et Kerberos (Negotiate) ne sont pas pris en charge : demandez une exception pour l’adresse de la région, ou passez par un relais local comme cntlm',
      en: 'Give proxy.username and proxy.passwordFile (basic authentication). NTLM and Kerberos (Negotiate) are not supported: ask for an exception for the region’s address, or go through a local relay such as cntlm',
    },
  },
  'proxy-refused': {
    message: {
      fr: 'Le proxy de l’hôpital refuse d’ouvrir le passage vers la région',
      en: 'The hospital’s proxy refuses to open the way to the region',
    },
    hint: {
      fr: 'Demandez à l’équipe réseau d’autoriser CONNECT vers l’adresse et le port de la région, sans ouvrir le TLS',
      en: 'Ask the network team to allow CONNECT to the region’s address and port, without opening TLS',
    },
  },
  'proxy-unreachable': {
    message: { fr: 'Le proxy de l’hôpital ne répond pas', en: 'The hospital’s proxy does not answer' },
    hint: {
      fr: 'Vérifiez proxy.url (ou HTTPS_PROXY), et que cette machine atteint le proxy ; l’agent réessaie seul',
      en: 'Check proxy.url (or HTTPS_PROXY), and that this machine reaches the proxy; the agent tries again by itself',
    },
  },
  'proxy-not-trusted': {
    message: {
      fr: 'Le certificat du proxy de l’hôpital n’est signé par aucune autorité connue de cette machine',
      en: 'The certificate of the hospital’s proxy is signed by no authority known to this machine',
    },
    hint: {
      fr: 'Installez l’autorité de l’hôpital dans le magasin du système (ou NODE_EXTRA_CA_CERTS), ou écrivez l’adresse du proxy en http://',
      en: 'Install the hospital’s authority in the system’s store (or NODE_EXTRA_CA_CERTS), or write the proxy’s address with http://',
    },
  },
  'proxy-password-unreadable': {
    message: {
      fr: 'Le fichier du mot de passe du proxy ne se lit pas : {file} ({reason})',
      en: 'The file of the proxy’s password cannot be read: {file} ({reason})',
    },
    hint: {
      fr: 'Vérifiez proxy.passwordFile, et que le compte du service peut le lire',
      en: 'Check proxy.passwordFile, and that the service’s account may read it',
    },
  },
  'proxy-invalid': {
    message: {
      fr: 'La variable HTTPS_PROXY n’est pas l’adresse d’un proxy http:// ou https://',
      en: 'The variable HTTPS_PROXY is not the address of an http:// or https:// proxy',
    },
    hint: {
      fr: 'Corrigez-la, ou écrivez proxy.url dans la configuration : elle passe avant',
      en: 'Correct it, or write proxy.url in the configuration: that one comes first',
    },
  },
  'receiver-intercepted': {
    message: {
      fr: 'Quelqu’un répond à la place de la région, avec un certificat que cette machine connaît : un équipement ouvre le TLS en chemin',
      en: 'Someone answers in the region’s place, with a certificate that this machine trusts: a device on the way opens TLS',
    },
    hint: {
      fr: 'Demandez à l’équipe réseau d’exempter l’adresse de la région de l’inspection TLS. Rien n’a été envoyé',
      en: 'Ask the network team to exempt the region’s address from TLS inspection. Nothing was sent',
    },
  },
  'notice-not-sent': {
    message: {
      fr: 'Le serveur de messagerie {host} n’a pas pris l’avis ({reason})',
      en: 'The mail server {host} did not take the notice ({reason})',
    },
    hint: {
      fr: 'Vérifiez notify.email (serveur, port, tls, compte) ; l’agent réessaie seul',
      en: 'Check notify.email (server, port, tls, account); the agent tries again by itself',
    },
  },
  'decrypt-key-unreadable': {
    message: {
      fr: 'La clé privée OpenPGP, ou le fichier de sa phrase secrète, ne se lit pas : {file} {reason}',
      en: 'The OpenPGP private key, or the file of its passphrase, cannot be read: {file} {reason}',
    },
    hint: {
      fr: 'Vérifiez decrypt.privateKeyFile (une clé privée exportée par « gpg --export-secret-keys », armurée ou non) et decrypt.passphraseFile, et les droits du compte du service',
      en: 'Check decrypt.privateKeyFile (a private key exported by "gpg --export-secret-keys", armored or not) and decrypt.passphraseFile, and the rights of the service’s account',
    },
  },
  'decrypt-key-locked': {
    message: {
      fr: 'La phrase secrète n’ouvre pas la clé privée OpenPGP {file}',
      en: 'The passphrase does not open the OpenPGP private key {file}',
    },
    hint: {
      fr: 'Corrigez le fichier nommé par decrypt.passphraseFile : une seule ligne, sans espace ajouté',
      en: 'Correct the file named by decrypt.passphraseFile: one line, without added spaces',
    },
  },
  'decrypt-not-openpgp': {
    message: {
      fr: 'Le fichier n’est pas un message OpenPGP, alors que sa source n’en attend pas d’autres',
      en: 'The file is not an OpenPGP message, and its source expects nothing else',
    },
    hint: {
      fr: 'Si le logiciel dépose aussi des fichiers en clair, donnez-leur un dossier et une source à part',
      en: 'If the software also drops plain files, give them a folder and a source of their own',
    },
  },
  'decrypt-not-encrypted': {
    message: {
      fr: 'Le message OpenPGP n’est pas chiffré (seulement signé ou empaqueté)',
      en: 'The OpenPGP message is not encrypted (only signed or packed)',
    },
    hint: {
      fr: 'Le fichier a voyagé en clair : prévenez qui l’a produit, et faites-le exporter de nouveau, chiffré',
      en: 'The file has travelled in clear: tell whoever made it, and have it exported again, encrypted',
    },
  },
  'decrypt-other-key': {
    message: {
      fr: 'Le message OpenPGP est chiffré pour une autre clé que celle de la source',
      en: 'The OpenPGP message is encrypted for another key than the source’s',
    },
    hint: {
      fr: 'Donnez au logiciel la clé publique qui répond à decrypt.privateKeyFile, puis exportez de nouveau',
      en: 'Give the software the public key that belongs to decrypt.privateKeyFile, then export again',
    },
  },
  'decrypt-damaged': {
    message: {
      fr: 'Le message OpenPGP est coupé ou altéré : son contrôle d’intégrité échoue',
      en: 'The OpenPGP message is cut or altered: its integrity check fails',
    },
    hint: {
      fr: 'Rien n’en a été pris. Exportez de nouveau ; si cela revient, le dépôt coupe le fichier (ready: marker ou rename aide)',
      en: 'Nothing of it was taken. Export again; if it comes back, the drop cuts the file (ready: marker or rename helps)',
    },
  },
} as const satisfies Record<string, ErrorText>;
