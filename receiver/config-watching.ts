import { z } from 'zod';
import { isFiness } from '../shared/feeds/facility.ts';
import { dayFromIso } from '../shared/runtime/paris-time.ts';
import { expecting } from '../shared/runtime/settings.ts';

/** When exports are late, which days are quiet, and who is told that this receiver is alive. */
const day = z
  .string()
  .refine((text) => dayFromIso(text) !== undefined, expecting('un jour AAAA-MM-JJ', 'a day YYYY-MM-DD'));
const zone = z.enum(['A', 'B', 'C', 'Corse', 'Guadeloupe', 'Guyane', 'Martinique', 'Mayotte', 'Réunion']);
const graceMinutes = z.int().min(0).max(2880);
const before = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, expecting('une heure HH:MM', 'a time HH:MM'));

const period = z
  .strictObject({
    /** None: every zone. */
    zones: z.array(zone).max(9).default([]),
    from: day,
    /** Included. */
    to: day,
  })
  .superRefine(({ from, to }, context) => {
    if (from > to)
      context.addIssue({
        code: 'custom',
        path: ['to'],
        message: expecting('un jour qui ne précède pas from', 'a day not before from'),
      });
  });

const facility = z.strictObject({
  /** By when its day before must be here, Paris. */
  before: before.optional(),
  graceMinutes: graceMinutes.optional(),
  zone: zone.optional(),
  alsaceMoselle: z.boolean().optional(),
});

export const watchingSettings = z
  .strictObject({
    /** After the due time, before anybody is called late. */
    graceMinutes: graceMinutes.default(60),
    /** Good Friday and 26 December are holidays too. */
    alsaceMoselle: z.boolean().default(false),
    zone: zone.optional(),
    /** Decreed each year. */
    schoolHolidays: z.array(period).max(200).default([]),
    facilities: z
      .record(z.string(), facility)
      .superRefine((facilities, context) => {
        for (const finess of Object.keys(facilities))
          if (!isFiness(finess))
            context.addIssue({
              code: 'custom',
              path: [finess],
              message: expecting('un FINESS géographique pour clé', 'a geographic FINESS as its key'),
            });
      })
      .default({}),
    /** Asked for again and again while the watching works: its silence tells another machine that this one has died. */
    beat: z
      .strictObject({
        url: z.url({ protocol: /^https?$/ }).max(1000),
        everySeconds: z.int().min(10).max(3600).default(60),
        /** Lines "name: value", such as an authorization. */
        headersFile: z.string().min(1).max(1000).optional(),
      })
      .optional(),
  })
  .prefault({});
export type WatchingConfig = z.infer<typeof watchingSettings>;
