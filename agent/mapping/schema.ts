import { z } from 'zod';
import { expecting as e } from './expect.ts';
import { fieldOrColumn, fields, name, text } from './field-schema.ts';
import { format, lineFormat } from './format-schema.ts';

/**
 * The mapping file. It is a table, not a language: a closed list of functions, no expression, no regular expression, no
 * loop. Scalars are read as text (YAML's failsafe schema), so that `01` stays `01` and `no` stays `no`.
 */
const keyColumns = z.array(fieldOrColumn, e('names')).min(1, e('names')).max(10, e('names'));

/** A second export that completes the first; its columns are named `<name>.COLUMN` in fields. */
const join = z.strictObject({
  name: text.regex(/^[a-z][a-z\d]{0,19}$/, e('join-name')),
  format: lineFormat,
  /** What a row of either side has in common, piece by piece: both must come to the same text. */
  key: z.strictObject({ main: keyColumns, joined: keyColumns }),
});
export type JoinMapping = z.output<typeof join>;

const texts = z.union([text, z.array(text)], e('texts'));
const test = z.strictObject({
  in: z.record(name, texts, e('table')),
  /** A blank text = the field must be absent. */
  out: z.record(name, texts, e('table')),
});

export const mappingSchema = z.strictObject({
  version: z.literal('1', e('version')),
  name: text.regex(/^[a-z][a-z\d-]{0,39}$/, e('mapping-name')),
  feed: name,
  format,
  join: join.optional(),
  tables: z.record(name, z.record(text, text, e('table')), e('table')).default({}),
  fields,
  /** Columns that may travel beside the fields, under a name of their own. */
  extensions: z
    .record(text.regex(/^[A-Za-z][\w-]{0,39}$/, e('extension-name')), name, e('table'))
    .default({}),
  ignore: z.array(name, e('list')).default([]),
  /** keep: only in the mappings the product brings. */
  unknownColumns: z.enum(['keep', 'warn', 'drop'], e('unknown-columns')).default('warn'),
  tests: z.array(test, e('list')).default([]),
});
export type MappingFile = z.output<typeof mappingSchema>;
