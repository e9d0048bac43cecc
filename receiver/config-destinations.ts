import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';
import { protection, transport } from './config-transports.ts';

/**
 * What a region says of one destination. Everything an agency may ask for is a setting here; nothing of it is code.
 * Keys that end in `File`, and folders on this machine, are paths from the configuration file's own folder.
 */
export const destinationName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    expecting(
      'minuscules, chiffres et tirets, 40 au plus',
      'lower-case letters, digits and dashes, at most 40',
    ),
  );

const finess = z.string().regex(/^[0-9AB]{9}$/i, expecting('un FINESS de 9 caractères', 'a FINESS of 9'));
const isoDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, expecting('un jour AAAA-MM-JJ', 'a day YYYY-MM-DD'));
const hourMinute = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, expecting('une heure HH:MM', 'a time HH:MM'));

/** Which fields leave, and in which form. */
const profile = z.discriminatedUnion('kind', [
  /** Every item the feed's format can carry. */
  z.strictObject({ kind: z.literal('all') }),
  /** Every item of the national ED visit summary. */
  z.strictObject({ kind: z.literal('oscour') }),
  /** No town, geographic code for postcode, age at the visit for birth date. */
  z.strictObject({ kind: z.literal('atih'), geographicCodesFile: z.string().min(1) }),
  /** These national tags only. */
  z.strictObject({ kind: z.literal('allow'), items: z.array(z.string().min(1)).min(1).max(100) }),
]);

const format = z.preprocess(
  (found) => (typeof found === 'string' ? { name: found } : found),
  z.strictObject({
    name: z.string().min(1),
    /** The latest one unless said. */
    version: z.string().min(1).optional(),
    encoding: z.enum(['utf-8', 'iso-8859-1', 'iso-8859-15', 'windows-1252']).default('utf-8'),
    lineEnds: z.enum(['lf', 'crlf']).default('lf'),
    /** The order of the items; the profile's own unless said. */
    order: z.array(z.string().min(1)).max(100).optional(),
    /** Another version from a day on, after it ran beside this one in `doubleRun`, a destination of the same feed. */
    next: z.strictObject({ version: z.string().min(1), from: isoDay, doubleRun: destinationName }).optional(),
  }),
);

const packaging = z
  .strictObject({
    /** May use {facility}, {extract} (yyyyMMddHHmmss), {from}, {to} (yyyyMMdd); the format's own unless said. */
    name: z.string().min(1).max(150).optional(),
    /** Only a single larger day goes beyond. */
    maxRecords: z.int().min(1).max(1_000_000).default(5000),
    zip: z.boolean().default(false),
  })
  .prefault({});

const schedule = z
  .discriminatedUnion('kind', [
    /** Dispatched with each change. */
    z.strictObject({ kind: z.literal('at-once') }),
    /** The whole window of days, each time the calendar says so. */
    z.strictObject({
      kind: z.literal('calendar'),
      /** Five fields: minute, hour, day, month, day of week. */
      cron: z.string().min(9).max(100),
      zone: z.string().min(1).default('Europe/Paris'),
      /** The last days up to yesterday, or every day since the first of January or a date. */
      window: z
        .union([
          z.strictObject({ days: z.int().min(1).max(400) }),
          z.strictObject({ since: z.union([z.literal('year'), isoDay]) }),
        ])
        .default({ days: 7 }),
    }),
  ])
  .prefault({ kind: 'at-once' });

const retry = z
  .strictObject({
    firstSeconds: z.number().min(0.1).max(3600).default(1),
    maxSeconds: z.number().min(1).max(86_400).default(300),
    /** Faults of one file before it is set aside; without it, tried until it passes. */
    attempts: z.int().min(1).max(10_000).optional(),
  })
  .prefault({});

const acknowledgement = z
  .discriminatedUnion('kind', [
    /** None is expected. */
    z.strictObject({ kind: z.literal('none') }),
    /** A person says so: a command, or the agency's page. */
    z.strictObject({ kind: z.literal('person'), withinHours: z.int().min(1).max(8760).default(24) }),
    /** What the upload answers, or what the agency posts: transports https, pull, submission. */
    z.strictObject({ kind: z.literal('answer'), withinHours: z.int().min(1).max(8760).default(24) }),
    /** A file beside or in a folder of the transport: the dispatch's name and a suffix. */
    z.strictObject({
      kind: z.literal('folder'),
      folder: z.string().min(1).max(500),
      acceptedSuffix: z.string().min(1).max(20).default('.ack'),
      refusedSuffix: z.string().min(1).max(20).default('.nack'),
      everySeconds: z.number().min(1).max(86_400).default(60),
      withinHours: z.int().min(1).max(8760).default(24),
    }),
  ])
  .prefault({ kind: 'none' });

export const destination = z.strictObject({
  name: destinationName,
  /** Who reads it: an agency's name. */
  owner: z.string().min(1).max(120).optional(),
  contacts: z.array(z.string().min(1).max(200)).max(10).default([]),
  feed: z.string().min(1),
  /** All, or only these. */
  facilities: z.array(finess).min(1).max(2000).optional(),
  profile: profile.prefault({ kind: 'all' }),
  format,
  packaging,
  protection,
  transport,
  schedule,
  retry,
  acknowledgement,
  manifest: z
    .strictObject({
      /** Delivered with the files, too. */
      deliver: z.boolean().default(false),
      /** What came later is said to be late. */
      cutOff: hourMinute.default('04:00'),
    })
    .prefault({}),
});
export type DestinationConfig = z.infer<typeof destination>;
