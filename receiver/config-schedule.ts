import { z } from 'zod';
import { dayFromIso } from '../shared/runtime/paris-time.ts';
import { expecting } from '../shared/runtime/settings.ts';
import { calendarFault, type CalendarFault, type CalendarSettings } from './forward/calendar/cron.ts';

/** When dispatches are composed for a destination, and when it is told what it should have. */
const day = z
  .string()
  .refine((text) => dayFromIso(text) !== undefined, expecting('un jour AAAA-MM-JJ', 'a day YYYY-MM-DD'));

const hourMinute = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, expecting('une heure HH:MM', 'a time HH:MM'));

const wanted: Readonly<Record<CalendarFault, { readonly key: 'cron' | 'zone'; readonly text: string }>> = {
  unreadable: {
    key: 'cron',
    text: expecting(
      'cinq champs : minute, heure, jour, mois, jour de semaine ("30 4 * * 1" : le lundi à 04:30)',
      'five fields: minute, hour, day, month, day of week ("30 4 * * 1": Mondays at 04:30)',
    ),
  },
  'zone-unknown': {
    key: 'zone',
    text: expecting('un fuseau horaire, comme Europe/Paris', 'a time zone, such as Europe/Paris'),
  },
  never: {
    key: 'cron',
    text: expecting('une date qui existe', 'a date that exists'),
  },
  'too-often': {
    key: 'cron',
    text: expecting('au moins cinq minutes entre deux envois', 'at least five minutes between two sendings'),
  },
  'clock-change': {
    key: 'cron',
    text: expecting(
      'une heure en dehors de celle qui manque ou revient au changement d’heure (à Paris, de 02:00 à 02:59)',
      'an hour other than the one that is missing or comes twice at a clock change (in Paris, 02:00 to 02:59)',
    ),
  },
};

/** Tells what a calendar cannot be, where it stands. */
export function refineCalendar(
  settings: CalendarSettings,
  context: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  const fault = calendarFault(settings);
  if (fault === undefined) return;
  const { key, text } = wanted[fault];
  context.addIssue({ code: 'custom', path: [key], message: text });
}

const calendar = z
  .strictObject({
    kind: z.literal('calendar'),
    /** Five fields: minute, hour, day, month, day of week. */
    cron: z.string().max(100),
    zone: z.string().min(1).max(60).default('Europe/Paris'),
    /** The last days up to yesterday, or every day since the first of January or a date. */
    window: z
      .union(
        [
          z.strictObject({ days: z.int().min(1).max(400) }),
          z.strictObject({ since: z.union([z.literal('year'), day]) }),
        ],
        expecting(
          '{ days: 1 à 400 }, { since: year } ou { since: AAAA-MM-JJ }',
          '{ days: 1 to 400 }, { since: year } or { since: YYYY-MM-DD }',
        ),
      )
      .default({ days: 7 }),
  })
  .superRefine(refineCalendar);

export const schedule = z
  .discriminatedUnion('kind', [
    /** Dispatched with each change. */
    z.strictObject({ kind: z.literal('at-once') }),
    /** The whole window of days, each time the calendar says so. */
    calendar,
  ])
  .prefault({ kind: 'at-once' });

/** Manifests are brought where files are brought; elsewhere an agency fetches them, or takes nothing but data. */
export function checkManifest(
  {
    manifest,
    transport,
  }: { readonly manifest: { readonly deliver: boolean }; readonly transport: { readonly kind: string } },
  report: (path: readonly string[], expected: string) => void,
): void {
  if (manifest.deliver && (transport.kind === 'pull' || transport.kind === 'submission'))
    report(
      ['manifest', 'deliver'],
      expecting(`false avec le transport ${transport.kind}`, `false with the transport ${transport.kind}`),
    );
}

export const manifestSettings = z
  .strictObject({
    /** Delivered with the files, too. */
    deliver: z.boolean().default(false),
    /** Paris. What came later is said to be late. */
    cutOff: hourMinute.default('04:00'),
  })
  .prefault({});
