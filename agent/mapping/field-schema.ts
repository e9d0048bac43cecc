import { z } from 'zod';
import { expecting as e } from './expect.ts';

/** One field of a mapping file: where its text comes from and what is done to it. */
export const text = z.string(e('text'));
export const name = text.min(1, e('filled-text'));
export const names = z.array(name, e('names')).min(1, e('names'));
export const whole = z
  .string(e('whole'))
  .regex(/^\d{1,4}$/, e('whole'))
  .transform(Number);

/** YAML's failsafe schema reads every scalar as text: yes stays yes. */
export const yesNo = z.enum(['yes', 'no'], e('yes-no'));

const stepNames = [
  'trim',
  'upper',
  'lower',
  'digits',
  'removeDots',
  'removeLeadingZeros',
  'firstWord',
] as const;
const separator = text.min(1, e('filled-text'));
const step = z.union(
  [
    z.enum(stepNames),
    /** What stands before, or after, the first separator; the whole text when it is not there. */
    z.strictObject({ before: separator }),
    z.strictObject({ after: separator }),
    /** Start from 0. */
    z.strictObject({ substring: z.tuple([whole, whole]) }),
    /** Zeros on the left. */
    z.strictObject({ pad: whole }),
  ],
  e('step', stepNames),
);
export type Step = z.output<typeof step>;

const when = z.union(
  [
    z.strictObject({ column: name, equals: text }),
    z.strictObject({ column: name, in: names }),
    z.strictObject({ column: name, empty: yesNo }),
  ],
  e('when'),
);
export type When = z.output<typeof when>;

const otherwise = z.union(
  [z.enum(['keep', 'blank', 'reject']), z.strictObject({ const: text })],
  e('otherwise'),
);
export type Otherwise = z.output<typeof otherwise>;

const piece = z.union(
  [z.strictObject({ text }), z.strictObject({ column: name, do: z.array(step, e('list')).optional() })],
  e('piece'),
);

/** Applied in this order: from | const | concat, when, do, table, date or dateTime, split, default. */
const field = z
  .strictObject({
    /** A column, or several: the first that is not blank. */
    from: z.union([name, names], e('from')).optional(),
    const: text.optional(),
    concat: z.array(piece, e('pieces')).min(2, e('pieces')).optional(),
    when: when.optional(),
    do: z.array(step, e('list')).optional(),
    table: name.optional(),
    date: names.optional(),
    dateTime: names.optional(),
    /** 24:00 is midnight at the end of the day. */
    allow24: yesNo.optional(),
    split: separator.optional(),
    default: text.optional(),
    /** When the table, the date or the time does not know the text. */
    otherwise: otherwise.optional(),
  })
  .refine((spec) => [spec.from, spec.const, spec.concat].filter((part) => part !== undefined).length === 1, {
    error: e('one-origin'),
  })
  .refine((spec) => spec.date === undefined || spec.dateTime === undefined, { error: e('date-or-time') })
  .refine((spec) => spec.allow24 === undefined || spec.dateTime !== undefined, {
    error: e('allow24-place'),
  });
export type FieldMapping = z.output<typeof field>;

/** A column alone is short for `{ from: column }`. */
export const fieldOrColumn = z.union([name.transform((from): FieldMapping => ({ from })), field], e('field'));
export const fields = z.record(name, fieldOrColumn, e('table'));
