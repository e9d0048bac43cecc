import type { ErrorText } from './texts.ts';

/** The region's own keys, as they turn over. */
export const keysErrors = {
  'keys-being-changed': {
    message: {
      fr: 'Un autre processus change les clés de la région',
      en: 'Another process is changing the keys of the region',
    },
    hint: {
      fr: 'Attendez qu’il finisse, puis recommencez',
      en: 'Wait until it has finished, then try again',
    },
  },
  'key-rotation-pending': {
    message: {
      fr: 'Une nouvelle clé est déjà publiée ({key}) ; elle entre en service le {at}',
      en: 'A new key is published already ({key}); it comes into use on {at}',
    },
    hint: {
      fr: 'Attendez cette date ; si la clé actuelle n’est plus sûre, ajoutez --now',
      en: 'Wait for that moment; if the current key is no longer safe, add --now',
    },
  },
  'key-overlap-short': {
    message: {
      fr: 'Une clé est annoncée {minutes} minutes au moins avant de servir',
      en: 'A key is announced {minutes} minutes at least before it is used',
    },
    hint: {
      fr: 'Donnez un délai plus long à --after, ou --now si la clé actuelle n’est plus sûre',
      en: 'Give --after a longer delay, or --now if the current key is no longer safe',
    },
  },
  'key-role-unknown': {
    message: {
      fr: 'Rôle de clé inconnu : {role} (attendu : {known})',
      en: 'Unknown role of a key: {role} (expected: {known})',
    },
    hint: {
      fr: 'Voyez les clés de la région : receiver key list',
      en: 'See the keys of the region: receiver key list',
    },
  },
  'key-unknown': {
    message: {
      fr: 'Aucune clé de la région ne s’appelle {key}, ou elle est déjà détruite',
      en: 'No key of the region is called {key}, or it is destroyed already',
    },
    hint: {
      fr: 'Voyez les clés et leurs noms : receiver key list',
      en: 'See the keys and their names: receiver key list',
    },
  },
  'key-in-use': {
    message: {
      fr: 'La clé {key} est en service, ou annoncée',
      en: 'The key {key} is in use, or announced',
    },
    hint: {
      fr: 'Remplacez-la d’abord : receiver key rotate',
      en: 'Replace it first: receiver key rotate',
    },
  },
  'key-still-needed': {
    message: {
      fr: 'La clé {key} sert encore : {agents} agents ({names}), {envelopes} plis à ouvrir, {certificates} certificats, {days} jours de garde',
      en: 'The key {key} is still needed: {agents} agents ({names}), {envelopes} envelopes to open, {certificates} certificates, {days} days of keeping',
    },
    hint: {
      fr: 'Attendez ces agents, ou révoquez ceux qui ne reviendront pas ; si la clé n’est plus sûre : --even-so --reason « … », et ce qui reste scellé pour elle ne s’ouvrira plus qu’avec la clé de secours',
      en: 'Wait for these agents, or revoke those that will not come back; if the key is no longer safe: --even-so --reason "…", and what is still sealed for it opens with the recovery key only',
    },
  },
  'key-reason-missing': {
    message: {
      fr: 'Détruire une clé qui sert encore demande un motif',
      en: 'To destroy a key that is still needed takes a reason',
    },
    hint: { fr: 'Ajoutez --reason « … »', en: 'Add --reason "…"' },
  },
  'invitation-sheet-unwritable': {
    message: {
      fr: 'La feuille {path} ne peut pas être écrite ({reason})',
      en: 'The sheet {path} cannot be written ({reason})',
    },
    hint: {
      fr: 'Donnez un fichier qui n’existe pas encore, dans un dossier où vous écrivez ; aucun code n’a été créé',
      en: 'Name a file that does not exist yet, in a folder you may write to; no code was made',
    },
  },
  'enrolment-awaits-approval': {
    message: {
      fr: 'L’enrôlement attend qu’une seconde personne de la région l’approuve',
      en: 'The enrolment waits until a second person of the region approves it',
    },
    hint: {
      fr: 'Lisez à la région l’empreinte affichée par l’agent, et laissez « agent enroll » attendre ; relancé, il en affiche une autre',
      en: 'Read the fingerprint that the agent shows to the region, and let "agent enroll" wait; run again, it shows another one',
    },
  },
  'enrolment-not-asked': {
    message: {
      fr: 'Aucune machine n’attend d’approbation pour l’agent {agent}',
      en: 'No machine waits for approval for agent {agent}',
    },
    hint: {
      fr: 'L’hôpital lance d’abord « agent enroll » avec le code ; si le code est trop vieux, invitez à nouveau : agent invite --agent {agent} --approval',
      en: 'The hospital first runs "agent enroll" with the code; if the code is too old, invite again: agent invite --agent {agent} --approval',
    },
  },
  'enrolment-approval-own': {
    message: {
      fr: 'Qui a invité cet agent ne peut pas l’approuver',
      en: 'Who invited this agent may not approve it',
    },
    hint: { fr: 'Demandez à une autre personne de la région', en: 'Ask another person of the region' },
  },
  'enrolment-fingerprint-other': {
    message: {
      fr: 'L’empreinte n’est pas celle de la machine qui attend ({agent})',
      en: 'The fingerprint is not that of the machine that waits ({agent})',
    },
    hint: {
      fr: 'Refaites-la lire par l’hôpital ; si elle diffère encore, révoquez l’invitation : une autre machine s’est servie du code',
      en: 'Have the hospital read it again; if it still differs, revoke the invitation: another machine has used the code',
    },
  },
  'root-key-away': {
    message: {
      fr: 'La clé racine de la région n’est pas dans {path}',
      en: 'The root key of the region is not in {path}',
    },
    hint: {
      fr: 'Apportez le support hors ligne et donnez le fichier : --root-key FICHIER',
      en: 'Bring the offline medium and name the file: --root-key FILE',
    },
  },
  'root-key-other': {
    message: {
      fr: 'La clé de {path} n’est pas la racine de cette région',
      en: 'The key of {path} is not the root of this region',
    },
    hint: {
      fr: 'Prenez la clé racine gardée à la création de la région (root.key)',
      en: 'Take the root key that was kept when the region was created (root.key)',
    },
  },
  'recovery-key-other': {
    message: {
      fr: 'La clé de {path} n’est pas la clé de secours de cette région',
      en: 'The key of {path} is not the recovery key of this region',
    },
    hint: {
      fr: 'Prenez recovery.key du support hors ligne, fait à la création de la région',
      en: 'Take recovery.key of the offline medium that was made when the region was created',
    },
  },
  'envelope-key-destroyed': {
    message: {
      fr: 'Le pli est scellé pour une clé de la région qui a été détruite',
      en: 'The envelope is sealed for a key of the region that was destroyed',
    },
    hint: {
      fr: 'L’agent relit l’export et le scelle pour la clé actuelle ; si le fichier n’existe plus, le pli est gardé à la région : receiver recover --recovery-key FICHIER',
      en: 'The agent reads the export again and seals it for the current key; if the file is gone, the envelope is kept at the region: receiver recover --recovery-key FILE',
    },
  },
} as const satisfies Record<string, ErrorText>;
