import type { Bilingual } from './texts.ts';

/** What the commands about tokens of the API print. */
export const tokenTerminal = {
  created: {
    fr: 'Jeton {id} créé ({name}, {profile} : {scopes}), valable jusqu’au {until}',
    en: 'Token {id} created ({name}, {profile}: {scopes}), good until {until}',
  },
  once: {
    fr: 'Montré une seule fois, à garder comme un mot de passe :',
    en: 'Shown only once, to be kept like a password:',
  },
  line: {
    fr: '{id}  {name}  {profile}  [{scopes}]  [{reach}]  {state}  {used}',
    en: '{id}  {name}  {profile}  [{scopes}]  [{reach}]  {state}  {used}',
  },
  everything: { fr: 'tous les établissements', en: 'all facilities' },
  good: { fr: 'valable jusqu’au {at}', en: 'good until {at}' },
  revoked: { fr: 'révoqué le {at}', en: 'revoked on {at}' },
  ended: { fr: 'échu depuis le {at}', en: 'ended on {at}' },
  used: { fr: 'utilisé le {at}', en: 'used on {at}' },
  neverUsed: { fr: 'jamais utilisé', en: 'never used' },
  revokedNow: { fr: 'Jeton {id} révoqué ({name})', en: 'Token {id} revoked ({name})' },
  none: { fr: '(aucun jeton)', en: '(no token)' },
} as const satisfies Readonly<Record<string, Bilingual>>;
