import type { ErrorText } from './texts.ts';

/** Errors of first configuration, the service, support bundle, shadow. */
export const setupErrors = {
  'service-needs-root': {
    message: {
      fr: "Installer, retirer ou piloter le service demande les droits d'administration",
      en: 'Installing, removing or steering the service needs administration rights',
    },
    hint: {
      fr: 'Relancez la commande avec sudo ; « --dry-run » montre ce qui serait fait, sans droits',
      en: 'Run the command again with sudo; "--dry-run" shows what would be done, without rights',
    },
  },
  'service-no-systemd': {
    message: { fr: 'Cette machine ne tourne pas sous systemd', en: 'This machine does not run systemd' },
    hint: {
      fr: 'Lancez « agent run » par le gestionnaire de services de la machine, ou « service install --root DOSSIER » pour obtenir les fichiers',
      en: 'Start "agent run" by this machine\'s own service manager, or use "service install --root FOLDER" for the files',
    },
  },
  'service-platform': {
    message: {
      fr: 'Le service ne peut pas être installé ici pour « {found} »',
      en: 'The service cannot be installed here for "{found}"',
    },
    hint: {
      fr: '« --platform » vaut linux ou windows ; pour un autre système que celui-ci, ajoutez « --dry-run »',
      en: '"--platform" is linux or windows; for another system than this one, add "--dry-run"',
    },
  },
  'service-name': {
    message: {
      fr: '« {name} » ne peut pas être un nom de service ou de compte',
      en: '"{name}" cannot be the name of a service or an account',
    },
    hint: {
      fr: 'Lettres minuscules, chiffres et tirets, 31 au plus, en commençant par une lettre',
      en: 'Lower-case letters, digits and dashes, at most 31, starting with a letter',
    },
  },
  'service-step-failed': {
    message: { fr: 'Échec de : {step} ({reason})', en: 'Failed: {step} ({reason})' },
    hint: {
      fr: 'Corrigez la cause, puis relancez la même commande : ce qui est déjà fait ne sera pas refait',
      en: 'Mend the cause, then run the same command again: what is done already is not done twice',
    },
  },
  'completion-shell': {
    message: { fr: 'Pas de complétion pour « {shell} »', en: 'No completion for "{shell}"' },
    hint: { fr: 'Choisissez bash ou zsh', en: 'Choose bash or zsh' },
  },
  'completion-program': {
    message: {
      fr: '« {program} » ne peut pas être un nom de programme',
      en: '"{program}" cannot be the name of a program',
    },
    hint: {
      fr: 'Lettres, chiffres, points, tirets ; sans chemin',
      en: 'Letters, digits, dots, dashes; without a path',
    },
  },
} as const satisfies Record<string, ErrorText>;
