import type { ErrorText } from './texts.ts';

/** Keys of agencies, and the region's own that signs for them. */
export const agencyKeysErrors = {
  'agency-key-unreadable': {
    message: {
      fr: 'Le fichier de clé {file} de la destination {destination} est illisible ou n’est pas une clé publique ({reason})',
      en: 'The key file {file} of destination {destination} cannot be read or is no public key ({reason})',
    },
    hint: {
      fr: 'Attendu : une clé publique OpenPGP, ou un certificat X.509 (PEM ou DER) ; vérifiez le chemin et ses droits, au besoin redemandez la clé à l’agence',
      en: 'Expected: an OpenPGP public key, or an X.509 certificate (PEM or DER); check the path and its rights, and ask the agency for the key again if needed',
    },
  },
  'agency-key-several': {
    message: {
      fr: 'Le fichier {file} de la destination {destination} contient plusieurs clés ({count})',
      en: 'The file {file} of destination {destination} holds several keys ({count})',
    },
    hint: {
      fr: 'Gardez-y la seule clé de l’agence : gpg --export --armor EMPREINTE, ou le seul certificat sans sa chaîne',
      en: "Keep the agency's key alone in it: gpg --export --armor FINGERPRINT, or the certificate alone, without its chain",
    },
  },
  'agency-key-private': {
    message: {
      fr: 'Le fichier {file} de la destination {destination} contient une clé privée',
      en: 'The file {file} of destination {destination} holds a private key',
    },
    hint: {
      fr: 'Ôtez-le d’ici et prévenez son propriétaire : la clé n’est plus sûre ; pour chiffrer, seule la clé publique de l’agence est attendue',
      en: "Remove it from here and tell its owner: the key is no longer safe; only the agency's public key is needed to encrypt",
    },
  },
  'agency-key-weak': {
    message: {
      fr: 'La clé {file} de la destination {destination} est trop courte : RSA de {bits} bits',
      en: 'The key {file} of destination {destination} is too short: RSA of {bits} bits',
    },
    hint: {
      fr: 'Demandez à l’agence une clé RSA d’au moins {least} bits',
      en: 'Ask the agency for an RSA key of at least {least} bits',
    },
  },
  'agency-key-unsuitable': {
    message: {
      fr: 'On ne peut pas chiffrer pour la clé {file} de la destination {destination} (trouvé : {found})',
      en: 'Nothing can be encrypted for the key {file} of destination {destination} (found: {found})',
    },
    hint: {
      fr: 'Demandez à l’agence une clé OpenPGP version 4 qui chiffre, ou un certificat RSA de 2048 à 8192 bits dont l’usage comprend keyEncipherment',
      en: 'Ask the agency for an OpenPGP version 4 key that encrypts, or an RSA certificate of 2048 to 8192 bits whose usage includes keyEncipherment',
    },
  },
  'agency-key-revoked': {
    message: {
      fr: 'La clé {file} de la destination {destination} a été révoquée par son propriétaire',
      en: 'The key {file} of destination {destination} was revoked by its owner',
    },
    hint: {
      fr: 'Demandez à l’agence sa nouvelle clé, changez keyFile et fingerprint dans la configuration, puis faites-la approuver par deux personnes',
      en: 'Ask the agency for its new key, change keyFile and fingerprint in the settings, then have two people approve it',
    },
  },
  'agency-key-expired': {
    message: {
      fr: 'La clé {file} de la destination {destination} est expirée depuis le {at}',
      en: 'The key {file} of destination {destination} expired on {at}',
    },
    hint: {
      fr: 'Demandez à l’agence la clé prolongée (même empreinte : remplacez le fichier, l’envoi reprend seul) ou la nouvelle (changez aussi fingerprint et faites-la approuver par deux personnes)',
      en: 'Ask the agency for the prolonged key (same fingerprint: replace the file, sending resumes by itself) or the new one (change fingerprint too and have two people approve it)',
    },
  },
  'agency-key-early': {
    message: {
      fr: 'La clé {file} de la destination {destination} n’est valable qu’à partir du {from}',
      en: 'The key {file} of destination {destination} is valid only from {from}',
    },
    hint: {
      fr: 'Attendez ce jour ou gardez l’ancienne clé d’ici là ; si la date est passée, vérifiez l’horloge de cette machine',
      en: "Wait for that day or keep the old key until then; if it has passed, check this machine's clock",
    },
  },
  'agency-key-swapped': {
    message: {
      fr: 'La clé {file} de la destination {destination} n’est pas celle de la configuration : empreinte {found}, attendue {expected}',
      en: 'The key {file} of destination {destination} is not the one in the settings: fingerprint {found}, expected {expected}',
    },
    hint: {
      fr: 'Rien n’est scellé. Cherchez qui a changé le fichier ; si l’agence a bien changé de clé, vérifiez l’empreinte avec elle par un autre canal, mettez-la dans la configuration et faites-la approuver par deux personnes',
      en: 'Nothing is sealed. Find out who changed the file; if the agency really has a new key, check the fingerprint with it over another channel, put it into the settings and have two people approve it',
    },
  },
  'agency-key-renewed': {
    message: {
      fr: 'La clé {file} de la destination {destination} a été renouvelée depuis qu’elle a été lue',
      en: 'The key {file} of destination {destination} was renewed since it was read',
    },
    hint: {
      fr: 'Rien à faire : elle est relue, et les envois en attente sont scellés pour la clé renouvelée',
      en: 'Nothing to do: it is read again, and waiting dispatches are sealed for the renewed key',
    },
  },
  'agency-key-sealing': {
    message: {
      fr: 'Le chiffrement pour la clé {file} de la destination {destination} a échoué',
      en: 'Encrypting for the key {file} of destination {destination} failed',
    },
    hint: {
      fr: 'Essayez la destination (destination test {destination}) ; si elle échoue encore, demandez à l’agence une autre clé',
      en: 'Try the destination (destination test {destination}); if it fails again, ask the agency for another key',
    },
  },
  'agency-key-expires-soon': {
    message: {
      fr: 'La clé {file} de la destination {destination} expire dans {days} jour(s), le {at}',
      en: 'The key {file} of destination {destination} expires in {days} day(s), on {at}',
    },
    hint: {
      fr: 'Demandez dès maintenant à l’agence la clé prolongée ou la nouvelle : après ce jour, rien ne lui est plus scellé',
      en: 'Ask the agency now for the prolonged key or the new one: after that day nothing is sealed for it any more',
    },
  },
  'agency-key-other': {
    message: {
      fr: 'L’empreinte donnée ({typed}) n’est pas celle de la clé {file} ({found})',
      en: 'The fingerprint given ({typed}) is not that of the key {file} ({found})',
    },
    hint: {
      fr: 'N’approuvez rien : redemandez à l’agence, par un autre canal, l’empreinte complète de sa clé',
      en: 'Approve nothing: ask the agency again, over another channel, for the whole fingerprint of its key',
    },
  },
  'agency-key-none': {
    message: {
      fr: 'La destination {destination} n’a pas de clé à approuver',
      en: 'Destination {destination} has no key to approve',
    },
    hint: {
      fr: 'Ses envois partent sans chiffrement (protection : none) ; donnez-lui une clé dans la configuration si elle doit en avoir une',
      en: 'Its dispatches leave unencrypted (protection: none); give it a key in the settings if it should have one',
    },
  },
  'agency-key-approver': {
    message: {
      fr: 'Le nom de la personne qui approuve la clé de {destination} manque ou ne convient pas',
      en: 'The name of the person who approves the key of {destination} is missing or unsuitable',
    },
    hint: {
      fr: 'Donnez votre propre nom : --by NOM, {longest} caractères au plus',
      en: 'Give your own name: --by NAME, at most {longest} characters',
    },
  },
  'signing-key-unreadable': {
    message: {
      fr: 'Le fichier {file}, clé de signature de la région pour la destination {destination}, est illisible ({reason})',
      en: "The file {file}, the region's signing key for destination {destination}, cannot be read ({reason})",
    },
    hint: {
      fr: 'Vérifiez signingKeyFile et signingPassphraseFile : une clé privée OpenPGP et un fichier d’une ligne, lisibles par le seul compte du récepteur',
      en: "Check signingKeyFile and signingPassphraseFile: an OpenPGP private key and a file of one line, readable by the receiver's account alone",
    },
  },
  'signing-key-locked': {
    message: {
      fr: 'La phrase secrète n’ouvre pas la clé de signature {file} (destination {destination})',
      en: 'The passphrase does not open the signing key {file} (destination {destination})',
    },
    hint: {
      fr: 'Mettez la bonne phrase dans signingPassphraseFile, sur une seule ligne',
      en: 'Put the right passphrase into signingPassphraseFile, on a single line',
    },
  },
  'signing-key-unsuitable': {
    message: {
      fr: 'La clé {file} ne peut pas signer pour la destination {destination} (trouvé : {found})',
      en: 'The key {file} cannot sign for destination {destination} (found: {found})',
    },
    hint: {
      fr: 'Attendu : une seule clé privée OpenPGP version 4, non révoquée, qui signe (RSA d’au moins 2048 bits ou courbe)',
      en: 'Expected: a single OpenPGP version 4 private key, not revoked, that signs (RSA of at least 2048 bits, or a curve)',
    },
  },
  'signing-key-expired': {
    message: {
      fr: 'La clé de signature {file} (destination {destination}) est expirée depuis le {at}',
      en: 'The signing key {file} (destination {destination}) expired on {at}',
    },
    hint: {
      fr: 'Prolongez-la ou faites-en une nouvelle, donnez sa moitié publique à l’agence, puis redémarrez le récepteur',
      en: 'Prolong it or make a new one, give its public half to the agency, then restart the receiver',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
