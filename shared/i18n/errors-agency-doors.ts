import type { ErrorText } from './texts.ts';

/** Agencies that fetch, and what agencies answer. */
export const agencyDoorsErrors = {
  'agency-refused': {
    message: {
      fr: '{destination} a refusé l’envoi {dispatch} ({days}), code {code}',
      en: '{destination} refused dispatch {dispatch} ({days}), code {code}',
    },
    hint: {
      fr: 'Ce code est celui de l’agence : demandez à l’opérateur régional ce qu’il veut dire, corrigez dans le logiciel de l’hôpital et exportez de nouveau ces jours',
      en: 'The code is the agency’s own: ask the regional operator what it means, correct it in the hospital’s software and export these days again',
    },
  },
  'agency-credentials-missing': {
    message: {
      fr: 'La destination {destination} (pull) n’a ni certificat ni jeton : personne ne pourrait l’ouvrir',
      en: 'Destination {destination} (pull) has neither a certificate nor a token: nobody could open it',
    },
    hint: {
      fr: 'Donnez transport.certificates (empreintes SHA-256) ou transport.tokenFile (un jeton par ligne)',
      en: 'Give transport.certificates (SHA-256 fingerprints) or transport.tokenFile (one token a line)',
    },
  },
  'agency-tokens-unreadable': {
    message: {
      fr: 'Le fichier de jetons {file} de la destination {destination} ne peut être lu ({reason})',
      en: 'The token file {file} of destination {destination} cannot be read ({reason})',
    },
    hint: {
      fr: 'Un jeton par ligne, lisible par le compte du récepteur, 64 Kio au plus ; d’ici là, aucun jeton n’ouvre cette destination',
      en: 'One token a line, readable by the account of the receiver, 64 KiB at most; until then no token opens this destination',
    },
  },
  'agency-token-short': {
    message: {
      fr: 'Le jeton de la ligne {line} de {file} (destination {destination}) a moins de {shortest} caractères',
      en: 'The token on line {line} of {file} (destination {destination}) has fewer than {shortest} characters',
    },
    hint: {
      fr: 'Faites-en un autre : openssl rand -hex 32',
      en: 'Make another one: openssl rand -hex 32',
    },
  },
  'agency-credentials-refused': {
    message: {
      fr: 'Ni certificat ni jeton connus de la région',
      en: 'Neither a certificate nor a token that the region knows',
    },
    hint: {
      fr: 'Présentez le certificat dont l’empreinte a été donnée à la région, ou « Authorization: Bearer » et un jeton reçu d’elle',
      en: 'Present the certificate whose fingerprint was given to the region, or "Authorization: Bearer" and a token received from it',
    },
  },
  'agency-certificate-expired': {
    message: {
      fr: 'Ce certificat est connu de la région, mais il n’est pas ou plus valable',
      en: 'The region knows this certificate, but it is not or no longer valid',
    },
    hint: {
      fr: 'Donnez à la région l’empreinte du nouveau certificat, à côté de l’ancienne',
      en: 'Give the region the fingerprint of the new certificate, beside the old one',
    },
  },
  'agency-door-busy': {
    message: {
      fr: 'Trop de demandes à la fois à la porte des agences',
      en: 'Too many requests at once at the door of the agencies',
    },
    hint: { fr: 'Redemandez un peu plus tard', en: 'Ask again a little later' },
  },
  'agency-destination-unknown': {
    message: {
      fr: 'Ce certificat ou ce jeton n’ouvre aucune destination de ce nom',
      en: 'This certificate or token opens no destination of that name',
    },
    hint: {
      fr: 'GET /v1/destinations donne celles qu’il ouvre',
      en: 'GET /v1/destinations tells those it opens',
    },
  },
  'agency-destination-paused': {
    message: {
      fr: 'La destination {destination} est suspendue par la région',
      en: 'Destination {destination} is paused by the region',
    },
    hint: { fr: 'Redemandez plus tard, ou appelez la région', en: 'Ask again later, or call the region' },
  },
  'agency-content-gone': {
    message: {
      fr: 'Le contenu de l’envoi {file} (destination {destination}) n’est plus conservé',
      en: 'The content of dispatch {file} (destination {destination}) is no longer kept',
    },
    hint: {
      fr: 'Demandez à la région de composer de nouveau ces jours',
      en: 'Ask the region to compose these days again',
    },
  },
  'agency-range-unsatisfiable': {
    message: {
      fr: 'La plage demandée est au-delà de la fin du contenu',
      en: 'The range asked for is beyond the end of the content',
    },
    hint: {
      fr: 'Content-Range dit la taille ; si tout est déjà là, accusez réception',
      en: 'Content-Range tells the size; if all is there already, acknowledge it',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
