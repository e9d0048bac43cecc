import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';

/** The quality scorecards: targets, and when hospitals are sent theirs. */
const percent = z.number().min(0).max(100);

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

export const qualitySettings = z
  .strictObject({
    /** Percent of the records an item is due of. */
    target: percent.default(80),
    /** By tag, where another target holds; what is named here is added to DP's 95. */
    targets: z.record(z.string().regex(/^[A-Z_]{2,20}$/), percent).default({}),
    /** Each week's scorecard, by mail: sent to those who are named, of the week that ended on Sunday. */
    mail: z
      .strictObject({
        weekday: z.enum(weekdays).default('monday'),
        /** Local time of Paris. */
        at: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/, expecting('une heure, comme 09:00', 'a time, such as 09:00'))
          .default('09:00'),
        /** Addresses by FINESS; `*`: of every facility. */
        recipients: z
          .record(
            z.string().regex(/^(?:\*|[0-9AB]{9})$/, expecting('un FINESS, ou *', 'a FINESS, or *')),
            z.array(z.email().max(254)).min(1).max(20),
          )
          .default({}),
        language: z.enum(['fr', 'en']).default('fr'),
      })
      .optional(),
  })
  .prefault({});
export type QualityConfig = z.infer<typeof qualitySettings>;

/** Messages leave through the alerts' mail server, from where the pages are made. */
export function checkQuality(
  {
    quality,
    alerts,
    portal,
  }: {
    readonly quality: QualityConfig;
    readonly alerts: { readonly smtp?: unknown };
    readonly portal?: unknown;
  },
  report: (path: readonly string[], expected: string) => void,
): void {
  if (quality.mail === undefined) return;
  if (alerts.smtp === undefined)
    report(
      ['alerts', 'smtp'],
      expecting('un serveur de courriel pour quality.mail', 'a mail server for quality.mail'),
    );
  if (portal === undefined)
    report(
      ['portal'],
      expecting('la section portal, pour quality.mail', 'the section portal, for quality.mail'),
    );
}

const diagnosis = { DP: 95 } as const;

/** The share (0 to 1) that an item should reach. */
export function targetOf(
  { target, targets }: Pick<QualityConfig, 'target' | 'targets'>,
  tag: string,
): number {
  return ({ ...diagnosis, ...targets }[tag] ?? target) / 100;
}
