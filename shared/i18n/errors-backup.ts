import type { ErrorText } from './texts.ts';

/** Backups of the region and what restores them. */
export const backupErrors = {
  'state-unreadable': {
    message: {
      fr: 'Le compte {account} ne peut pas se servir de {path}, qui appartient au compte n° {owner} ({reason})',
      en: 'The account {account} cannot use {path}, which belongs to account no. {owner} ({reason})',
    },
    hint: {
      fr: 'Lancez la commande sous le compte du service (sudo -u vaguemestre-receiver …) ; si une commande lancée par root a laissé ce fichier, rendez-le au service : chown vaguemestre-receiver {path}',
      en: 'Run the command as the account of the service (sudo -u vaguemestre-receiver ...); if a command run by root left this file, give it back: chown vaguemestre-receiver {path}',
    },
  },
  'listener-port-taken': {
    message: {
      fr: 'Le port {port} de {host} ({listener}) est déjà pris par un autre programme',
      en: 'Port {port} of {host} ({listener}) is already taken by another program',
    },
    hint: {
      fr: 'Cherchez lequel (ss -ltnp « sport = :{port} ») : un récepteur tourne-t-il déjà ? Sinon choisissez un autre port sous « listeners » dans la configuration',
      en: 'Find which one (ss -ltnp "sport = :{port}"): is a receiver running already? If not, choose another port under "listeners" in the configuration',
    },
  },
  'withdrawals-invalid': {
    message: {
      fr: 'La liste des retraits {path} n’est pas signée par cette région',
      en: 'The list of withdrawals {path} is not signed by this region',
    },
    hint: {
      fr: 'Reprenez-la d’une autre copie des sauvegardes (--withdrawals FICHIER), ou écartez ce fichier : la région ne servira alors qu’après « confirm-restore »',
      en: 'Take it from another copy of the backups (--withdrawals FILE), or put this file aside: the region then serves only after "confirm-restore"',
    },
  },
  'withdrawals-missing': {
    message: {
      fr: 'La liste des retraits {path} ne peut pas être lue ({reason})',
      en: 'The list of withdrawals {path} cannot be read ({reason})',
    },
    hint: {
      fr: 'Vérifiez le chemin donné par --withdrawals et les droits sur ce fichier',
      en: 'Check the path given with --withdrawals, and the rights on this file',
    },
  },
  'withdrawals-unwritable': {
    message: {
      fr: 'La liste des retraits n’a pas pu être écrite dans {folder} ({reason})',
      en: 'The list of withdrawals could not be written to {folder} ({reason})',
    },
    hint: {
      fr: 'Une restauration ne saurait rien de ce qui a été retiré depuis la dernière sauvegarde : rendez ce dossier accessible en écriture au compte du service, ou faites une sauvegarde ailleurs',
      en: 'A restore would know nothing of what was withdrawn since the last backup: let the account of the service write to this folder, or make a backup elsewhere',
    },
  },
  'restored-mark-damaged': {
    message: {
      fr: 'Le fichier {path}, laissé par une restauration, est illisible',
      en: 'The file {path}, left by a restore, cannot be read',
    },
    hint: {
      fr: 'Restaurez de nouveau dans un dossier vide : sans ce fichier, ce qui a été retiré depuis la sauvegarde reviendrait',
      en: 'Restore again into an empty folder: without this file, what was withdrawn since the backup would come back',
    },
  },
  'restore-unconfirmed': {
    message: {
      fr: 'Cette région vient d’une sauvegarde du {at}, et rien ne dit ce qui a été retiré depuis',
      en: 'This region comes from a backup of {at}, and nothing says what was withdrawn since',
    },
    hint: {
      fr: 'Un agent révoqué, un compte fermé, un passage effacé depuis sont de nouveau là : relisez-les (confirm-restore), retirez ce qui doit l’être, puis confirm-restore --yes',
      en: 'An agent revoked, an account closed, a visit erased since are back: look through them (confirm-restore), withdraw what must be, then confirm-restore --yes',
    },
  },
  'restore-list-old': {
    message: {
      fr: 'Cette région vient d’une sauvegarde du {at}, et ce qu’elle a retiré n’est connu que jusqu’au {until}',
      en: 'This region comes from a backup of {at}, and what it withdrew is known only up to {until}',
    },
    hint: {
      fr: 'Cherchez une liste des retraits plus récente et restaurez avec elle (--withdrawals) ; sinon relisez qui est admis (confirm-restore), retirez ce qui doit l’être, puis confirm-restore --yes',
      en: 'Look for a later list of withdrawals and restore with it (--withdrawals); else look through who is let in (confirm-restore), withdraw what must be, then confirm-restore --yes',
    },
  },
  'restore-unsettled': {
    message: {
      fr: 'Cette région vient d’une sauvegarde du {at} et n’a pas encore servi : elle ne sait pas encore ce qu’elle avait retiré depuis',
      en: 'This region comes from a backup of {at} and has not served yet: it does not know yet what it had withdrawn since',
    },
    hint: {
      fr: 'Démarrez-la d’abord (serve) : elle refait ses retraits avant tout le reste. Avant cela, seules marchent verify, status, confirm-restore et les commandes qui retirent : agent revoke, account disable, token revoke, erase',
      en: 'Start it first (serve): it makes its withdrawals again before anything else. Until then only verify, status, confirm-restore and the commands that withdraw work: agent revoke, account disable, token revoke, erase',
    },
  },
  'restore-nothing-to-confirm': {
    message: {
      fr: 'Aucune restauration n’attend d’être confirmée',
      en: 'No restore waits to be confirmed',
    },
    hint: {
      fr: 'Rien à faire : cette région n’a pas été restaurée, ou quelqu’un l’a déjà confirmé (audit list)',
      en: 'Nothing to do: this region was not restored, or somebody has confirmed it (audit list)',
    },
  },
  'backup-running': {
    message: {
      fr: 'Une autre sauvegarde de cette région est en cours',
      en: 'Another backup of this region is running',
    },
    hint: {
      fr: 'Attendez qu’elle finisse, puis relancez si elle a échoué',
      en: 'Wait until it has ended, then run this again if it failed',
    },
  },
  'backup-folder-unwritable': {
    message: {
      fr: 'Le dossier {folder} ne peut pas recevoir de sauvegarde ({reason})',
      en: 'The folder {folder} cannot take a backup ({reason})',
    },
    hint: {
      fr: 'Donnez par --to un dossier où le compte du service a le droit d’écrire',
      en: 'Give with --to a folder that the account of the service may write to',
    },
  },
  'backup-disk-full': {
    message: {
      fr: 'Plus de place dans {to} ou dans {state}',
      en: 'No room left in {to} or in {state}',
    },
    hint: {
      fr: 'Rien n’est resté à moitié fait. Il faut la taille de la base dans chacun des deux dossiers : faites de la place, puis relancez',
      en: 'Nothing was left half done. Each of the two folders needs the size of the database: make room, then run this again',
    },
  },
  'backup-disk-failing': {
    message: {
      fr: 'Le disque de {to} ou de {state} ne lit ou n’écrit pas ce qu’il doit ({reason})',
      en: 'The disk of {to} or of {state} does not read or write what it should ({reason})',
    },
    hint: {
      fr: 'Rien n’est resté à moitié fait. Cherchez l’erreur dans le journal du système (dmesg), et les limites imposées au compte (ulimit -f)',
      en: 'Nothing was left half done. Look for the error in the log of the system (dmesg), and for limits of the account (ulimit -f)',
    },
  },
  'backup-database-damaged': {
    message: {
      fr: 'La base {path} est abîmée : rien n’a été sauvegardé, les sauvegardes précédentes restent',
      en: 'The database {path} is damaged: nothing was backed up, earlier backups stay',
    },
    hint: {
      fr: 'Arrêtez le récepteur, copiez son dossier tel quel sur un autre disque, vérifiez la dernière sauvegarde (restore --verify) et restaurez-la : les agents renvoient ce qui lui manque',
      en: 'Stop the receiver, copy its folder as it is to another disk, check the latest backup (restore --verify) and restore it: agents send again what it lacks',
    },
  },
  'backup-keys-changing': {
    message: {
      fr: 'Les clés de {folder} changent sans cesse',
      en: 'The keys in {folder} keep changing',
    },
    hint: {
      fr: 'Relancez la sauvegarde quand le changement de clés est fini',
      en: 'Run the backup again when the change of keys has ended',
    },
  },
  'backup-unreadable': {
    message: {
      fr: 'La sauvegarde {file} ne se lit pas ({reason})',
      en: 'The backup {file} cannot be read ({reason})',
    },
    hint: {
      fr: 'Vérifiez le chemin, les droits et le support ; sinon prenez une autre copie',
      en: 'Check the path, the rights and the medium; otherwise take another copy',
    },
  },
  'backup-foreign': {
    message: {
      fr: '{file} n’est pas une sauvegarde de Vaguemestre',
      en: '{file} is not a backup of Vaguemestre',
    },
    hint: {
      fr: 'Donnez un fichier .vgm-backup écrit par la commande backup',
      en: 'Give a .vgm-backup file written by the backup command',
    },
  },
  'backup-format-newer': {
    message: {
      fr: 'La sauvegarde {file} est d’une forme plus récente ({version})',
      en: 'The backup {file} is of a newer form ({version})',
    },
    hint: {
      fr: 'Installez la version de Vaguemestre qui l’a faite, ou une plus récente',
      en: 'Install the version of Vaguemestre that made it, or a newer one',
    },
  },
  'backup-truncated': {
    message: {
      fr: 'La sauvegarde {file} est coupée : sa fin manque',
      en: 'The backup {file} is cut: its end is missing',
    },
    hint: {
      fr: 'La copie n’a pas été complète : recommencez-la depuis l’original (sha256sum --check), ou prenez une autre sauvegarde',
      en: 'The copy was not complete: make it again from the original (sha256sum --check), or take another backup',
    },
  },
  'backup-altered': {
    message: {
      fr: 'La sauvegarde {file} n’est plus ce que la région a signé',
      en: 'The backup {file} is no longer what the region signed',
    },
    hint: {
      fr: 'Elle a été abîmée ou modifiée : rien n’en a été ouvert ; reprenez l’original (sha256sum --check) ou une autre sauvegarde',
      en: 'It was damaged or changed: nothing of it was opened; take the original again (sha256sum --check) or another backup',
    },
  },
  'backup-frame-altered': {
    message: {
      fr: 'Le bloc {frame} de la sauvegarde {file} n’est pas celui qui a été scellé à cette place',
      en: 'Frame {frame} of the backup {file} is not what was sealed at its place',
    },
    hint: {
      fr: 'Un bloc a été modifié ou déplacé, et le fichier signé de nouveau : quelqu’un a pu se servir de la clé des reçus ; prenez une autre sauvegarde et cherchez qui',
      en: 'A frame was changed or moved, and the file signed again: somebody may have used the key of the receipts; take another backup and find out who',
    },
  },
  'backup-wrong-key': {
    message: {
      fr: 'Cette clé n’ouvre pas la sauvegarde {file} de la région « {region} » (clé donnée {given}, clé attendue {expected})',
      en: 'This key does not open the backup {file} of region "{region}" (key given {given}, key expected {expected})',
    },
    hint: {
      fr: 'Donnez la clé de secours de cette région : recovery.key, mise à l’abri lors de sa création',
      en: 'Give the recovery key of this region: recovery.key, put away when it was created',
    },
  },
  'backup-other-region': {
    message: {
      fr: 'La sauvegarde est signée par une autre région que celle attendue (« {region} », racine {root}, attendue {expected})',
      en: 'The backup is signed by another region than expected ("{region}", root {root}, expected {expected})',
    },
    hint: {
      fr: 'Prenez une sauvegarde de votre région ; l’empreinte de sa racine a été affichée à sa création (init)',
      en: 'Take a backup of your region; the digest of its root was shown when it was created (init)',
    },
  },
  'backup-schema-newer': {
    message: {
      fr: 'La base sauvegardée vient d’une version plus récente ({product} ; forme {found}, connue : {known})',
      en: 'The database in the backup is of a newer version ({product}; form {found}, known: {known})',
    },
    hint: {
      fr: 'Installez Vaguemestre {product} ou plus récent, puis restaurez',
      en: 'Install Vaguemestre {product} or newer, then restore',
    },
  },
  'backup-content-wrong': {
    message: {
      fr: 'Le contenu de la sauvegarde ne correspond pas à sa liste ({name})',
      en: 'The content of the backup is not what its list says ({name})',
    },
    hint: {
      fr: 'Rien n’a été restauré ; prenez une autre sauvegarde et signalez celle-ci à votre support',
      en: 'Nothing was restored; take another backup and report this one to your support',
    },
  },
  'recovery-key-missing': {
    message: {
      fr: 'La clé de secours {path} ne se lit pas ({reason})',
      en: 'The recovery key {path} cannot be read ({reason})',
    },
    hint: {
      fr: 'Branchez le support hors ligne de la région et donnez le chemin de recovery.key ; si root seul peut la lire : --recovery-key - < CHEMIN',
      en: 'Plug in the offline medium of the region and give the path of recovery.key; if only root may read it: --recovery-key - < PATH',
    },
  },
  'recovery-key-malformed': {
    message: {
      fr: '{path} n’est pas une clé privée lisible',
      en: '{path} is not a readable private key',
    },
    hint: {
      fr: 'Donnez recovery.key (PEM), non recovery.pem ; sinon prenez la seconde copie de la clé',
      en: 'Give recovery.key (PEM), not recovery.pem; otherwise take the second copy of the key',
    },
  },
  'restore-target-missing': {
    message: {
      fr: 'Où restaurer n’est pas dit',
      en: 'Where to restore is not said',
    },
    hint: {
      fr: 'Ajoutez --to DOSSIER (dossier de données, vide), ou --verify pour seulement essayer la sauvegarde',
      en: 'Add --to FOLDER (data folder, empty), or --verify only to try the backup',
    },
  },
  'restore-work-missing': {
    message: {
      fr: 'Aucun dossier de travail : la configuration ne se lit pas',
      en: 'No working folder: the configuration cannot be read',
    },
    hint: {
      fr: 'Donnez par --work un dossier d’un disque où des données de patients peuvent se trouver ; il est vidé à la fin',
      en: 'Give with --work a folder on a disk that may hold patient data; it is emptied at the end',
    },
  },
  'restore-folder-not-empty': {
    message: {
      fr: 'Le dossier {folder} n’est pas vide : rien n’y a été écrit',
      en: 'The folder {folder} is not empty: nothing was written to it',
    },
    hint: {
      fr: 'Arrêtez le récepteur et mettez de côté ce qui s’y trouve (mv {folder} {folder}.avant), ou donnez un autre dossier',
      en: 'Stop the receiver and put aside what is there (mv {folder} {folder}.before), or give another folder',
    },
  },
  'restore-folder-unwritable': {
    message: {
      fr: 'Rien ne peut être restauré dans {folder} ({reason})',
      en: 'Nothing can be restored to {folder} ({reason})',
    },
    hint: {
      fr: 'Donnez un dossier où le compte qui restaure a le droit d’écrire ; root le crée ainsi : install -d -m 700 -o vaguemestre-receiver {folder}',
      en: 'Give a folder that the account which restores may write to; root makes it so: install -d -m 700 -o vaguemestre-receiver {folder}',
    },
  },
  'restore-running': {
    message: {
      fr: 'Une autre restauration est en cours dans {place}',
      en: 'Another restore is running in {place}',
    },
    hint: {
      fr: 'Attendez qu’elle finisse',
      en: 'Wait until it has ended',
    },
  },
  'restore-database-damaged': {
    message: {
      fr: 'La base de données contenue dans {file} est abîmée',
      en: 'The database inside {file} is damaged',
    },
    hint: {
      fr: 'Rien n’a été restauré ; prenez une autre sauvegarde, les agents renvoient ce qui lui manque',
      en: 'Nothing was restored; take another backup, agents send again what it lacks',
    },
  },
} as const satisfies Record<string, ErrorText>;
