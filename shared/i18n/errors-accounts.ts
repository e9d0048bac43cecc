import type { ErrorText } from './texts.ts';

/** Accounts of the region's pages, their passwords and codes. */
export const accountsErrors = {
  'account-unknown': {
    message: { fr: 'Aucun compte {account}', en: 'No account {account}' },
    hint: { fr: 'account list les montre tous', en: 'account list shows all of them' },
  },
  'account-login-invalid': {
    message: { fr: 'Cet identifiant ne convient pas', en: 'This login will not do' },
    hint: {
      fr: 'Une adresse électronique, ou au moins 3 lettres sans accent, chiffres, points ou tirets',
      en: 'An e-mail address, or at least 3 letters without accents, digits, dots or dashes',
    },
  },
  'account-login-taken': {
    message: { fr: 'Un compte {login} existe déjà', en: 'There is an account {login} already' },
    hint: {
      fr: 'Choisissez un autre identifiant, ou modifiez ce compte',
      en: 'Choose another login, or change that account',
    },
  },
  'account-name-missing': {
    message: { fr: 'Le nom de la personne manque', en: 'The person’s name is missing' },
    hint: {
      fr: 'Indiquez prénom et nom (100 caractères au plus) : le journal les cite',
      en: 'Give first and last name (at most 100 characters): the audit log names them',
    },
  },
  'account-profile-unknown': {
    message: { fr: 'Profil inconnu : {profile}', en: 'Unknown profile: {profile}' },
    hint: { fr: 'Profils possibles : {known}', en: 'Possible profiles: {known}' },
  },
  'account-facilities-missing': {
    message: {
      fr: 'Un compte d’hôpital a besoin d’au moins un établissement',
      en: 'An account of a hospital needs at least one facility',
    },
    hint: { fr: 'Indiquez ses numéros FINESS', en: 'Give its FINESS numbers' },
  },
  'account-destinations-missing': {
    message: {
      fr: 'Un compte d’agence a besoin d’au moins une destination',
      en: 'An account of an agency needs at least one destination',
    },
    hint: {
      fr: 'Indiquez les noms de destinations de la configuration',
      en: 'Give names of destinations of the configuration',
    },
  },
  'account-scope-refused': {
    message: {
      fr: 'Le profil {profile} ne se limite pas ainsi',
      en: 'The profile {profile} is not limited that way',
    },
    hint: {
      fr: 'Établissements : hôpital, lecture seule, professionnel de santé. Destinations : agence',
      en: 'Facilities: hospital, read-only, health professional. Destinations: agency',
    },
  },
  'account-administrator-refused': {
    message: {
      fr: 'Seul un opérateur régional peut administrer',
      en: 'Only a regional operator can administer',
    },
    hint: {
      fr: 'Retirez le droit d’administrer, ou changez de profil',
      en: 'Take the right to administer away, or change the profile',
    },
  },
  'account-from-roles': {
    message: {
      fr: 'Les droits de ce compte viennent du fournisseur d’identités',
      en: 'The rights of this account come from the provider of identities',
    },
    hint: {
      fr: 'Changez ses rôles là-bas ; désactiver le compte ici reste possible',
      en: 'Change its roles there; disabling the account here remains possible',
    },
  },
  'account-own': {
    message: { fr: 'Ce compte est le vôtre', en: 'This account is your own' },
    hint: {
      fr: 'Un autre administrateur peut faire cela, ou la ligne de commande',
      en: 'Another administrator can do this, or the command line',
    },
  },
  'password-too-short': {
    message: { fr: 'Ce mot de passe est trop court', en: 'This password is too short' },
    hint: {
      fr: 'Au moins {shortest} caractères ; une phrase convient très bien',
      en: 'At least {shortest} characters; a sentence does very well',
    },
  },
  'password-too-long': {
    message: { fr: 'Ce mot de passe est trop long', en: 'This password is too long' },
    hint: { fr: 'Au plus {longest} caractères', en: 'At most {longest} characters' },
  },
  'password-obvious': {
    message: { fr: 'Ce mot de passe se devine', en: 'This password can be guessed' },
    hint: {
      fr: 'Ni votre nom, ni une suite du clavier, ni un mot courant suivi de chiffres. Plusieurs mots sans rapport conviennent',
      en: 'Not your name, a row of the keyboard or a common word with digits. Several unrelated words will do',
    },
  },
  'password-wrong': {
    message: { fr: 'Le mot de passe actuel n’est pas reconnu', en: 'The present password is not recognised' },
    hint: {
      fr: 'Rien n’a été changé. Après cinq essais, le compte fait une pause',
      en: 'Nothing was changed. After five attempts the account pauses',
    },
  },
  'code-wrong': {
    message: { fr: 'Ce code n’est pas le bon', en: 'This is not the right code' },
    hint: {
      fr: 'Vérifiez l’heure du téléphone, puis donnez le code suivant',
      en: 'Check the phone’s clock, then give the next code',
    },
  },
  'code-not-prepared': {
    message: { fr: 'Aucune application n’est en train d’être reliée', en: 'No application is being linked' },
    hint: { fr: 'Recommencez depuis Mon compte', en: 'Start over from My account' },
  },
  'provider-unreachable': {
    message: {
      fr: 'Le fournisseur d’identités ne répond pas',
      en: 'The provider of identities does not answer',
    },
    hint: {
      fr: 'Entrez avec identifiant et mot de passe si vous en avez, ou recommencez dans quelques minutes',
      en: 'Come in with login and password if you have them, or start over in a few minutes',
    },
  },
  'provider-refused': {
    message: {
      fr: 'La réponse du fournisseur d’identités n’est pas acceptée',
      en: 'The answer of the provider of identities is not accepted',
    },
    hint: {
      fr: 'Recommencez depuis cette page, dans cette fenêtre. Si cela dure, vérifiez portal.oidc',
      en: 'Start over from this page, in this window. If this lasts, check portal.oidc',
    },
  },
  'provider-secret-unreadable': {
    message: {
      fr: 'Le secret du fournisseur d’identités est illisible : {file} ({reason})',
      en: 'The secret for the provider of identities cannot be read: {file} ({reason})',
    },
    hint: {
      fr: 'Vérifiez portal.oidc.clientSecretFile et les droits sur ce fichier',
      en: 'Check portal.oidc.clientSecretFile and the rights on this file',
    },
  },
  'provider-account-unknown': {
    message: {
      fr: 'Votre organisme vous reconnaît, mais aucun compte d’ici ne vous est ouvert',
      en: 'Your organisation knows you, but no account here is open to you',
    },
    hint: {
      fr: 'Demandez un compte à la région, avec votre adresse électronique',
      en: 'Ask the region for an account, with your e-mail address',
    },
  },
  'password-same': {
    message: { fr: 'C’est le mot de passe actuel', en: 'This is the present password' },
    hint: { fr: 'Choisissez-en un autre', en: 'Choose another one' },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
