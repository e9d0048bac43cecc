import type { ErrorText } from './texts.ts';

/** Uploads over HTTPS, in one request or through a service that is polled. */
export const uploadsErrors = {
  'upload-file-unreadable': {
    message: {
      fr: 'La destination {destination} demande le fichier {file}, illisible ({reason})',
      en: 'The destination {destination} asks for the file {file}, which cannot be read ({reason})',
    },
    hint: {
      fr: 'Vérifiez le chemin dans la configuration et les droits du compte du service : la file reprend seule, dans l’ordre',
      en: "Check the path in the configuration and the rights of the service's account: the queue resumes by itself, in order",
    },
  },
  'upload-file-unusable': {
    message: {
      fr: 'Le fichier {file} de la destination {destination} n’a pas la forme attendue',
      en: 'The file {file} of destination {destination} is not of the expected form',
    },
    hint: {
      fr: 'Certificat, autorité et clé : PEM, la clé étant celle du certificat ; bearerFile : un jeton sur une ligne ; basicFile : utilisateur:motdepasse sur une ligne',
      en: 'Certificate, authority and key: PEM, the key being that of the certificate; bearerFile: a token on one line; basicFile: user:password on one line',
    },
  },
  'upload-redirected': {
    message: {
      fr: 'La destination {destination} renvoie vers une autre adresse (HTTP {status}), qui n’est pas suivie',
      en: 'The destination {destination} points to another address (HTTP {status}), which is not followed',
    },
    hint: {
      fr: 'Demandez à l’agence sa nouvelle adresse et écrivez-la dans la configuration (transport.url) : rien ne part ailleurs sans vous',
      en: 'Ask the agency for its new address and write it into the configuration (transport.url): nothing leaves for elsewhere without you',
    },
  },
  'upload-address-wrong': {
    message: {
      fr: 'La destination {destination} ne prend pas de fichier à cette adresse (HTTP {status})',
      en: 'The destination {destination} takes no file at this address (HTTP {status})',
    },
    hint: {
      fr: 'Comparez transport.url et transport.method avec la documentation de l’agence : la file attend et reprend seule, dans l’ordre',
      en: "Compare transport.url and transport.method with the agency's documentation: the queue waits and resumes by itself, in order",
    },
  },
  'upload-not-understood': {
    message: {
      fr: 'La destination {destination} n’accepte pas la demande elle-même (HTTP {status})',
      en: 'The destination {destination} does not accept the request itself (HTTP {status})',
    },
    hint: {
      fr: 'Certificat client absent ou inconnu, en-tête manquant, forme (raw ou multipart) : vérifiez avec l’agence ; destination test en dit plus',
      en: 'Client certificate missing or unknown, header missing, form (raw or multipart): check with the agency; destination test says more',
    },
  },
  'upload-answer-incomplete': {
    message: {
      fr: 'La destination {destination} dit avoir pris {file}, mais sa réponse ne contient pas ce que la configuration y attend',
      en: 'The destination {destination} says it took {file}, but its answer lacks what the configuration expects there',
    },
    hint: {
      fr: 'Une page de maintenance répond peut-être à la place de l’agence : l’envoi est répété, sans doublon. Si cela dure, comparez les chemins (answer, referencePath, digestPath) avec une réponse de l’agence',
      en: "A maintenance page may answer in the agency's place: the dispatch is repeated, without a double. If it lasts, compare the paths (answer, referencePath, digestPath) with an answer of the agency",
    },
  },
  'delivery-digest-differs': {
    message: {
      fr: 'La destination {destination} n’a pas reçu {file} tel qu’il est parti : l’empreinte ou la taille diffère',
      en: 'The destination {destination} did not receive {file} as it left: its digest or size differs',
    },
    hint: {
      fr: 'L’envoi est répété et n’est jamais compté comme fait. Si cela dure, un équipement modifie les fichiers en route, ou l’agence calcule son empreinte autrement',
      en: 'The dispatch is repeated and never counted as done. If it lasts, a device alters files on the way, or the agency computes its digest otherwise',
    },
  },
  'delivery-vanished': {
    message: {
      fr: 'La destination {destination} dit avoir pris {file}, et ne l’a pas',
      en: 'The destination {destination} says it took {file}, and does not have it',
    },
    hint: {
      fr: 'L’envoi est répété. Si l’agence retire les fichiers dès leur arrivée, écrivez readBack: false dans le transport de cette destination',
      en: "The dispatch is repeated. If the agency takes files away as they arrive, write readBack: false in this destination's transport",
    },
  },
  'delivery-already-there': {
    message: {
      fr: 'La destination {destination} dit avoir déjà un fichier {file}, sans dire lequel',
      en: 'The destination {destination} says it has a file {file} already, without saying which',
    },
    hint: {
      fr: 'Comparez l’empreinte de cet envoi avec celle que détient l’agence. La même : marquez-le reçu ; une autre : faites-la retirer, puis renvoyez. Avec answer.digestPath, la question ne se pose plus',
      en: 'Compare the digest of this dispatch with the one the agency holds. The same: mark it received; another: have it removed, then send again. With answer.digestPath the question does not arise',
    },
  },
  'answer-state-unknown': {
    message: {
      fr: 'La destination {destination} donne à un dépôt un état que la configuration ne connaît pas : {state}',
      en: 'The destination {destination} gives a deposit a state that the configuration does not know: {state}',
    },
    hint: {
      fr: 'Demandez à l’agence ce que cet état veut dire et ajoutez-le sous transport.states : rien n’est décidé d’ici là',
      en: 'Ask the agency what this state means and add it under transport.states: nothing is decided until then',
    },
  },
  'answer-unreadable': {
    message: {
      fr: 'La destination {destination} ne dit pas où en est un dépôt : sa réponse ne contient pas l’état attendu',
      en: 'The destination {destination} does not say where a deposit stands: its answer lacks the expected state',
    },
    hint: {
      fr: 'Une page de maintenance répond peut-être à sa place ; si cela dure, comparez poll.statePath avec une réponse du service. La livraison continue',
      en: 'A maintenance page may answer in its place; if it lasts, compare poll.statePath with an answer of the service. Delivery goes on',
    },
  },
  'answer-reference-unknown': {
    message: {
      fr: 'La destination {destination} ne connaît pas le dépôt de {file}, qu’elle a elle-même numéroté',
      en: 'The destination {destination} does not know the deposit of {file}, which it numbered itself',
    },
    hint: {
      fr: 'L’envoi reste sans réponse. Demandez à l’agence ce que ce dépôt est devenu ; il peut être renvoyé sans danger',
      en: 'The dispatch stays unanswered. Ask the agency what became of this deposit; it can safely be sent again',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
