import type { Bilingual } from './texts.ts';

export const shadowHelp = {
  shadow: {
    fr: 'compare jour par jour ce que l’ancien script a envoyé (dossier de RPU nationaux) avec ce que l’agent enverrait ; n’envoie rien',
    en: 'compare, day by day, what the old script sent (a folder of national RPU files) with what the agent would send; sends nothing',
  },
  source: {
    fr: 'source à comparer, quand il y en a plusieurs',
    en: 'source to compare, when there are several',
  },
  from: { fr: 'premier jour, AAAA-MM-JJ', en: 'first day, YYYY-MM-DD' },
  to: { fr: 'dernier jour, AAAA-MM-JJ', en: 'last day, YYYY-MM-DD' },
  enough: {
    fr: 'tant de jours de suite aussi bons ou meilleurs suffisent pour basculer',
    en: 'so many days in a row, the same or better, are enough to switch',
  },
} as const satisfies Record<string, Bilingual>;

export const shadowTexts = {
  readingOld: { fr: 'Ancien script : fichier {done} sur {files}', en: 'Old script: file {done} of {files}' },
  readingOurs: { fr: 'Agent : fichier {done} sur {files}', en: 'Agent: file {done} of {files}' },
  side: {
    fr: '{side} : {files} fichier(s), {visits} passage(s) lus',
    en: '{side}: {files} file(s), {visits} visit(s) read',
  },
  day: { fr: 'Jour', en: 'Day' },
  old: { fr: 'Ancien', en: 'Old' },
  ours: { fr: 'Agent', en: 'Agent' },
  onlyOld: { fr: 'Ancien seul', en: 'Only old' },
  onlyOurs: { fr: 'Agent seul', en: 'Only agent' },
  differing: { fr: 'Différents', en: 'Different' },
  verdict: { fr: 'Verdict', en: 'Verdict' },
  open: { fr: 'jour pas encore clos', en: 'day not over yet' },
  lineOld: {
    fr: '{day} : passage absent chez l’agent : {file}, ligne {line} (fichier de l’ancien script)',
    en: '{day}: visit missing at the agent: {file}, line {line} (file of the old script)',
  },
  lineDiffering: {
    fr: '{day} : passage différent : {file}, ligne {line} (fichier de la source)',
    en: '{day}: different visit: {file}, line {line} (file of the source)',
  },
  canSwitch: {
    fr: 'Vous pouvez basculer : {good} jour(s) de suite aussi bons ou meilleurs (il en faut {enough}).',
    en: 'You can switch: {good} day(s) in a row the same or better ({enough} are needed).',
  },
  cannotSwitch: {
    fr: 'Pas encore : {good} jour(s) de suite aussi bons ou meilleurs, il en faut {enough}.',
    en: 'Not yet: {good} day(s) in a row the same or better, {enough} are needed.',
  },
} as const satisfies Record<string, Bilingual>;

export const verdictTexts = {
  same: { fr: 'identique', en: 'same' },
  more: { fr: 'l’agent en a plus', en: 'the agent has more' },
  less: { fr: 'il en manque chez l’agent', en: 'the agent lacks some' },
  differs: { fr: 'différent', en: 'differs' },
} as const satisfies Record<string, Bilingual>;

/** What is odd about a file's header. */
export const oddityTexts = {
  'extract-missing': { fr: 'EXTRACT absent ou illisible', en: 'EXTRACT missing or unreadable' },
  'window-missing': {
    fr: 'DATEDEBUT ou DATEFIN absent ou illisible',
    en: 'DATEDEBUT or DATEFIN missing or unreadable',
  },
  'outside-window': { fr: 'passages hors de DATEDEBUT–DATEFIN', en: 'visits outside DATEDEBUT–DATEFIN' },
  'window-after-extract': { fr: 'DATEFIN après EXTRACT', en: 'DATEFIN after EXTRACT' },
  'rejected-records': {
    fr: 'passages sans heure d’entrée lisible',
    en: 'visits without a readable entry time',
  },
} as const satisfies Record<string, Bilingual>;
