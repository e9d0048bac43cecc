import type { ErrorText } from './texts.ts';

/** Errors of history, resending, quarantine, worklist, carrying. */
export const operationsErrors = {
  'day-invalid': {
    message: { fr: '{option} : « {found} » n’est pas un jour', en: '{option}: "{found}" is not a day' },
    hint: {
      fr: 'Écrivez par exemple 2026-01-21 ou 21/01/2026',
      en: 'Write for instance 2026-01-21 or 21/01/2026',
    },
  },
  'days-reversed': {
    message: {
      fr: 'Le premier jour ({from}) vient après le dernier ({to})',
      en: 'The first day ({from}) comes after the last ({to})',
    },
    hint: { fr: 'Inversez --from et --to', en: 'Swap --from and --to' },
  },
  'limit-invalid': {
    message: {
      fr: '--limit attend un nombre entier de 1 à {most}',
      en: '--limit takes a whole number from 1 to {most}',
    },
    hint: { fr: 'Donnez un nombre dans ces bornes', en: 'Give a number within these bounds' },
  },
  'source-unknown': {
    message: { fr: 'Aucune source ne s’appelle « {source} »', en: 'No source is named "{source}"' },
    hint: { fr: 'Les sources configurées : {known}', en: 'The configured sources: {known}' },
  },
  'state-unknown': {
    message: { fr: '« {state} » n’est pas un état', en: '"{state}" is not a state' },
    hint: { fr: 'Les états : {known}', en: 'The states: {known}' },
  },
  'resend-choice': {
    message: {
      fr: 'Il faut dire ce qui doit être renvoyé, d’une seule façon',
      en: 'What is to be sent again must be said, in one way only',
    },
    hint: {
      fr: 'Donnez un fichier (agent resend FICHIER), ou --file, ou --envelope, ou des jours : --from JOUR --to JOUR',
      en: 'Give a file (agent resend FILE), or --file, or --envelope, or days: --from DAY --to DAY',
    },
  },
  'resend-file-gone': {
    message: {
      fr: '{file} n’est plus là, ou son contenu a changé : il ne peut pas être relu',
      en: '{file} is gone or its content has changed: it cannot be read again',
    },
    hint: {
      fr: 'Remettez le fichier d’origine à sa place, ou faites refaire l’export par le logiciel et déposez-le dans la source',
      en: 'Put the original file back in its place, or have the software export again and drop the file into the source',
    },
  },
  'resend-too-many': {
    message: {
      fr: 'Ces jours concernent plus de {most} fichiers',
      en: 'These days concern more than {most} files',
    },
    hint: {
      fr: 'Renvoyez moins de jours à la fois, ou une seule source (--source)',
      en: 'Resend fewer days at a time, or one source (--source)',
    },
  },
  'quarantine-unknown': {
    message: { fr: 'La quarantaine ne contient pas « {what} »', en: 'The quarantine does not hold "{what}"' },
    hint: {
      fr: 'Voyez ce qu’elle contient : agent quarantine list',
      en: 'See what it holds: agent quarantine list',
    },
  },
  'quarantine-several': {
    message: {
      fr: '{count} fichiers en quarantaine s’appellent « {what} »',
      en: '{count} quarantined files are named "{what}"',
    },
    hint: { fr: 'Nommez-en un par son identifiant : {exports}', en: 'Name one of them by its id: {exports}' },
  },
  'messages-several-sources': {
    message: {
      fr: 'Des messages de plusieurs sources sont gardés : un fichier n’en contient qu’une',
      en: 'Messages of several sources are kept: a file holds those of one',
    },
    hint: { fr: 'Ajoutez --source, avec l’une de : {sources}', en: 'Add --source, with one of: {sources}' },
  },
  'messages-not-written': {
    message: {
      fr: 'Les messages ne peuvent pas être écrits dans {file} ({reason})',
      en: 'The messages cannot be written to {file} ({reason})',
    },
    hint: {
      fr: 'Donnez un nom de fichier nouveau, dans un dossier à vous : un fichier existant n’est jamais remplacé',
      en: 'Give the name of a new file, in a folder of your own: an existing file is never replaced',
    },
  },
  'carry-file-exists': {
    message: { fr: '{file} existe déjà', en: '{file} exists already' },
    hint: { fr: 'Rien n’a été écrit : donnez un autre nom', en: 'Nothing was written: give another name' },
  },
  'carry-not-written': {
    message: { fr: '{file} ne peut pas être écrit ({reason})', en: '{file} cannot be written ({reason})' },
    hint: {
      fr: 'Vérifiez les droits et la place sur ce support, puis recommencez : rien n’est perdu',
      en: 'Check the rights and the room on that medium, then start again: nothing is lost',
    },
  },
  'carry-unreadable': {
    message: { fr: '{file} ne peut pas être lu ({reason})', en: '{file} cannot be read ({reason})' },
    hint: {
      fr: 'Vérifiez le chemin, les droits et le support',
      en: 'Check the path, the rights and the medium',
    },
  },
  'carry-not-one': {
    message: {
      fr: '{file} n’est pas un fichier fait par « carry »',
      en: '{file} is not a file made by "carry"',
    },
    hint: {
      fr: 'Donnez le fichier écrit par « agent carry export » ou « receiver carry import --answer »',
      en: 'Give the file written by "agent carry export" or "receiver carry import --answer"',
    },
  },
  'carry-cut': {
    message: { fr: '{file} est incomplet', en: '{file} is incomplete' },
    hint: {
      fr: 'Rien n’a été pris. Copiez-le de nouveau en entier, ou refaites-le : l’original est intact',
      en: 'Nothing was taken. Copy it again in full, or make it again: the original is intact',
    },
  },
  'carry-altered': {
    message: {
      fr: '{file} a été abîmé ou modifié en chemin',
      en: '{file} was damaged or altered on its way',
    },
    hint: {
      fr: 'Rien n’a été pris. Copiez-le de nouveau, sur un autre support si cela se répète',
      en: 'Nothing was taken. Copy it again, on another medium if it happens again',
    },
  },
  'carry-wrong-kind': {
    message: {
      fr: '{file} va dans l’autre sens (il contient : {found})',
      en: '{file} goes the other way (it holds: {found})',
    },
    hint: {
      fr: 'Les plis (envelopes) vont à la région : receiver carry import ; la réponse (answer) revient à l’hôpital : agent carry import',
      en: 'Envelopes go to the region: receiver carry import; the answer comes back to the hospital: agent carry import',
    },
  },
  'carry-other-region': {
    message: { fr: '{file} vient d’une autre région', en: '{file} belongs to another region' },
    hint: {
      fr: 'Rien n’a été pris. Remettez-le à la région pour laquelle il a été fait',
      en: 'Nothing was taken. Take it to the region it was made for',
    },
  },
  'carry-other-agent': {
    message: { fr: '{file} est destiné à un autre agent', en: '{file} is meant for another agent' },
    hint: {
      fr: 'Rien n’a été pris. Importez-le sur la machine de l’agent {agent}',
      en: 'Nothing was taken. Import it on the machine of agent {agent}',
    },
  },
  'carry-agent-unknown': {
    message: {
      fr: 'La région ne connaît pas l’agent {agent}, ou ne l’accepte plus',
      en: 'The region does not know agent {agent}, or does not accept it any more',
    },
    hint: {
      fr: 'Rien n’a été pris. Vérifiez : receiver agent list',
      en: 'Nothing was taken. Check: receiver agent list',
    },
  },
  'worklist-in-source': {
    message: {
      fr: 'La liste ne peut pas être écrite dans le dossier de la source {source} ({file})',
      en: 'The list cannot be written into the folder of source {source} ({file})',
    },
    hint: {
      fr: 'Elle y serait prise pour un fichier à envoyer : choisissez un dossier à vous',
      en: 'It would be taken for a file to send there: choose a folder of your own',
    },
  },
  'worklist-not-written': {
    message: {
      fr: 'La liste ne peut pas être écrite dans {file} ({reason})',
      en: 'The list cannot be written to {file} ({reason})',
    },
    hint: {
      fr: 'Donnez un nom de fichier nouveau, dans un dossier à vous : un fichier existant n’est jamais remplacé',
      en: 'Give the name of a new file, in a folder of your own: an existing file is never replaced',
    },
  },
  'rule-unknown': {
    message: { fr: 'Aucune règle ne s’appelle « {rule} »', en: 'No rule is named "{rule}"' },
    hint: {
      fr: 'Prenez le nom donné par la liste : agent faults --day JOUR',
      en: 'Take the name that the list gives: agent faults --day DAY',
    },
  },
  'mute-until': {
    message: {
      fr: 'La sourdine doit finir un jour, d’aujourd’hui à {days} jours',
      en: 'A mute ends on a day, from today to {days} days from now',
    },
    hint: {
      fr: 'Ajoutez --until JOUR (2026-01-21 ou 21/01/2026)',
      en: 'Add --until DAY (2026-01-21 or 21/01/2026)',
    },
  },
  'mute-reason': {
    message: {
      fr: 'Il faut dire pourquoi, en {characters} caractères au plus',
      en: 'The reason must be said, in at most {characters} characters',
    },
    hint: {
      fr: 'Ajoutez --reason "…", sans donnée de patient',
      en: 'Add --reason "…", without any patient value',
    },
  },
  'mute-unknown': {
    message: { fr: 'Aucune sourdine n’a le numéro {number}', en: 'No mute has the number {number}' },
    hint: { fr: 'Voyez les numéros : agent faults muted', en: 'See the numbers: agent faults muted' },
  },
  'quarantine-waiting': {
    message: {
      fr: '{count} fichier(s) qui n’ont pas pu être lus attendent une décision',
      en: '{count} file(s) that could not be read wait for a decision',
    },
    hint: {
      fr: 'Voyez pourquoi : agent quarantine list ; corrigez puis « release », ou écartez par « discard »',
      en: 'See why: agent quarantine list; mend the cause then "release", or put aside with "discard"',
    },
  },
  'region-silent': {
    message: {
      fr: 'La région ne répond plus depuis le {since}',
      en: 'The region has not answered since {since}',
    },
    hint: {
      fr: 'Rien n’est perdu, les plis attendent ici. Cherchez la cause : agent doctor ; si cela dure, portez-les : agent carry export',
      en: 'Nothing is lost, envelopes wait here. Find the cause: agent doctor; if it lasts, carry them: agent carry export',
    },
  },
  'run-overdue': {
    message: {
      fr: 'L’agent n’a plus été exécuté depuis le {since} (agent run --once)',
      en: 'The agent has not been run since {since} (agent run --once)',
    },
    hint: {
      fr: 'Vérifiez la tâche planifiée (cron) et ce qu’elle écrit ; ou installez le service, qui envoie à mesure : agent service install',
      en: 'Check the scheduled task (cron) and what it prints; or install the service, which sends as files come: agent service install',
    },
  },
  'agent-not-running': {
    message: {
      fr: 'L’agent ne tourne pas ; dernière réponse de la région le {since}',
      en: 'The agent is not running; last answer of the region: {since}',
    },
    hint: {
      fr: 'Démarrez le service : agent service start (ou agent run)',
      en: 'Start the service: agent service start (or agent run)',
    },
  },
} as const satisfies Record<string, ErrorText>;
