import { z } from 'zod';
import { finessSyntax } from '../../shared/feeds/facility.ts';
import { expecting } from '../../shared/runtime/settings.ts';
import { dayFromIso } from '../../shared/runtime/paris-time.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Profile, Reach } from '../accounts/profile.ts';

/** What somebody asks to be taken out of the region's data. Plain values only: it is kept, audited, and sent by the API. */
export const extractionForms = ['csv', 'xlsx', 'parquet'] as const;
export type ExtractionForm = (typeof extractionForms)[number];

const day = z
  .string()
  .refine((text) => dayFromIso(text) !== undefined, expecting('une date aaaa-mm-jj', 'a date yyyy-mm-dd'));
const years = z.int().min(0).max(130);

/** One record a row; every filter that is given must hold. */
const rows = z.strictObject({
  kind: z.literal('rows'),
  /** Of the catalogue that the profile allows, in the order wanted. */
  fields: z.array(z.string().min(1).max(40)).min(1).max(40),
  /** Whole years; `below` is excluded. */
  age: z.strictObject({ from: z.exactOptional(years), below: z.exactOptional(years) }).optional(),
  sex: z
    .array(z.enum(['M', 'F', 'I']))
    .min(1)
    .max(3)
    .optional(),
  severity: z.array(z.string().min(1).max(1)).min(1).max(7).optional(),
  departure: z.array(z.string().min(1).max(1)).min(1).max(4).optional(),
  /** As in syndromic groups: J21, J09-J18, =U07.1. Of any diagnosis of the visit. */
  codes: z.array(z.string().min(1).max(20)).min(1).max(200).optional(),
  /** Id of a syndromic group in force. */
  group: z.string().min(1).max(60).optional(),
});

/** Counts of published cells: one classification at a time, whole weeks or months, the region or each facility. */
const aggregates = z.strictObject({
  kind: z.literal('aggregates'),
  /** hour, age, severity, departure, or syndrome (the groups in force). */
  split: z.string().min(1).max(40),
  by: z.enum(['week', 'month']),
  places: z.enum(['region', 'facility']),
});

export const extractionRequest = z
  .strictObject({
    feed: z.literal('ed-visits').default('ed-visits'),
    /** Days of Paris, `to` included. */
    from: day,
    to: day,
    /** All of the requester's when it is not given. */
    facilities: z.array(z.string().regex(finessSyntax)).min(1).max(500).optional(),
    content: z.discriminatedUnion('kind', [rows, aggregates]),
    form: z.enum(extractionForms).default('csv'),
    language: z.enum(['fr', 'en']).default('fr'),
    /** What for: kept with it and in the audit log. */
    purpose: z.string().trim().min(10).max(500),
  })
  .refine(({ from, to }) => from <= to, {
    message: expecting('une fin après le début', 'an end after the beginning'),
    path: ['to'],
  });
export type ExtractionRequest = z.output<typeof extractionRequest>;

/** Who asks: an account, a token of the API, or a person at the command line (a regional operator who administers). */
export interface Requester {
  readonly profile: Profile;
  readonly administrator: boolean;
  readonly facilities: Reach;
  readonly actor: Actor;
}
