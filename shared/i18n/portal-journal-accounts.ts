import type { Bilingual } from './texts.ts';

/** What the journal says of accounts and sessions. */
export const accountSentences: Readonly<
  Record<string, { readonly name: Bilingual; readonly text: Bilingual }>
> = {
  'account.create': {
    name: { fr: 'Compte créé', en: 'Account created' },
    text: { fr: '{who} crée le compte {login}', en: '{who} creates account {login}' },
  },
  'account.access': {
    name: { fr: 'Droits d’un compte changés', en: 'Rights of an account changed' },
    text: {
      fr: '{who} change les droits du compte {login}',
      en: '{who} changes the rights of account {login}',
    },
  },
  'account.disable': {
    name: { fr: 'Compte fermé', en: 'Account disabled' },
    text: { fr: '{who} ferme le compte {login}', en: '{who} disables account {login}' },
  },
  'account.enable': {
    name: { fr: 'Compte rouvert', en: 'Account enabled' },
    text: { fr: '{who} rouvre le compte {login}', en: '{who} enables account {login}' },
  },
  'account.reset-password': {
    name: { fr: 'Mot de passe remplacé', en: 'Password reset' },
    text: {
      fr: '{who} remplace le mot de passe du compte {login}',
      en: '{who} resets the password of account {login}',
    },
  },
  'account.reset-second-factor': {
    name: { fr: 'Second facteur remis à zéro', en: 'Second factor reset' },
    text: {
      fr: '{who} remet à zéro le second facteur du compte {login}',
      en: '{who} resets the second factor of account {login}',
    },
  },
  'account.password': {
    name: { fr: 'Mot de passe changé', en: 'Password changed' },
    text: { fr: '{who} change son mot de passe', en: '{who} changes the own password' },
  },
  'account.second-factor': {
    name: { fr: 'Second facteur changé', en: 'Second factor changed' },
    text: { fr: '{who} change son second facteur', en: '{who} changes the own second factor' },
  },
  'account.close-sessions': {
    name: { fr: 'Sessions fermées', en: 'Sessions closed' },
    text: { fr: '{who} ferme ses autres sessions', en: '{who} closes the own other sessions' },
  },
  'account.proof-refused': {
    name: { fr: 'Preuve refusée', en: 'Proof refused' },
    text: {
      fr: '{who} n’a pas donné la bonne preuve pour changer son compte',
      en: '{who} did not give the right proof to change the account',
    },
  },
  'account.sign-in': {
    name: { fr: 'Connexion', en: 'Signed in' },
    text: { fr: '{who} se connecte', en: '{who} signs in' },
  },
  'account.sign-in-refused': {
    name: { fr: 'Connexion refusée', en: 'Sign-in refused' },
    text: { fr: 'Connexion refusée ({address})', en: 'Sign-in refused ({address})' },
  },
  'account.sign-out': {
    name: { fr: 'Déconnexion', en: 'Signed out' },
    text: { fr: '{who} se déconnecte', en: '{who} signs out' },
  },
  'account.link': {
    name: { fr: 'Compte relié à un annuaire', en: 'Account linked to a directory' },
    text: { fr: '{who} relie son compte à son annuaire', en: '{who} links the account to its directory' },
  },
  'token.created': {
    name: { fr: 'Jeton de l’API créé', en: 'API token created' },
    text: {
      fr: '{who} crée le jeton {name} ({scopes})',
      en: '{who} creates token {name} ({scopes})',
    },
  },
  'token.revoked': {
    name: { fr: 'Jeton de l’API révoqué', en: 'API token revoked' },
    text: { fr: '{who} révoque le jeton {name}', en: '{who} revokes token {name}' },
  },
};
