import type { FindingText } from './terminal-agent-doctor.ts';

/** What doctor found on the way to the region. */
export const networkFindings = {
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
      fr: 'Le certificat de {host} a expiré le {until}, d’après l’horloge de cette machine',
      en: 'The certificate of {host} ended on {until}, by the clock here',
    },
    cure: {
      fr: 'Voyez d’abord l’horloge de cette machine (ci-dessous) ; si elle est juste, prévenez l’opérateur régional',
      en: 'Look at the clock of this machine first (below); if it is right, tell the regional operator',
    },
  },
  'tls-not-yet': {
    message: {
      fr: 'Le certificat de {host} ne vaut qu’à partir du {from} : l’horloge de cette machine retarde sans doute',
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
      fr: 'Remettez la machine à l’heure (NTP) : les certificats paraissent expirés avant l’heure',
      en: 'Set the clock of the machine (NTP): certificates look ended too early',
    },
  },
  'clock-behind': {
    message: {
      fr: 'L’horloge retarde de {seconds} s (≈ {hours} h) sur celle de la région',
      en: 'The clock is {seconds} s (≈ {hours} h) behind the region’s',
    },
    cure: {
      fr: 'Remettez la machine à l’heure (NTP) : les certificats ne paraissent pas encore valables',
      en: 'Set the clock of the machine (NTP): certificates look not good yet',
    },
  },
} as const satisfies Record<string, FindingText>;
