import { resolve } from 'node:path';
import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';

/**
 * How long each kind of data is kept, and when what is past its time goes. Envelopes, dispatches and extractions are always
 * purged; everything else only where the section `retention` is written, for nobody should find their records gone by surprise.
 */
const term = (unit: TermUnit, least: number, usual: number, most: number) =>
  ({ unit, least, usual, most }) as const;
type TermUnit = 'days' | 'months';

/** What is kept for a time, each under its setting. */
export const retentionTerms = {
  /** Twelve months of comparison, and calendars that send since January, want the year before whole. */
  records: term('months', 13, 24, 120),
  /** What a record was before it changed or left. */
  history: term('days', 1, 365, 3650),
  /** Sealed contents of settled envelopes; their ledger rows stay. */
  envelopes: term('days', 1, 30, 3650),
  /** Contents of dispatches that are settled; their rows stay. */
  dispatches: term('days', 1, 90, 3650),
  /** Records of exports that never became complete, or wait for a person or a registration. */
  staged: term('days', 7, 90, 730),
  reports: term('months', 1, 24, 120),
  /** Files of `extractionFolder`; of the state folder where none is named. */
  extractions: term('days', 1, 30, 365),
  audit: term('months', 6, 12, 36),
  /** Files of `backupFolder`; the latest one is always kept. */
  backups: term('days', 2, 30, 365),
} as const;
export type RetentionClass = keyof typeof retentionTerms;

export const retentionClasses: readonly RetentionClass[] = [
  ...(['records', 'history', 'envelopes', 'dispatches', 'staged'] as const),
  ...(['reports', 'extractions', 'audit', 'backups'] as const),
];

/** What is purged even where nobody wrote a section `retention`: copies that this program made by itself. */
export const alwaysPurged: readonly RetentionClass[] = ['envelopes', 'dispatches', 'extractions'];

const length = ({ least, usual, most }: (typeof retentionTerms)[RetentionClass]) =>
  z.int().min(least).max(most).default(usual);

const section = z.strictObject({
  recordMonths: length(retentionTerms.records),
  historyDays: length(retentionTerms.history),
  envelopeDays: length(retentionTerms.envelopes),
  dispatchDays: length(retentionTerms.dispatches),
  stagedDays: length(retentionTerms.staged),
  reportMonths: length(retentionTerms.reports),
  extractionDays: length(retentionTerms.extractions),
  auditMonths: length(retentionTerms.audit),
  backupDays: length(retentionTerms.backups),
  extractionFolder: z.string().min(1).optional(),
  backupFolder: z.string().min(1).optional(),
  /** When the nightly purge may begin, Paris. */
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, expecting('une heure HH:MM', 'a time HH:MM'))
    .default('03:10'),
});

export const retentionSettings = (base: string) =>
  section.optional().transform((given) => {
    const { extractionFolder, backupFolder, ...terms } = given ?? section.parse({});
    return {
      ...terms,
      ...(extractionFolder === undefined ? {} : { extractionFolder: resolve(base, extractionFolder) }),
      ...(backupFolder === undefined ? {} : { backupFolder: resolve(base, backupFolder) }),
      /** Whether the section is there: everything is purged, by itself. */
      inForce: given !== undefined,
    };
  });
export type RetentionConfig = z.output<ReturnType<typeof retentionSettings>>;

/** The length in force of a class. */
export function termOf(
  config: RetentionConfig,
  name: RetentionClass,
): { readonly count: number; readonly unit: TermUnit; readonly setting: string } {
  const setting = settingOf[name];
  return { count: config[setting], unit: retentionTerms[name].unit, setting };
}

const settingOf = {
  records: 'recordMonths',
  history: 'historyDays',
  envelopes: 'envelopeDays',
  dispatches: 'dispatchDays',
  staged: 'stagedDays',
  reports: 'reportMonths',
  extractions: 'extractionDays',
  audit: 'auditMonths',
  backups: 'backupDays',
} as const satisfies Readonly<Record<RetentionClass, keyof RetentionConfig>>;
