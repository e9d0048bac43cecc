import type { Bilingual } from './texts.ts';

/** The way in. The same words for a login that does not exist, a wrong password and a locked account. */
export const portalSignIn = {
  title: { fr: 'Se connecter', en: 'Sign in' },
  motto: {
    fr: 'Chaque passage aux urgences arrive, une fois, avec sa preuve.',
    en: 'Every emergency visit arrives, once, with its proof.',
  },
  portalOf: { fr: 'Portail des urgences, {region}', en: 'Emergency data portal, {region}' },
  way: { fr: 'Hôpital, région, agences', en: 'Hospital, region, agencies' },
  hospital: { fr: 'Hôpital', en: 'Hospital' },
  sealed: { fr: 'Scellé', en: 'Sealed' },
  region: { fr: 'Région', en: 'Region' },
  agencies: { fr: 'Agences', en: 'Agencies' },
  acknowledged: { fr: 'Accusé', en: 'Acknowledged' },
  organisation: { fr: 'Compte de mon organisme', en: 'Account of my organisation' },
  or: { fr: 'ou', en: 'or' },
  login: { fr: 'Adresse électronique ou identifiant', en: 'E-mail address or login' },
  password: { fr: 'Mot de passe', en: 'Password' },
  continue: { fr: 'Continuer', en: 'Continue' },
  five: { fr: 'Cinq essais, puis pause de 15 minutes.', en: 'Five attempts, then a pause of 15 minutes.' },
  lost: {
    fr: 'Mot de passe ou code perdu : un administrateur de la région en donne un nouveau.',
    en: 'Password or code lost: an administrator of the region gives a new one.',
  },
  other: { fr: 'English', en: 'Français' },
  refused: {
    fr: 'Identifiant, mot de passe ou code non reconnu. Après cinq essais, le compte fait une pause de 15 minutes, puis davantage.',
    en: 'Login, password or code not recognised. After five attempts the account pauses for 15 minutes, then longer.',
  },
  stale: {
    fr: 'Cette page attendait depuis trop longtemps, ou venait d’ailleurs. Recommencez.',
    en: 'This page had waited too long, or came from elsewhere. Start over.',
  },
  signedOut: { fr: 'Vous êtes déconnecté.', en: 'You are signed out.' },
  startOver: { fr: 'Revenir au début', en: 'Start over' },
  codeTitle: { fr: 'Donner son code', en: 'Give the code' },
  codeLabel: { fr: 'Code à 6 chiffres', en: '6-digit code' },
  codeHint: { fr: '(application d’authentification)', en: '(authenticator application)' },
  codeOnce: {
    fr: 'Chaque code ne sert qu’une fois ; le suivant vient dans 30 secondes.',
    en: 'Each code works once; the next one comes within 30 seconds.',
  },
  passwordTitle: { fr: 'Choisir son mot de passe', en: 'Choose a password' },
  passwordWhy: {
    fr: 'Celui qui vous a été remis ne sert qu’une fois. Au moins {shortest} caractères ; une phrase convient très bien.',
    en: 'The one you were given works once. At least {shortest} characters; a sentence does very well.',
  },
  newPassword: { fr: 'Nouveau mot de passe', en: 'New password' },
  again: { fr: 'Le même, une seconde fois', en: 'The same, once more' },
  different: { fr: 'Les deux saisies diffèrent.', en: 'The two entries differ.' },
  choose: { fr: 'Garder ce mot de passe', en: 'Keep this password' },
  enrolTitle: { fr: 'Relier une application', en: 'Link an application' },
  enrolWhy: {
    fr: 'Ce compte demande un second facteur. Avec une application d’authentification, photographiez ce dessin ou recopiez la clé, puis donnez le code affiché.',
    en: 'This account asks for a second factor. With an authenticator application, scan this drawing or copy the key, then give the code shown.',
  },
  key: { fr: 'Clé : {key}', en: 'Key: {key}' },
  drawing: { fr: 'Dessin à photographier avec l’application', en: 'Drawing to scan with the application' },
  link: { fr: 'Relier et entrer', en: 'Link and enter' },
} as const satisfies Readonly<Record<string, Bilingual>>;
