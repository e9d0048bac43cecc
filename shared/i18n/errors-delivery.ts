import type { ErrorText } from './texts.ts';

/** Destinations: their queues, their keys, what goes wrong on the way. */
export const deliveryErrors = {
  'agency-key-unapproved': {
    message: {
      fr: 'La clé {fingerprint} de la destination {destination} n’est approuvée que par {approvals} personne(s) sur {needed}',
      en: 'The key {fingerprint} of destination {destination} is approved by {approvals} of {needed} people only',
    },
    hint: {
      fr: 'Comparez l’empreinte avec l’agence par un autre canal, puis, chacun à son tour : destination approve-key {destination} {fingerprint} --by NOM',
      en: 'Compare the fingerprint with the agency over another channel, then, each in turn: destination approve-key {destination} {fingerprint} --by NAME',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
