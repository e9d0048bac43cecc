import type { ErrorText } from './texts.ts';

/** Updates of an installed agent, its self-test and its removal. */
export const updateErrors = {
  'update-not-installed': {
    message: {
      fr: 'Ce programme n’a pas été installé par un paquet : il n’y a rien à mettre à jour ni à retirer ici',
      en: 'This program was not installed by a package: there is nothing to update or to remove here',
    },
    hint: {
      fr: 'Lancez la commande installée (« vaguemestre-agent »), ou mettez à jour le dossier des sources par ses propres moyens',
      en: 'Use the installed command ("vaguemestre-agent"), or update the source folder by its own means',
    },
  },
  'update-by-package': {
    message: {
      fr: 'Cette installation ({kind}) ne change que par son paquet ou son image',
      en: 'This installation ({kind}) only changes by its package or image',
    },
    hint: {
      fr: 'Installez la nouvelle version du paquet ou de l’image ; l’état et la configuration restent',
      en: 'Install the new version of the package or image; state and configuration stay',
    },
  },
  'update-needs-root': {
    message: {
      fr: 'Ce compte ne peut pas écrire dans {folder} : le service lui-même ne doit pas pouvoir changer son programme',
      en: 'This account may not write to {folder}: the service itself must not be able to change its own program',
    },
    hint: {
      fr: 'Relancez la commande en tant que root (sudo), ou administrateur sous Windows',
      en: 'Run the command again as root (sudo), or as administrator on Windows',
    },
  },
  'update-folder-open': {
    message: {
      fr: 'Le dossier des versions {folder} appartient à un autre compte, ou d’autres peuvent y écrire',
      en: 'The folder of versions {folder} belongs to another account, or others may write to it',
    },
    hint: {
      fr: 'Vérifiez qui y a écrit, puis : chown root:root et chmod 0755 sur ce dossier. Rien n’a été changé',
      en: 'Find out who wrote to it, then: chown root:root and chmod 0755 on that folder. Nothing was changed',
    },
  },
  'update-under-way': {
    message: {
      fr: 'Une autre mise à jour est en cours dans {folder}',
      en: 'Another update is under way in {folder}',
    },
    hint: {
      fr: 'Attendez qu’elle finisse ; si elle est morte, le verrou est déjà levé : relancez',
      en: 'Wait until it ends; if it has died, the lock is free already: start again',
    },
  },
  'update-unreadable': {
    message: {
      fr: 'Le fichier de mise à jour ne se lit pas : {file} ({reason})',
      en: 'The update file cannot be read: {file} ({reason})',
    },
    hint: { fr: 'Vérifiez le chemin et les droits', en: 'Check the path and the rights' },
  },
  'update-not-a-bundle': {
    message: {
      fr: '{file} n’est pas une mise à jour de Vaguemestre',
      en: '{file} is not an update of Vaguemestre',
    },
    hint: {
      fr: 'Prenez le fichier « .vgm-update » de l’éditeur, sans le décompresser',
      en: 'Take the vendor’s ".vgm-update" file, without unpacking it',
    },
  },
  'update-truncated': {
    message: {
      fr: 'Le fichier de mise à jour est coupé ou abîmé : {file}',
      en: 'The update file is cut or damaged: {file}',
    },
    hint: {
      fr: 'Copiez-le de nouveau et comparez son empreinte avec SHA256SUMS. Rien n’a été changé',
      en: 'Copy it again and compare its digest with SHA256SUMS. Nothing was changed',
    },
  },
  'update-too-large': {
    message: {
      fr: '{file} dépasse ce qu’une mise à jour peut contenir ({megabytes} Mo, {entries} fichiers)',
      en: '{file} is larger than any update may be ({megabytes} MB, {entries} files)',
    },
    hint: {
      fr: 'Ce n’est pas une mise à jour de l’éditeur : demandez-lui d’où vient ce fichier',
      en: 'This is no update of the vendor’s: ask where this file comes from',
    },
  },
  'update-path': {
    message: {
      fr: 'La mise à jour contient un chemin qui n’a rien à y faire : {path}',
      en: 'The update holds a path that does not belong in it: {path}',
    },
    hint: {
      fr: 'Rien n’a été écrit. Transmettez le fichier à l’éditeur : quelqu’un l’a modifié',
      en: 'Nothing was written. Send the file to the vendor: someone has changed it',
    },
  },
  'update-no-keys': {
    message: {
      fr: 'Cette installation ne connaît aucune clé d’éditeur ({folder}) : elle n’accepte aucune mise à jour par fichier',
      en: 'This installation knows no vendor key ({folder}): it takes no update by file',
    },
    hint: {
      fr: 'Mettez à jour par le paquet du système, qui apporte les clés',
      en: 'Update by the system’s package, which brings the keys',
    },
  },
  'update-signature': {
    message: {
      fr: 'La signature de la mise à jour n’est d’aucune clé connue de cette installation',
      en: 'The update’s signature is of no key that this installation knows',
    },
    hint: {
      fr: 'Rien n’a été changé. Prenez le fichier à sa source et comparez son empreinte ; si elle est juste, l’éditeur a changé de clé : installez d’abord son paquet',
      en: 'Nothing was changed. Take the file from its source and compare its digest; if that is right, the vendor has a new key: install its package first',
    },
  },
  'update-form': {
    message: {
      fr: 'La mise à jour est signée, mais cette version ne connaît pas sa forme',
      en: 'The update is signed, but this version does not know its form',
    },
    hint: {
      fr: 'Passez par le paquet du système, qui n’en dépend pas',
      en: 'Use the system’s package, which does not depend on it',
    },
  },
  'update-other-product': {
    message: {
      fr: 'La mise à jour est pour {found}, ici tourne {expected}',
      en: 'The update is for {found}, this is {expected}',
    },
    hint: {
      fr: 'Prenez le fichier qui porte le nom du produit',
      en: 'Take the file that has the product’s name',
    },
  },
  'update-other-platform': {
    message: {
      fr: 'La mise à jour est pour {found}, cette machine est {expected}',
      en: 'The update is for {found}, this machine is {expected}',
    },
    hint: {
      fr: 'Prenez le fichier « -{expected}.vgm-update »',
      en: 'Take the file "-{expected}.vgm-update"',
    },
  },
  'update-expired': {
    message: {
      fr: 'La mise à jour {version} ne pouvait être appliquée que jusqu’au {until}',
      en: 'Update {version} could be applied until {until} only',
    },
    hint: {
      fr: 'Vérifiez l’heure de cette machine, ou demandez une mise à jour récente',
      en: 'Check this machine’s clock, or ask for a recent update',
    },
  },
  'update-too-old': {
    message: {
      fr: 'La mise à jour {version} est plus ancienne que ce qui a déjà tourné ici (maintenant : {running})',
      en: 'Update {version} is older than what has run here already (now: {running})',
    },
    hint: {
      fr: 'Pour revenir à la version précédente : « update --back ». Plus loin en arrière : une mise à jour signée exprès pour cela par l’éditeur',
      en: 'To go back to the version before: "update --back". Further back: an update that the vendor has signed for it',
    },
  },
  'update-needs-intermediate': {
    message: {
      fr: 'La mise à jour {version} part de la version {minimum} au moins ; ici tourne {running}',
      en: 'Update {version} starts from version {minimum} at least; {running} runs here',
    },
    hint: {
      fr: 'Appliquez d’abord une version entre les deux',
      en: 'Apply a version in between first',
    },
  },
  'update-file-missing': {
    message: {
      fr: 'La mise à jour {version} est incomplète : {path} manque',
      en: 'Update {version} is incomplete: {path} is missing',
    },
    hint: {
      fr: 'Copiez le fichier de nouveau et comparez son empreinte. Rien n’a été changé',
      en: 'Copy the file again and compare its digest. Nothing was changed',
    },
  },
  'update-file-altered': {
    message: {
      fr: 'La mise à jour {version} a été modifiée : {path} n’est pas ce que l’éditeur a signé',
      en: 'Update {version} was changed: {path} is not what the vendor signed',
    },
    hint: {
      fr: 'Rien n’a été changé. Prenez le fichier à sa source et comparez son empreinte',
      en: 'Nothing was changed. Take the file from its source and compare its digest',
    },
  },
  'update-file-extra': {
    message: {
      fr: 'La mise à jour {version} contient un fichier que l’éditeur n’a pas signé : {path}',
      en: 'Update {version} holds a file that the vendor did not sign: {path}',
    },
    hint: {
      fr: 'Rien n’a été changé. Prenez le fichier à sa source et comparez son empreinte',
      en: 'Nothing was changed. Take the file from its source and compare its digest',
    },
  },
  'update-version-taken': {
    message: {
      fr: 'La version {version} tourne déjà ici, avec un autre contenu',
      en: 'Version {version} runs here already, with other content',
    },
    hint: {
      fr: 'Deux contenus ne portent pas le même numéro : demandez à l’éditeur une version au numéro plus haut',
      en: 'Two contents do not have one number: ask the vendor for a version with a higher one',
    },
  },
  'update-no-space': {
    message: {
      fr: 'Pas assez de place pour essayer la mise à jour : {folder} a {free} Mo libres, il en faut {needed}',
      en: 'Not enough room to try the update: {folder} has {free} MB free, {needed} are needed',
    },
    hint: {
      fr: 'Libérez de la place et relancez la même commande. Rien n’a été changé',
      en: 'Make room and run the same command again. Nothing was changed',
    },
  },
  'update-selftest-failed': {
    message: {
      fr: 'La version {version} a échoué à son essai sur une copie de l’état : {check} ({reason})',
      en: 'Version {version} failed its trial on a copy of the state: {check} ({reason})',
    },
    hint: {
      fr: 'Rien n’a été changé, la version en place continue. Corrigez la cause si elle est ici (configuration, clés), sinon transmettez ce message à l’éditeur',
      en: 'Nothing was changed, the version in place goes on. Mend the cause if it is here (settings, keys), else send this message to the vendor',
    },
  },
  'update-no-way-back': {
    message: {
      fr: 'Après {version}, la version {previous} ne pourrait plus travailler sur l’état : {check} ({reason})',
      en: 'After {version}, version {previous} could no longer work on the state: {check} ({reason})',
    },
    hint: {
      fr: 'Sans retour possible, rien n’a été changé. Appliquez d’abord la version intermédiaire que nomme l’éditeur, ou passez par le paquet, en sachant que le retour est fermé',
      en: 'Without a way back nothing was changed. Apply the version in between that the vendor names first, or use the package, knowing that there is no return',
    },
  },
  'update-died': {
    message: {
      fr: 'Le programme s’est arrêté sans rien dire ({end})',
      en: 'The program stopped without a word ({end})',
    },
    hint: { fr: 'Transmettez ce message à l’éditeur', en: 'Send this message to the vendor' },
  },
  'update-nothing-staged': {
    message: {
      fr: 'Aucune mise à jour n’attend d’être appliquée',
      en: 'No update waits to be applied',
    },
    hint: {
      fr: 'Préparez-en une : « update --file FICHIER --stage »',
      en: 'Prepare one: "update --file FILE --stage"',
    },
  },
  'update-nothing-before': {
    message: {
      fr: 'Il n’y a pas de version précédente à laquelle revenir (maintenant : {running})',
      en: 'There is no version before to go back to (now: {running})',
    },
    hint: {
      fr: 'Une version plus ancienne s’installe par son paquet, ou par une mise à jour signée exprès',
      en: 'An older version is installed by its package, or by an update signed for it',
    },
  },
  'update-rolled-back': {
    message: {
      fr: 'La mise à jour {version} n’a pas fonctionné ; la version {running} tourne de nouveau ({since})',
      en: 'Update {version} did not work; version {running} runs again ({since})',
    },
    hint: {
      fr: 'Rien n’est perdu. Transmettez le journal de ces démarrages à l’éditeur (support-bundle) ; « update --back » garde la version en place et efface cet avis, une mise à jour plus récente aussi',
      en: 'Nothing is lost. Send the log of those starts to the vendor (support-bundle); "update --back" keeps the version in place and ends this notice, and so does a newer update',
    },
  },
  'update-service-stopped': {
    message: {
      fr: 'La version {version} est en place, mais le service ne tourne pas',
      en: 'Version {version} is in place, but the service does not run',
    },
    hint: {
      fr: 'Voyez pourquoi (service status, le journal), puis démarrez-le ; au troisième démarrage manqué la version précédente reprend',
      en: 'See why (service status, the log), then start it; after three failed starts the version before takes over',
    },
  },
  'update-undecided': {
    message: {
      fr: 'La version {version} est en place et n’a pas encore dit si elle va bien',
      en: 'Version {version} is in place and has not yet said that it is well',
    },
    hint: {
      fr: 'Suivez-la par « update --status » : sans signe de santé, la version précédente reprend d’elle-même',
      en: 'Follow it with "update --status": without a sign of health the version before takes over by itself',
    },
  },
  'selftest-no-rights': {
    message: {
      fr: 'Ce compte ne peut pas faire de copie dans {folder}',
      en: 'This account cannot make a copy in {folder}',
    },
    hint: {
      fr: 'Relancez l’essai en tant que root, ou sous le compte du service',
      en: 'Run the trial as root, or under the service’s account',
    },
  },
  'purge-unsent': {
    message: {
      fr: '{count} plis n’ont pas encore été reçus par la région : ils seraient perdus',
      en: '{count} envelopes have not reached the region yet: they would be lost',
    },
    hint: {
      fr: 'Démarrez le service et attendez que « purge --check » dise 0, ou portez-les (carry export). Pour les perdre sciemment : purge --lose-unsent --yes',
      en: 'Start the service and wait until "purge --check" says 0, or carry them (carry export). To lose them knowingly: purge --lose-unsent --yes',
    },
  },
  'purge-no-state': {
    message: {
      fr: 'Le dossier d’état n’est pas connu : {config} ne se lit pas',
      en: 'The state folder is not known: {config} cannot be read',
    },
    hint: {
      fr: 'Corrigez la configuration (doctor), ou nommez-la avec --config',
      en: 'Mend the configuration (doctor), or name it with --config',
    },
  },
} as const satisfies Record<string, ErrorText>;
