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
} as const satisfies Record<string, ErrorText>;
