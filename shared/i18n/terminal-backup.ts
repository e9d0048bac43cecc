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
  restoreNext: {
    fr: `Ensuite :
1. receiver.yaml : remettez-le depuis {folder}/settings, ainsi que les fichiers qu’il nomme, et vérifiez « state »
2. vaguemestre-receiver verify
3. vaguemestre-receiver serve (ou : systemctl start vaguemestre-receiver)
4. Remettez la clé de secours hors ligne

Les agents renvoient d’eux-mêmes ce qui manque depuis cette sauvegarde ; les agences peuvent recevoir une seconde fois, à jour, ce
qu’elles avaient. À refaire à la main depuis {at} : révocations et invitations d’agents, agents renouvelés que la région ne
reconnaît plus (agent invite --agent ID), établissements, comptes, décisions, contacts et notes.`,
    en: `Next:
1. receiver.yaml: put it back from {folder}/settings, with the files it names, and check "state"
2. vaguemestre-receiver verify
3. vaguemestre-receiver serve (or: systemctl start vaguemestre-receiver)
4. Take the recovery key offline again

Agents send what is missing since this backup without being asked; agencies may get again, up to date, what they had. To be done
again by hand since {at}: revocations and invitations of agents, renewed agents that the region no longer knows (agent invite
--agent ID), facilities, accounts, decisions, contacts and notes.`,
  },
} as const satisfies Record<string, Bilingual>;
