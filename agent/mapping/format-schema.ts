import { z } from 'zod';
import { encodingNamed } from '../reader/decode.ts';
import { expecting as e } from './expect.ts';
import { name, names, text, whole, yesNo } from './field-schema.ts';

/** What an export looks like from outside. Numbers count characters after decoding, from 1. */
const encoding = text.refine((value) => encodingNamed(value) !== undefined, e('encoding'));
const counted = whole.refine((value) => value > 0, e('counted'));

const rpuXml = z.strictObject({
  type: z.literal('rpu-xml'),
  encoding: encoding.optional(),
  header: z.strictObject({ facility: name, part: name, extract: name, from: name, to: name }),
});

const csv = z.strictObject({
  type: z.literal('csv'),
  encoding: encoding.optional(),
  /** Without one, the header line tells. */
  delimiter: text.length(1, e('character')).optional(),
  /** no: the first line is a record, and `columns` names what it holds. */
  header: yesNo.default('yes'),
  columns: names.optional(),
  /** Columns by which the export is recognised; "a|b" = one of them. */
  requires: names.optional(),
  /** none: a quote is a character like any other. */
  quote: z.enum(['"', 'none'], e('quote')).default('"'),
  /** Lines before the header or the first record. */
  skipLines: whole.default(0),
});

const fixedWidth = z.strictObject({
  type: z.literal('fixed-width'),
  encoding: encoding.optional(),
  columns: z
    .array(z.strictObject({ name, start: counted, length: counted }), e('list'))
    .min(1, e('list'))
    .max(1000, e('list')),
  /** Every line has this length. Without it a line may be shorter: its trailing blanks have been cut. */
  lineLength: counted.optional(),
  skipLines: whole.default(0),
  /** yes: one line of column names, passed over. */
  header: yesNo.default('no'),
});

/** Visits put together from messages: their columns are those of agent/adt/event.ts. */
const hl7v2 = z.strictObject({ type: z.literal('hl7v2'), encoding: encoding.optional() });

/** Formats whose rows are lines: what a join can put together. */
export const lineFormat = z.discriminatedUnion('type', [csv, fixedWidth], e('join-format'));
export type LineFormat = z.output<typeof lineFormat>;

export const format = z.discriminatedUnion('type', [rpuXml, csv, fixedWidth, hl7v2], e('format'));
