import type { ErrorText } from './texts.ts';

/** The region's pages: what keeps them from being shown. */
export const portalErrors = {
  'store-busy': {
    message: {
      fr: 'La base écrit un très gros fichier et n’a pas pu noter cette action',
      en: 'The database is writing a very large file and could not note this action',
    },
    hint: {
      fr: 'Rien n’a été changé. Recommencez dans une minute ; la réception continue',
      en: 'Nothing was changed. Do it again in a minute; reception goes on',
    },
  },
  'portal-needs-tls': {
    message: {
      fr: 'Les pages écouteraient en clair sur {host}',
      en: 'The pages would listen in clear on {host}',
    },
    hint: {
      fr: 'Indiquez portal.tls (certificateFile, keyFile), ou laissez listeners.portal.host à 127.0.0.1 derrière un serveur qui porte le certificat',
      en: 'Give portal.tls (certificateFile, keyFile), or leave listeners.portal.host at 127.0.0.1 behind a server that bears the certificate',
    },
  },
  'portal-certificate-unreadable': {
    message: {
      fr: 'Certificat ou clé des pages illisible : {file} ({reason})',
      en: 'Certificate or key of the pages cannot be read: {file} ({reason})',
    },
    hint: {
      fr: 'Vérifiez portal.tls et les droits sur ces fichiers',
      en: 'Check portal.tls and the rights on these files',
    },
  },
  'portal-stopped': {
    message: {
      fr: 'Les pages se sont arrêtées ({reason})',
      en: 'The pages have stopped ({reason})',
    },
    hint: {
      fr: 'Elles repartent seules ; la réception continue. Si cela dure, voyez le journal du récepteur',
      en: 'They start again by themselves; reception goes on. If this lasts, see the receiver’s log',
    },
  },
  'portal-form-stale': {
    message: {
      fr: 'Ce formulaire n’est plus valable : la session a changé depuis',
      en: 'This form is no longer valid: the session has changed since',
    },
    hint: {
      fr: 'Rien n’a été changé. Rouvrez la page et recommencez',
      en: 'Nothing was changed. Open the page again and start over',
    },
  },
  'portal-upload-busy': {
    message: {
      fr: 'D’autres fichiers arrivent en ce moment par ces pages',
      en: 'Other files are coming in by these pages at this moment',
    },
    hint: {
      fr: 'Rien n’a été reçu de celui-ci. Recommencez dans une minute',
      en: 'Nothing of this one was taken. Do it again in a minute',
    },
  },
  'portal-too-many': {
    message: {
      fr: 'Trop de demandes depuis ce poste',
      en: 'Too many requests from this computer',
    },
    hint: { fr: 'Attendez une minute', en: 'Wait a minute' },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
