import type { Bilingual } from './texts.ts';

/** What `extract` prints. */
export const extractionTerminal = {
  asked: {
    fr: 'Extraction {id} demandée : {parts} parts, {columns} colonnes. « extract get {id} --to DOSSIER » quand elle est prête',
    en: 'Extraction {id} asked for: {parts} parts, {columns} columns. "extract get {id} --to FOLDER" once it is ready',
  },
  got: { fr: '{rows} lignes, {hidden} nombres masqués :', en: '{rows} rows, {hidden} hidden numbers:' },
  listNone: { fr: 'Aucune extraction', en: 'No extraction' },
  listLine: {
    fr: '{id}  {state}  {from} – {to}  {kind}, {form}  {person}, le {at}{more}',
    en: '{id}  {state}  {from} – {to}  {kind}, {form}  {person}, {at}{more}',
  },
  progress: { fr: ' : {done} sur {parts}', en: ': {done} of {parts}' },
  until: { fr: ' : {rows} lignes, jusqu’au {at}', en: ': {rows} rows, until {at}' },
  purpose: { fr: '  pour : {purpose}', en: '  for: {purpose}' },
  digest: { fr: '  {bytes} octets, SHA-256 {sha256}', en: '  {bytes} bytes, SHA-256 {sha256}' },
  note: { fr: '  - {note}', en: '  - {note}' },
  cancelled: { fr: 'Extraction {id} annulée', en: 'Extraction {id} cancelled' },
  made: { fr: '{count} extractions faites', en: '{count} extractions made' },
  failed: { fr: '{count} n’ont pas pu l’être', en: '{count} could not be' },
  fields: { fr: 'Colonnes des lignes (--fields) :', en: 'Columns of rows (--fields):' },
  splits: { fr: 'Comptages (--split) :', en: 'Counts (--split):' },
  name: { fr: '  {name}  {title}', en: '  {name}  {title}' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const extractionStateNames = {
  waiting: { fr: 'en attente', en: 'waiting' },
  running: { fr: 'en cours', en: 'being made' },
  ready: { fr: 'prête', en: 'ready' },
  failed: { fr: 'échouée', en: 'failed' },
  cancelled: { fr: 'annulée', en: 'cancelled' },
  expired: { fr: 'expirée', en: 'expired' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const extractionKindNames = {
  rows: { fr: 'lignes', en: 'rows' },
  aggregates: { fr: 'comptages', en: 'counts' },
} as const satisfies Readonly<Record<string, Bilingual>>;
