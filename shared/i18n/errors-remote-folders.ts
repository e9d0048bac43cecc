import type { ErrorText } from './texts.ts';

/** What an agency's server says no to, whatever the transport. */
export const remoteFoldersErrors = {
  'peer-identity-refused': {
    message: {
      fr: 'Le serveur de la destination {destination} n’est pas celui attendu ({reason}) : rien ne lui a été envoyé',
      en: 'The server of destination {destination} is not the expected one ({reason}): nothing was sent to it',
    },
    hint: {
      fr: 'Demandez à l’agence, par un autre canal, si sa clé ou son certificat a changé ou expiré, puis corrigez hostKeys ou authorityFile ; sinon quelqu’un se fait passer pour elle',
      en: 'Ask the agency, over another channel, whether its key or certificate changed or expired, then correct hostKeys or authorityFile; if not, somebody poses as it',
    },
  },
  'peer-login-refused': {
    message: {
      fr: 'La destination {destination} refuse l’identifiant du récepteur ({reason})',
      en: 'The destination {destination} refuses the login of the receiver ({reason})',
    },
    hint: {
      fr: 'Vérifiez avec l’agence le compte, la clé, le mot de passe ou le certificat du client ; un fichier de secret remplacé est relu à la tentative suivante',
      en: 'Check the account, the key, the password or the client certificate with the agency; a secret file that was replaced is read again at the next attempt',
    },
  },
  'peer-folder-refused': {
    message: {
      fr: 'La destination {destination} n’ouvre pas son dossier comme il le faut ({reason})',
      en: 'The destination {destination} does not open its folder as needed ({reason})',
    },
    hint: {
      fr: 'Vérifiez que folder existe là-bas (celui des réponses part du dossier des dépôts), et demandez à l’agence que ce compte puisse y écrire, lire, renommer et supprimer, puis : destination test {destination}',
      en: 'Check that folder exists there (that of answers starts from the folder of deposits), and ask the agency that this account may write, read, rename and delete in it, then: destination test {destination}',
    },
  },
  'peer-secret-unreadable': {
    message: {
      fr: 'Le fichier {file} de la destination {destination} est illisible ou n’a pas la forme attendue ({reason})',
      en: 'The file {file} of destination {destination} cannot be read or has not the expected form ({reason})',
    },
    hint: {
      fr: 'Vérifiez son chemin, ses droits et son contenu (clé privée, phrase secrète, mot de passe ou certificat PEM) : il est relu à la tentative suivante',
      en: 'Check its path, its rights and its content (private key, passphrase, password or PEM certificate): it is read again at the next attempt',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
