import type { Bilingual } from './texts.ts';

/** Said before any program is there to say it. */
export const launcherTexts = {
  nothingWhole: {
    fr: 'nothing-to-run : aucune version complète sous {home}.\n→ Réinstallez le paquet : la configuration et ce qui attend d’être envoyé restent en place.',
    en: 'nothing-to-run: no complete version under {home}.\n→ Install the package again: the configuration and what waits to be sent stay where they are.',
  },
  notWell: {
    fr: 'release-not-well : la version {version} n’a pas fait signe en {seconds} s ; le programme s’arrête pour être relancé.\n→ Rien à faire : après {starts} démarrages de ce genre, la version précédente reprend.',
    en: 'release-not-well: version {version} gave no sign of health in {seconds} s; the program stops to be started again.\n→ Nothing to do: after {starts} such starts the version before it takes over.',
  },
  rolledBack: {
    fr: 'release-rolled-back : la version {version} n’a pas démarré correctement {starts} fois ; la version {previous} a repris.\n→ Rien n’est perdu. Transmettez le journal à l’éditeur avant une nouvelle mise à jour.',
    en: 'release-rolled-back: version {version} did not start well {starts} times; version {previous} runs again.\n→ Nothing is lost. Send the log to the vendor before another update.',
  },
} satisfies Record<string, Bilingual>;
