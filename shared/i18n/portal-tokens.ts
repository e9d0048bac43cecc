import type { Bilingual } from './texts.ts';

/** The page of the API's tokens. */
export const portalTokens = {
  title: { fr: 'Jetons de l’API', en: 'API tokens' },
  administration: { fr: 'Administration', en: 'Administration' },
  sentenceNone: { fr: 'Aucun programme n’interroge la région', en: 'No program asks the region' },
  sentenceOne: { fr: 'Un programme peut interroger la région', en: 'One program may ask the region' },
  sentenceMany: {
    fr: '{count} programmes peuvent interroger la région',
    en: '{count} programs may ask the region',
  },
  lede: {
    fr: 'Chaque jeton a un profil, des portées et une fin ; il ne donne rien que les pages de ce profil ne montrent.',
    en: 'Each token has a profile, scopes and an end; it gives nothing that the pages of this profile do not show.',
  },
  document: { fr: 'Ce que l’API répond (OpenAPI)', en: 'What the API answers (OpenAPI)' },
  name: { fr: 'Programme', en: 'Program' },
  nameHint: { fr: '(le journal le montre)', en: '(the audit log shows it)' },
  profile: { fr: 'Profil', en: 'Profile' },
  scopes: { fr: 'Portées', en: 'Scopes' },
  facilities: { fr: 'Établissements', en: 'Facilities' },
  facilitiesHint: {
    fr: '(numéros FINESS ; vide : ceux du profil)',
    en: '(FINESS numbers; empty: those of the profile)',
  },
  all: { fr: 'tous', en: 'all' },
  days: { fr: 'Valable, en jours', en: 'Good for, in days' },
  daysHint: { fr: '(au plus {most})', en: '(at most {most})' },
  state: { fr: 'État', en: 'State' },
  good: { fr: 'jusqu’au {at}', en: 'until {at}' },
  revoked: { fr: 'révoqué', en: 'revoked' },
  ended: { fr: 'échu', en: 'over' },
  used: { fr: 'Dernier usage', en: 'Last used' },
  never: { fr: 'jamais', en: 'never' },
  create: { fr: 'Créer un jeton', en: 'Create a token' },
  createdSentence: { fr: 'Jeton de {name} créé', en: 'Token of {name} created' },
  createdLede: {
    fr: 'Il n’est montré que maintenant : gardez-le comme un mot de passe.',
    en: 'It is shown only now: keep it like a password.',
  },
  back: { fr: 'Revenir aux jetons', en: 'Back to the tokens' },
  revoke: { fr: 'Révoquer', en: 'Revoke' },
  revokeSentence: { fr: 'Révoquer le jeton de {name} ?', en: 'Revoke the token of {name}?' },
  revokeLede: {
    fr: 'Ce programme est refusé dès sa prochaine demande. Un jeton révoqué ne revient pas.',
    en: 'This program is refused from its next request on. A revoked token does not come back.',
  },
  cancel: { fr: 'Annuler', en: 'Cancel' },
} as const satisfies Readonly<Record<string, Bilingual>>;
