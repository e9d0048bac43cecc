import type { ErrorText } from './texts.ts';

export const sealingErrors = {
  'envelope-malformed': {
    message: {
      fr: 'Le pli n’a pas la forme attendue ({where})',
      en: 'The envelope is not of the expected form ({where})',
    },
    hint: {
      fr: 'Rien n’en a été lu ; vérifiez que l’agent et le récepteur sont de versions compatibles, puis faites renvoyer l’export',
      en: 'Nothing of it was read; check that agent and receiver are of compatible versions, then have the export resent',
    },
  },
  'envelope-too-large': {
    message: {
      fr: 'Le pli ou son contenu dépasse {limit} octets',
      en: 'The envelope or its content exceeds {limit} bytes',
    },
    hint: {
      fr: 'Réduisez le nombre d’enregistrements par tranche dans la configuration de l’agent, puis relancez l’export',
      en: "Lower the number of records per slice in the agent's configuration, then send the export again",
    },
  },
  'envelope-bomb': {
    message: {
      fr: 'Le contenu décompressé du pli dépasse {limit} octets',
      en: 'The decompressed content of the envelope exceeds {limit} bytes',
    },
    hint: {
      fr: 'Aucun agent sain n’envoie cela : suspendez l’agent et examinez sa machine',
      en: 'No sound agent sends this: suspend the agent and examine its machine',
    },
  },
  'envelope-tampered': {
    message: {
      fr: 'Le contenu du pli n’est pas celui qui a été scellé',
      en: 'The content of the envelope is not what was sealed',
    },
    hint: {
      fr: 'Le pli a été altéré ou son en-tête appartient à un autre : faites renvoyer l’export ; si cela se répète, révoquez l’agent et réenrôlez-le',
      en: 'The envelope was altered, or its header belongs to another one: have the export resent; if it happens again, revoke the agent and enrol it anew',
    },
  },
  'envelope-wrong-recipient': {
    message: {
      fr: 'Le pli n’est pas scellé pour cette clé',
      en: 'The envelope is not sealed for this key',
    },
    hint: {
      fr: 'L’agent utilise sans doute un paquet de confiance ancien : attendez son prochain battement ou relancez-le, puis faites renvoyer l’export ; la clé de secours de la région peut aussi l’ouvrir',
      en: 'The agent probably uses an old trust bundle: wait for its next heartbeat or restart it, then have the export resent; the recovery key of the region may also open it',
    },
  },
  'slice-malformed': {
    message: {
      fr: 'La tranche n’a pas la forme attendue (ligne {line} du contenu du pli)',
      en: "The slice is not of the expected form (line {line} of the envelope's content)",
    },
    hint: {
      fr: 'Vérifiez que l’agent et le récepteur sont de versions compatibles, puis faites renvoyer l’export',
      en: 'Check that agent and receiver are of compatible versions, then have the export resent',
    },
  },
  'certificate-malformed': {
    message: { fr: 'Ce n’est pas un certificat lisible', en: 'This is not a readable certificate' },
    hint: {
      fr: 'Attendu : un certificat X.509 au format PEM ; redemandez-le à la région',
      en: 'Expected: an X.509 certificate in PEM form; ask the region for it again',
    },
  },
  'request-malformed': {
    message: {
      fr: 'La demande de certificat est illisible ou sa signature est fausse',
      en: 'The certificate request cannot be read or its signature is wrong',
    },
    hint: {
      fr: 'Relancez l’enrôlement sur l’agent : il fabrique une nouvelle demande',
      en: 'Run the enrolment on the agent again: it makes a new request',
    },
  },
  'key-unsuitable': {
    message: {
      fr: 'La clé ne convient pas (attendu : {expected})',
      en: 'The key is not suitable (expected: {expected})',
    },
    hint: {
      fr: 'Utilisez les clés créées par l’enrôlement ou par la création de la région',
      en: 'Use the keys made by the enrolment or by the creation of the region',
    },
  },
  'key-file-missing': {
    message: {
      fr: 'Fichier de clé ou de certificat absent : {path}',
      en: 'Key or certificate file missing: {path}',
    },
    hint: {
      fr: 'Restaurez ce fichier depuis la sauvegarde ; pour un agent perdu, réenrôlez-le (enroll --replace)',
      en: 'Restore this file from the backup; for a lost agent, enrol it anew (enroll --replace)',
    },
  },
  'key-file-permissions': {
    message: {
      fr: 'La clé privée {path} est accessible à d’autres comptes (droits {mode})',
      en: 'The private key {path} can be accessed by other accounts (mode {mode})',
    },
    hint: {
      fr: 'Retirez les droits des autres (chmod 600 {path}) ; si un autre compte a pu la lire, remplacez la clé',
      en: 'Take the rights of others away (chmod 600 {path}); if another account may have read it, replace the key',
    },
  },
  'key-file-malformed': {
    message: {
      fr: 'Le fichier {path} n’est pas une clé lisible',
      en: 'The file {path} is not a readable key',
    },
    hint: {
      fr: 'Attendu : une clé privée PKCS#8 au format PEM, sans mot de passe ; restaurez-la depuis la sauvegarde',
      en: 'Expected: a PKCS#8 private key in PEM form, without password; restore it from the backup',
    },
  },
  'receipt-invalid': {
    message: {
      fr: 'Le reçu n’est pas signé par la région, ou a été altéré',
      en: 'The receipt is not signed by the region, or was altered',
    },
    hint: {
      fr: 'Le pli reste dans la file d’envoi : rien n’est perdu ; si cela dure, vérifiez l’adresse du récepteur et prévenez la région',
      en: 'The envelope stays in the outbox: nothing is lost; if it lasts, check the address of the receiver and tell the region',
    },
  },
  'bundle-invalid': {
    message: {
      fr: 'Le paquet de confiance n’est pas signé par la clé de la région',
      en: 'The trust bundle is not signed by the key of the region',
    },
    hint: {
      fr: 'L’ancien paquet reste en vigueur ; vérifiez l’adresse du récepteur et l’absence d’interception TLS, puis prévenez la région',
      en: 'The earlier bundle stays in force; check the address of the receiver and that TLS is not intercepted, then tell the region',
    },
  },
  'bundle-rollback': {
    message: {
      fr: 'Le paquet de confiance reçu (version {version}) est plus ancien que le paquet connu ({known})',
      en: 'The trust bundle received (version {version}) is older than the known one ({known})',
    },
    hint: {
      fr: 'L’ancien paquet reste en vigueur ; la région doit publier une version plus haute si le récepteur a été restauré d’une sauvegarde',
      en: 'The known bundle stays in force; the region must publish a higher version if the receiver was restored from a backup',
    },
  },
  'enrolment-code-invalid': {
    message: {
      fr: 'Le code d’enrôlement est incomplet ou mal recopié ({why})',
      en: 'The enrolment code is incomplete or mistyped ({why})',
    },
    hint: {
      fr: 'Recopiez le code entier, de vgm1 au dernier caractère ; sinon demandez-en un autre à la région',
      en: 'Copy the whole code, from vgm1 to the last character; else ask the region for another one',
    },
  },
  'region-exists': {
    message: {
      fr: 'Le dossier {path} contient déjà les clés d’une région',
      en: 'The folder {path} already holds the keys of a region',
    },
    hint: {
      fr: 'Choisissez un dossier vide, ou utilisez la région qui existe',
      en: 'Choose an empty folder, or use the region that exists',
    },
  },
  'region-incomplete': {
    message: {
      fr: 'Le fichier {path} de la région est absent ou illisible',
      en: 'The file {path} of the region is missing or unreadable',
    },
    hint: {
      fr: 'Restaurez le dossier de clés entier depuis la sauvegarde',
      en: 'Restore the whole key folder from the backup',
    },
  },
} as const satisfies Record<string, ErrorText>;
