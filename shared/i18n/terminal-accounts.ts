import type { Bilingual } from './texts.ts';

/** What the commands about accounts print. */
export const accountTerminal = {
  created: {
    fr: 'Compte {login} créé ({name}, {profile})',
    en: 'Account {login} created ({name}, {profile})',
  },
  reset: { fr: 'Compte {login} : nouveau mot de passe', en: 'Account {login}: new password' },
  once: {
    fr: 'Mot de passe à usage unique, montré une seule fois, à changer à la première connexion :',
    en: 'One-time password, shown only once, to be changed at the first sign-in:',
  },
  disabled: {
    fr: 'Compte {login} désactivé, sessions fermées',
    en: 'Account {login} disabled, sessions closed',
  },
  enabled: { fr: 'Compte {login} réactivé', en: 'Account {login} enabled again' },
  totpReset: {
    fr: 'Compte {login} : second facteur retiré, à relier à la prochaine connexion s’il est demandé',
    en: 'Account {login}: second factor taken away, to be linked at the next sign-in if it is asked for',
  },
  line: {
    fr: '{login}  {profile}  {name}  [{scope}]  {state}',
    en: '{login}  {profile}  {name}  [{scope}]  {state}',
  },
  everything: { fr: 'tout', en: 'everything' },
  stateActive: { fr: 'actif', en: 'active' },
  stateLocked: { fr: 'en pause jusqu’au {until}', en: 'paused until {until}' },
  stateDisabled: { fr: 'désactivé', en: 'disabled' },
  none: { fr: '(aucun compte)', en: '(no account)' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const profileWords = {
  'regional-operator': { fr: 'opérateur régional', en: 'regional operator' },
  'hospital-admin': { fr: 'administrateur d’hôpital', en: 'hospital administrator' },
  agency: { fr: 'agence nationale', en: 'national agency' },
  'health-professional': { fr: 'professionnel de santé', en: 'health professional' },
  'read-only': { fr: 'lecture seule', en: 'read-only' },
  auditor: { fr: 'auditeur', en: 'auditor' },
} as const satisfies Readonly<Record<string, Bilingual>>;
