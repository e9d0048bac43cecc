import type { ErrorText } from './texts.ts';

/** Syndromic groups that cannot be set, reports that cannot be made. */
export const reportsErrors = {
  'syndromes-invalid': {
    message: {
      fr: '{file} : {count} erreur(s) dans les groupes syndromiques\n{faultsFr}',
      en: '{file}: {count} fault(s) in the syndromic groups\n{faultsEn}',
    },
    hint: {
      fr: 'Corrigez ces lignes ; rien n’a été changé. « syndrome list --json » donne une forme valide',
      en: 'Put these lines right; nothing was changed. "syndrome list --json" gives a valid form',
    },
  },
  'syndromes-unreadable': {
    message: { fr: 'Fichier illisible : {file} ({reason})', en: 'Cannot read {file} ({reason})' },
    hint: { fr: 'Vérifiez le chemin et les droits', en: 'Check the path and the rights' },
  },
  'syndromes-reason': {
    message: {
      fr: 'Un motif est nécessaire, de {most} caractères au plus',
      en: 'A reason is needed, of {most} characters at most',
    },
    hint: {
      fr: '--reason "Saison 2026-2027, avis de la cellule régionale" ; rien n’a été changé',
      en: '--reason "Season 2026-2027, as the regional unit advised"; nothing was changed',
    },
  },
  'syndromes-version-unknown': {
    message: { fr: 'Version {version} inconnue', en: 'Version {version} is unknown' },
    hint: { fr: '« syndrome history » les donne toutes', en: '"syndrome history" gives them all' },
  },
  'syndrome-unknown': {
    message: { fr: 'Groupe {id} inconnu', en: 'Group {id} is unknown' },
    hint: { fr: 'Connus : {known}', en: 'Known: {known}' },
  },
  'report-period-invalid': {
    message: { fr: 'Période illisible : {period}', en: 'No period: {period}' },
    hint: {
      fr: 'Un jour AAAA-MM-JJ, une semaine AAAA-Wnn ou un mois AAAA-MM, comme 2026-11-20, 2026-W47 ou 2026-11',
      en: 'A day YYYY-MM-DD, a week YYYY-Wnn or a month YYYY-MM, such as 2026-11-20, 2026-W47 or 2026-11',
    },
  },
  'report-period-future': {
    message: { fr: 'Cette période n’a pas commencé : {period}', en: 'This period has not begun: {period}' },
    hint: {
      fr: 'Choisissez un jour, une semaine ou un mois déjà commencés',
      en: 'Choose a day, week or month that has begun',
    },
  },
  'report-facility-unknown': {
    message: { fr: 'Établissement {facility} inconnu', en: 'Facility {facility} is unknown' },
    hint: {
      fr: '« receiver facility list » donne ceux qui sont enregistrés',
      en: '"receiver facility list" gives those that are registered',
    },
  },
  'report-chromium-missing': {
    message: {
      fr: 'Chromium ne démarre pas : {program} ({reason})',
      en: 'Chromium does not start: {program} ({reason})',
    },
    hint: {
      fr: 'Vérifiez reports.chromium ; HTML et CSV sont faits sans lui',
      en: 'Check reports.chromium; HTML and CSV are made without it',
    },
  },
  'report-chromium-slow': {
    message: {
      fr: 'Chromium n’a pas fini en {seconds} s et a été arrêté ({program})',
      en: 'Chromium had not ended after {seconds} s and was stopped ({program})',
    },
    hint: {
      fr: 'HTML et CSV sont faits ; la page HTML s’imprime aussi depuis un navigateur',
      en: 'HTML and CSV are made; the HTML page also prints from a browser',
    },
  },
  'report-chromium-failed': {
    message: {
      fr: 'Chromium n’a pas fait de PDF : {program} ({reason})',
      en: 'Chromium made no PDF: {program} ({reason})',
    },
    hint: {
      fr: 'HTML et CSV sont faits ; essayez « {program} --headless --print-to-pdf » sous le même compte',
      en: 'HTML and CSV are made; try "{program} --headless --print-to-pdf" under the same account',
    },
  },
  'report-busy': {
    message: { fr: 'Un autre rapport est en cours', en: 'Another report is being made' },
    hint: {
      fr: 'Réessayez dans une minute : les rapports se font un par un, la réception passe avant',
      en: 'Try again in a minute: reports are made one at a time, reception comes first',
    },
  },
  'report-too-many': {
    message: {
      fr: '{most} rapports ont été demandés en 24 heures : c’est le maximum',
      en: '{most} reports were asked for within 24 hours: no more are made',
    },
    hint: {
      fr: 'Cherchez celui qu’il vous faut parmi ceux qui sont conservés, ou réessayez demain',
      en: 'Look for the one you need among those that are kept, or try again tomorrow',
    },
  },
  'report-unknown': {
    message: { fr: 'Rapport {id} inconnu', en: 'Report {id} is unknown' },
    hint: {
      fr: '« report list » donne ceux qui sont conservés',
      en: '"report list" gives those that are kept',
    },
  },
  'report-folder-unwritable': {
    message: {
      fr: 'Impossible d’écrire dans {folder} ({reason})',
      en: 'Cannot write to {folder} ({reason})',
    },
    hint: { fr: 'Donnez un dossier où écrire : --to DOSSIER', en: 'Give a folder to write to: --to FOLDER' },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
