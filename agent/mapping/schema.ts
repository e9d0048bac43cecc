import { z } from 'zod';

/**
 * The mapping file. It is a table, not a language: a closed list of functions, no expression, no regular expression, no
 * loop. Scalars are read as text (YAML's failsafe schema), so that `01` stays `01` and `no` stays `no`.
 */
const text = z.string('a text');
const name = text.min(1, 'a text that is not empty');
const names = z.array(name).min(1, 'at least one name');
const whole = (error: string): z.ZodType<number, string> =>
  z
    .string(error)
    .regex(/^\d{1,4}$/, error)
    .transform(Number);

const stepNames = ['trim', 'upper', 'lower', 'digits', 'removeDots'] as const;
const stepError = `one of ${stepNames.join(', ')}, { substring: [start, length] }, { pad: length }`;
const step = z.union(
  [
    z.enum(stepNames),
    /** Start from 0. */
    z.strictObject({ substring: z.tuple([whole('a start'), whole('a length')]) }),
    /** Zeros on the left. */
    z.strictObject({ pad: whole('a length') }),
  ],
  stepError,
);
export type Step = z.output<typeof step>;

const when = z.union(
  [
    z.strictObject({ column: name, equals: text }),
    z.strictObject({ column: name, in: names }),
    z.strictObject({ column: name, empty: z.enum(['yes', 'no']) }),
  ],
  '{ column, equals: text }, { column, in: [texts] } or { column, empty: yes | no }',
);
export type When = z.output<typeof when>;

const otherwise = z.union(
  [z.enum(['keep', 'blank', 'reject']), z.strictObject({ const: text })],
  'keep, blank, reject or { const: text }',
);
export type Otherwise = z.output<typeof otherwise>;

/** Applied in this order: from | const | concat, when, do, table, date or dateTime, split, default. */
const field = z
  .strictObject({
    /** A column, or several: the first that is not blank. */
    from: z.union([name, names], 'a column or a list of columns').optional(),
    const: text.optional(),
    concat: z
      .array(
        z.union(
          [z.strictObject({ column: name }), z.strictObject({ text })],
          '{ column: name } or { text: ... }',
        ),
      )
      .min(2, 'at least two pieces')
      .optional(),
    when: when.optional(),
    do: z.array(step).optional(),
    table: name.optional(),
    date: names.optional(),
    dateTime: names.optional(),
    split: text.min(1, 'a separator').optional(),
    default: text.optional(),
    /** When the table, the date or the time does not know the text. */
    otherwise: otherwise.optional(),
  })
  .refine((spec) => [spec.from, spec.const, spec.concat].filter((part) => part !== undefined).length === 1, {
    error: 'exactly one of from, const, concat',
  })
  .refine((spec) => spec.date === undefined || spec.dateTime === undefined, {
    error: 'date or dateTime, not both',
  });
export type FieldMapping = z.output<typeof field>;

const fields = z.record(
  name,
  z.union([name.transform((from): FieldMapping => ({ from })), field], {
    error: (issue) => unionError(issue) ?? 'a column, or { from: ..., do: ... }',
  }),
  'a table of fields',
);

const texts = z.union([text, z.array(text)], 'a text or a list of texts');
const test = z.strictObject({
  in: z.record(name, texts, 'a table'),
  /** A blank text = the field must be absent. */
  out: z.record(name, texts, 'a table'),
});

export const mappingSchema = z.strictObject({
  version: z.literal('1', '1'),
  name: text.regex(/^[a-z][a-z\d-]{0,39}$/, 'lower-case letters, digits and dashes, at most 40'),
  feed: name,
  format: z.discriminatedUnion(
    'type',
    [
      z.strictObject({
        type: z.literal('rpu-xml'),
        encoding: name.optional(),
        header: z.strictObject({ facility: name, part: name, extract: name, from: name, to: name }),
      }),
      z.strictObject({
        type: z.literal('csv'),
        encoding: name.optional(),
        delimiter: text.length(1, 'one character').optional(),
        /** Columns by which the export is recognised; "a|b" = one of them. */
        requires: names,
      }),
    ],
    '{ type: rpu-xml, ... } or { type: csv, ... }',
  ),
  tables: z.record(name, z.record(text, text, 'a table'), 'a table of tables').default({}),
  fields,
  ignore: z.array(name).default([]),
  unknownColumns: z.enum(['keep', 'warn', 'drop'], 'keep, warn or drop').default('warn'),
  tests: z.array(test).default([]),
});
export type MappingFile = z.output<typeof mappingSchema>;

/** The message of the alternative that was meant: for an object, what the object form says. */
function unionError(issue: unknown): string | undefined {
  if (typeof issue !== 'object' || issue === null || !('errors' in issue) || !Array.isArray(issue.errors))
    return undefined;
  const alternatives: readonly unknown[] = issue.errors;
  const meant = alternatives.at(-1);
  if (!Array.isArray(meant)) return undefined;
  const first: unknown = meant[0];
  if (typeof first !== 'object' || first === null || !('message' in first) || !('path' in first))
    return undefined;
  // An object was not meant at all: the general message says what is.
  if (
    'code' in first &&
    first.code === 'invalid_type' &&
    Array.isArray(first.path) &&
    first.path.length === 0
  )
    return undefined;
  const path = Array.isArray(first.path) ? first.path.join('.') : '';
  return path === '' ? String(first.message) : `${path}: ${String(first.message)}`;
}
