import type { Bilingual } from './texts.ts';

/** What `backup` and `restore` print. */
export const terminalBackup = {
  backupMade: {
    fr: 'Sauvegarde : {file} ({size})\nSHA-256 {sha256} (aussi dans {file}.sha256)',
    en: 'Backup: {file} ({size})\nSHA-256 {sha256} (also in {file}.sha256)',
  },
  backupOnly: {
    fr: 'Seule la clé de secours de la région l’ouvre. Gardez-en une copie ailleurs, et essayez-la : restore --verify',
    en: 'Only the recovery key of the region opens it. Keep a copy elsewhere, and try it: restore --verify',
  },
  backupRemoved: { fr: 'Anciennes sauvegardes effacées : {count}', en: 'Older backups removed: {count}' },
  backupLeftOut: {
    fr: '! Nommé dans la configuration, et absent de la sauvegarde : {path}',
    en: '! Named in the configuration, and not in the backup: {path}',
  },
  restoreOf: {
    fr: 'Sauvegarde de « {region} » du {at}, par la version {product} ; racine {root}',
    en: 'Backup of "{region}" of {at}, by version {product}; root {root}',
  },
  restoreRootAsked: {
    fr: 'Comparez la racine avec celle que la région connaît (init l’a affichée), ou donnez-la : --root',
    en: 'Compare the root with what the region knows (init showed it), or give it: --root',
  },
  restoreFiles: {
    fr: '{count} fichiers, {size} : complets, conformes à leurs empreintes ; base intacte',
    en: '{count} files, {size}: complete, as their digests say; database whole',
  },
  restoreTried: {
    fr: 'Cette sauvegarde peut être restaurée ; rien n’en est resté ici',
    en: 'This backup can be restored; nothing of it was left here',
  },
  restoreTriedBad: {
    fr: 'Cette sauvegarde peut être restaurée, mais ses registres ont des défauts (ci-dessus)',
    en: 'This backup can be restored, but its ledgers have faults (above)',
  },
  restored: { fr: 'Région restaurée dans {folder}', en: 'Region restored to {folder}' },
  restoreKnown: {
    fr: 'Ce que la région a retiré depuis est connu jusqu’au {made} : agents révoqués, comptes fermés, passages effacés le seront de nouveau au premier démarrage',
    en: 'What the region withdrew since is known up to {made}: agents revoked, accounts closed, visits erased will be so again at the first start',
  },
  restoreUnknown: {
    fr: '! Aucune liste des retraits à côté de cette sauvegarde : ce que la région a retiré depuis le {at} (agents révoqués, comptes fermés, passages effacés) est de nouveau là. Elle ne servira qu’après « confirm-restore »',
    en: '! No list of withdrawals beside this backup: what the region withdrew since {at} (agents revoked, accounts closed, visits erased) is back. It serves only after "confirm-restore"',
  },
  restoreStale: {
    fr: '! La liste des retraits, du {made}, est plus ancienne que la sauvegarde : ce que la région a retiré depuis le {at} est de nouveau là. Elle ne servira qu’après « confirm-restore »',
    en: '! The list of withdrawals, of {made}, is older than the backup: what the region withdrew since {at} is back. It serves only after "confirm-restore"',
  },
  restoreOld: {
    fr: '! La liste des retraits est du {made} : ce que la région a retiré depuis est de nouveau là. Elle ne servira qu’après « confirm-restore »',
    en: '! The list of withdrawals is of {made}: what the region withdrew since is back. It serves only after "confirm-restore"',
  },
  letInNow: {
    fr: 'Sauvegarde du {at}, restaurée le {restored}. Sont admis maintenant :',
    en: 'Backup of {at}, restored {restored}. Let in now:',
  },
  letInAgent: { fr: '  agent {id}  {name}  {facilities}', en: '  agent {id}  {name}  {facilities}' },
  letInAccount: { fr: '  compte {login}  {name}', en: '  account {login}  {name}' },
  letInToken: { fr: '  jeton {id}  {name}', en: '  token {id}  {name}' },
  letInNext: {
    fr: 'Révoquez ce qui ne doit plus entrer (agent revoke, account disable), refaites les effacements demandés depuis (erase), puis : confirm-restore --yes',
    en: 'Revoke what must not come in (agent revoke, account disable), repeat the erasures asked for since (erase), then: confirm-restore --yes',
  },
  restoreConfirmed: {
    fr: 'Confirmé : la région sert, et n’en parle plus',
    en: 'Confirmed: the region serves, and says no more of it',
  },
  statusRestored: {
    fr: 'Région restaurée le {restored} depuis la sauvegarde du {at} : {withdrawn} retraits et {erased} effacements refaits, {lost} clés perdues ; retraits connus jusqu’au {until}. Relisez qui est admis : confirm-restore',
    en: 'Region restored {restored} from the backup of {at}: {withdrawn} withdrawals and {erased} erasures made again, {lost} keys lost; withdrawals known up to {until}. Look through who is let in: confirm-restore',
  },
  statusRestoredUnserved: {
    fr: 'Région restaurée le {restored} depuis la sauvegarde du {at}, pas encore servie ; retraits connus jusqu’au {until}',
    en: 'Region restored {restored} from the backup of {at}, not served yet; withdrawals known up to {until}',
  },
  withdrawalsUnwritten: {
    fr: '! La liste des retraits n’a pas pu être écrite à côté des sauvegardes ({message}) : une restauration n’en saurait rien',
    en: '! The list of withdrawals could not be written beside the backups ({message}): a restore would not know of this',
  },
  restoreNext: {
    fr: `Ensuite :
1. receiver.yaml : remettez-le depuis {folder}/settings, ainsi que les fichiers qu’il nomme, et vérifiez « state »
2. vaguemestre-receiver verify
3. vaguemestre-receiver serve (ou : systemctl start vaguemestre-receiver)
4. Remettez la clé de secours hors ligne

Les agents renvoient d’eux-mêmes ce qui manque depuis cette sauvegarde ; les agences peuvent recevoir une seconde fois, à jour, ce
qu’elles avaient. Sessions et invitations ouvertes sont closes au premier démarrage. À refaire à la main depuis {at} : invitations
d’agents, agents renouvelés que la région ne reconnaît plus (agent
invite --agent ID), établissements, comptes, décisions, contacts et notes. Relisez qui est admis : vaguemestre-receiver
confirm-restore`,
    en: `Next:
1. receiver.yaml: put it back from {folder}/settings, with the files it names, and check "state"
2. vaguemestre-receiver verify
3. vaguemestre-receiver serve (or: systemctl start vaguemestre-receiver)
4. Take the recovery key offline again

Agents send what is missing since this backup without being asked; agencies may get again, up to date, what they had. Open
sessions and invitations are closed at the first start. To be done again by hand since {at}: invitations of agents, renewed agents that the region no longer knows (agent invite --agent ID),
facilities, accounts, decisions, contacts and notes. Look through who is let in: vaguemestre-receiver confirm-restore`,
  },
} as const satisfies Record<string, Bilingual>;
