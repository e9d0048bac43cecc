import type { ErrorText } from './texts.ts';

/** Alerts: what people do about them, and messages that do not leave. */
export const alertsErrors = {
  'alert-gone': {
    message: { fr: 'Cette alerte n’est plus ouverte', en: 'This alert is not open any more' },
    hint: {
      fr: 'Revenez à la liste : elle montre ce qui reste à faire',
      en: 'Go back to the list: it shows what is left to do',
    },
  },
  'alert-taken': {
    message: { fr: '{name} a déjà pris cette alerte', en: '{name} has taken this alert already' },
    hint: {
      fr: 'Ajoutez une note à l’alerte, ou voyez avec cette personne',
      en: 'Add a note to the alert, or see that person',
    },
  },
  'alert-reason-missing': {
    message: { fr: 'Le texte est vide', en: 'The text is empty' },
    hint: { fr: 'Dites en une phrase ce qui a été fait', en: 'Say in one sentence what was done' },
  },
  'alert-reason-long': {
    message: { fr: 'Le texte dépasse {most} caractères', en: 'The text is over {most} characters' },
    hint: { fr: 'Gardez l’essentiel', en: 'Keep what matters' },
  },
  'alert-recipient-unknown': {
    message: { fr: 'Aucun destinataire ne s’appelle « {name} »', en: 'No recipient is called "{name}"' },
    hint: {
      fr: 'Les noms sont ceux de alerts.recipients dans les réglages',
      en: 'Names are those of alerts.recipients in the settings',
    },
  },
  'alert-channel-unset': {
    message: {
      fr: 'Les réglages ne décrivent plus ce canal',
      en: 'The settings describe this channel no more',
    },
    hint: {
      fr: 'Rétablissez alerts.smtp, alerts.sms ou le webhook, puis faites un essai',
      en: 'Restore alerts.smtp, alerts.sms or the webhook, then send a test',
    },
  },
  'alert-host-unknown': {
    message: {
      fr: 'Le nom {host} ne mène à aucune adresse ({reason})',
      en: 'The name {host} leads to no address ({reason})',
    },
    hint: {
      fr: 'Vérifiez le nom et la résolution de noms du récepteur ; le message sera repris',
      en: 'Check the name and the receiver’s name resolution; the message is tried again',
    },
  },
  'alert-host-private': {
    message: {
      fr: '{host} mène à une adresse interne : rien n’y est envoyé',
      en: '{host} leads to an internal address: nothing is sent there',
    },
    hint: {
      fr: 'Donnez une adresse publique ; une passerelle SMS interne se déclare avec alerts.sms.allowPrivate',
      en: 'Give a public address; an internal SMS gateway is declared by alerts.sms.allowPrivate',
    },
  },
  'alert-unreachable': {
    message: { fr: '{host} ne répond pas ({reason})', en: '{host} does not answer ({reason})' },
    hint: {
      fr: 'Le message sera repris ; vérifiez la sortie du récepteur vers cet hôte',
      en: 'The message is tried again; check the receiver’s way out to that host',
    },
  },
  'alert-certificate-refused': {
    message: {
      fr: 'Le certificat de {host} n’est pas accepté ({reason})',
      en: 'The certificate of {host} is not accepted ({reason})',
    },
    hint: {
      fr: 'Vérifiez le nom et la date du certificat ; si son autorité est privée, donnez-la en authorityFile. Le message sera repris',
      en: 'Check the certificate’s name and date; if its authority is a private one, give it as authorityFile. The message is tried again',
    },
  },
  'alert-answer-refused': {
    message: {
      fr: '{host} refuse le message (réponse {status})',
      en: '{host} refuses the message (answer {status})',
    },
    hint: {
      fr: 'Vérifiez l’adresse et le droit d’y écrire ; aucune redirection n’est suivie',
      en: 'Check the address and the right to write there; no redirect is followed',
    },
  },
  'alert-answer-later': {
    message: {
      fr: '{host} ne peut pas prendre le message (réponse {status})',
      en: '{host} cannot take the message (answer {status})',
    },
    hint: { fr: 'Le message sera repris', en: 'The message is tried again' },
  },
  'alert-sms-refused': {
    message: {
      fr: 'La passerelle SMS {host} refuse le message',
      en: 'The SMS gateway {host} refuses the message',
    },
    hint: {
      fr: 'Vérifiez le crédit et le numéro ; le message sera repris',
      en: 'Check the credit and the number; the message is tried again',
    },
  },
  'alert-sms-unclear': {
    message: {
      fr: 'La passerelle SMS {host} répond autre chose qu’attendu (réponse {status})',
      en: 'The SMS gateway {host} answers something else than expected (answer {status})',
    },
    hint: {
      fr: 'Vérifiez alerts.sms.accepted et qu’aucun portail ne s’interpose ; le message sera repris',
      en: 'Check alerts.sms.accepted, and that no sign-in page stands in between; the message is tried again',
    },
  },
  'alert-mail-address': {
    message: { fr: 'L’adresse de courriel n’en est pas une', en: 'The e-mail address is none' },
    hint: { fr: 'Corrigez alerts.recipients', en: 'Correct alerts.recipients' },
  },
  'alert-mail-refused': {
    message: {
      fr: 'Le relais {host} refuse le courriel ({reason})',
      en: 'The relay {host} refuses the e-mail ({reason})',
    },
    hint: {
      fr: 'Vérifiez l’adresse du destinataire et celle de l’expéditeur',
      en: 'Check the recipient’s address and the sender’s',
    },
  },
  'alert-mail-login': {
    message: {
      fr: 'Le relais {host} refuse le compte ({reason})',
      en: 'The relay {host} refuses the account ({reason})',
    },
    hint: {
      fr: 'Vérifiez alerts.smtp.user et passwordFile ; le courriel sera repris',
      en: 'Check alerts.smtp.user and passwordFile; the e-mail is tried again',
    },
  },
  'alert-mail-unsent': {
    message: {
      fr: 'Le relais {host} n’a pas pris le courriel ({reason})',
      en: 'The relay {host} did not take the e-mail ({reason})',
    },
    hint: {
      fr: 'Le courriel sera repris ; vérifiez le relais et la sortie du récepteur',
      en: 'The e-mail is tried again; check the relay and the receiver’s way out',
    },
  },
  'alert-secret-unreadable': {
    message: { fr: 'Fichier illisible : {file} ({reason})', en: 'File cannot be read: {file} ({reason})' },
    hint: {
      fr: 'Donnez au récepteur le droit de le lire ; le message sera repris',
      en: 'Let the receiver read it; the message is tried again',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
