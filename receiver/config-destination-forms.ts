import { z } from 'zod';
import { dayFromIso } from '../shared/runtime/paris-time.ts';
import { expecting } from '../shared/runtime/settings.ts';
import { encodings } from './forward/formats/encoding.ts';
import { nameFaults } from './forward/formats/naming.ts';

/** What leaves for a destination, in which form and under which name. What goes with what: config-destination-checks.ts. */
export const destinationName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    expecting(
      'minuscules, chiffres et tirets, 40 au plus',
      'lower-case letters, digits and dashes, at most 40',
    ),
  );

const isoDay = z
  .string()
  .refine(
    (text) => dayFromIso(text) !== undefined,
    expecting('un jour du calendrier, AAAA-MM-JJ', 'a day of the calendar, YYYY-MM-DD'),
  );

const tag = z.string().min(1).max(100);

/** Which fields leave, in order, and in which form. */
export const profile = z.discriminatedUnion('kind', [
  /** Every item the feed's national form carries. */
  z.strictObject({ kind: z.literal('all') }),
  /** Every item of the national ED visit summary. */
  z.strictObject({ kind: z.literal('oscour') }),
  /** No town, geographic code for postcode, age at the visit for birth date. The file: `postcode;code`, one a line. */
  z.strictObject({ kind: z.literal('atih'), geographicCodesFile: z.string().min(1) }),
  /** These national tags only, in this order. */
  z.strictObject({ kind: z.literal('allow'), items: z.array(tag).min(1).max(100) }),
]);
export type ProfileConfig = z.infer<typeof profile>;

export const format = z.preprocess(
  (found) => (typeof found === 'string' ? { name: found } : found),
  z.strictObject({
    name: z.string().min(1),
    /** The latest one unless said. */
    version: z.string().min(1).optional(),
    encoding: z.enum(encodings).default('utf-8'),
    /** The format's own unless said: crlf for csv, lf for the others. */
    lineEnds: z.enum(['lf', 'crlf']).optional(),
    /** The order of the items, or of some of them; the profile's own unless said. */
    order: z.array(tag).min(1).max(100).optional(),
    /** Another version from a day (of Paris) on, after it ran beside this one in `doubleRun`, a destination of the same feed. */
    next: z.strictObject({ version: z.string().min(1), from: isoDay, doubleRun: destinationName }).optional(),
  }),
);
export type FormatConfig = z.infer<typeof format>;

export const packaging = z
  .strictObject({
    /** May use {facility}, {extract} (yyyyMMddHHmmss), {from}, {to} (yyyyMMdd); the format's own unless said. */
    name: z
      .string()
      .min(1)
      .max(250)
      .superRefine((pattern, context) => {
        for (const { fr, en } of nameFaults(pattern))
          context.addIssue({ code: 'custom', message: expecting(fr, en) });
      })
      .optional(),
    /** Only a single larger day goes beyond. */
    maxRecords: z.int().min(1).max(1_000_000).default(5000),
    zip: z.boolean().default(false),
  })
  .prefault({});
export type PackagingConfig = z.infer<typeof packaging>;
