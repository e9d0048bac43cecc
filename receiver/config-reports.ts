import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';
import { mailAddress } from './config-alert-channels.ts';
import { reportForms } from './store/report-tables.ts';
import { refineCalendar } from './config-schedule.ts';

/** When reports are made, in which languages and forms, and who gets them. */
const calendar = z
  .strictObject({
    /** Five fields: minute, hour, day, month, day of week. Of the last whole day, week or month before it. */
    cron: z.string().max(100),
    zone: z.string().min(1).max(60).default('Europe/Paris'),
  })
  .superRefine(refineCalendar);

const addresses = z.array(mailAddress).min(1).max(20);

export const reportSettings = z
  .strictObject({
    daily: calendar.optional(),
    weekly: calendar.optional(),
    monthly: calendar.optional(),
    languages: z
      .array(z.enum(['fr', 'en']))
      .min(1)
      .max(2)
      .default(['fr']),
    formats: z.array(z.enum(reportForms)).min(1).max(3).default(['html', 'csv']),
    /** Prints PDFs; an absolute path, so that nobody else's program is found first. */
    chromium: z
      .string()
      .max(1000)
      .regex(/^(?:\/|[A-Za-z]:\\)/, expecting('un chemin absolu', 'an absolute path'))
      .optional(),
    recipients: z
      .strictObject({
        /** Of the region's report. */
        region: addresses.optional(),
        /** By FINESS, of the facility's own; `*`: of every facility. */
        facilities: z
          .record(
            z.string().regex(/^(?:\*|[0-9AB]{9})$/, expecting('un FINESS, ou *', 'a FINESS, or *')),
            addresses,
          )
          .default({}),
        /** The facility's own contacts that have an address get its report, too. */
        contacts: z.boolean().default(false),
      })
      .prefault({}),
    /** Due times that a receiver which was down makes up for: the last ones. */
    missed: z.int().min(1).max(31).default(3),
  })
  .prefault({});
export type ReportConfig = z.infer<typeof reportSettings>;

/** Reports leave through the alerts' mail server; a PDF needs its printer. */
export function checkReports(
  { reports, alerts }: { readonly reports: ReportConfig; readonly alerts: { readonly smtp?: unknown } },
  report: (path: readonly string[], expected: string) => void,
): void {
  const { recipients, formats, chromium } = reports;
  const isMailed =
    recipients.region !== undefined || recipients.contacts || Object.keys(recipients.facilities).length > 0;
  if (isMailed && alerts.smtp === undefined)
    report(
      ['alerts', 'smtp'],
      expecting('un serveur de courriel pour reports.recipients', 'a mail server for reports.recipients'),
    );
  if (formats.includes('pdf') && chromium === undefined)
    report(
      ['reports', 'chromium'],
      expecting('le chemin de Chromium, pour pdf', 'the path of Chromium, for pdf'),
    );
}
