import type { ErrorText } from './texts.ts';

export const sandboxErrors = {
  'sandbox-source-missing': {
    message: {
      fr: 'Le dossier des fichiers à envoyer n’existe pas : {folder}',
      en: 'The folder of files to send does not exist: {folder}',
    },
    hint: {
      fr: 'Donnez à --source un dossier qui existe et que ce compte peut lire',
      en: 'Give --source a folder that exists and that this account can read',
    },
  },
  'sandbox-options': {
    message: {
      fr: 'Options incompatibles : {found}',
      en: 'Options that do not go together: {found}',
    },
    hint: {
      fr: '--once demande --source et --out, et ne va pas avec --agency-… ; sans --once, pas de --source',
      en: '--once needs --source and --out, and does not go with --agency-...; without --once, no --source',
    },
  },
  'sandbox-out-unwritable': {
    message: {
      fr: 'Le dossier de sortie ne peut pas être créé : {folder}',
      en: 'The output folder cannot be created: {folder}',
    },
    hint: {
      fr: 'Donnez à --out un dossier où ce compte peut écrire',
      en: 'Give --out a folder where this account can write',
    },
  },
  'sandbox-step-failed': {
    message: {
      fr: 'L’étape « {step} » de la région d’essai a échoué (code {code})',
      en: 'The step "{step}" of the sandbox region failed (exit {code})',
    },
    hint: {
      fr: 'Son journal est dans {log} ; relancez avec --keep pour le garder',
      en: 'Its log is in {log}; run again with --keep to keep it',
    },
  },
  'sandbox-not-ready': {
    message: {
      fr: 'Le récepteur d’essai n’a pas ouvert ses portes en {seconds} s',
      en: 'The sandbox receiver did not open its doors within {seconds} s',
    },
    hint: {
      fr: 'Son journal est dans {log} ; relancez avec --keep pour le garder',
      en: 'Its log is in {log}; run again with --keep to keep it',
    },
  },
  'sandbox-agency-fault': {
    message: {
      fr: 'L’agence d’essai ne sait pas être en panne ainsi : {found}',
      en: 'The sandbox agency does not know how to fail like this: {found}',
    },
    hint: {
      fr: 'Donnez à --agency-fault l’un de : {known} ; à --agency-seconds un nombre de 1 à {longest}',
      en: 'Give --agency-fault one of: {known}; give --agency-seconds a number from 1 to {longest}',
    },
  },
  'sandbox-agency-program': {
    message: {
      fr: 'L’agence d’essai a besoin de {program}, qui n’est pas installé ou ne démarre pas',
      en: 'The sandbox agency needs {program}, which is not installed or does not start',
    },
    hint: {
      fr: 'Installez le paquet {package}, ou relancez sans --agency-sftp',
      en: 'Install the package {package}, or run again without --agency-sftp',
    },
  },
} as const satisfies Record<string, ErrorText>;
