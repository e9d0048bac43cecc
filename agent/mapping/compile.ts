import { parseDocument } from 'yaml';
import { permanent } from '../../shared/runtime/errors.ts';
import { bindMapping } from './bind.ts';
import type { CompiledMapping, FeedLookup } from './compiled-mapping.ts';
import { dateReader, dateTimeReader } from './date-format.ts';
import { mappingSchema, type FieldMapping, type MappingFile } from './schema.ts';

/** One fault of a mapping file: where, what stands there, what was expected. */
export interface MappingFault {
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

export interface CompileOptions {
  /** Where the text comes from: a path, or the name of a built-in mapping. */
  readonly origin: string;
  readonly feeds: FeedLookup;
}

/** Throws `mapping-invalid` whose facts are the origin, the number of faults and all of them as text. */
export function compileMapping(text: string, options: CompileOptions): CompiledMapping {
  const checked = checkMapping(text, options.feeds);
  if (checked.kind === 'valid') return compiled(checked.mapping);
  throw permanent('mapping-invalid', {
    facts: {
      origin: options.origin,
      count: checked.faults.length,
      faults: checked.faults.map(printFault).join('; '),
    },
  });
}

export function printFault({ path, found, expected }: MappingFault): string {
  return `${path === '' ? '(file)' : path}: ${found} ≠ ${expected}`;
}

export type CheckedMapping =
  | { readonly kind: 'valid'; readonly mapping: MappingFile }
  | { readonly kind: 'invalid'; readonly faults: readonly MappingFault[] };

/** All the faults of a mapping file at once. */
export function checkMapping(text: string, feeds: FeedLookup): CheckedMapping {
  if (text.length > maxChars)
    return invalid([{ path: '', found: `${text.length}`, expected: `at most ${maxChars} characters` }]);
  const document = parseDocument(text, { schema: 'failsafe', version: '1.2', strict: true });
  if (document.errors.length > 0) {
    return invalid(
      document.errors.map((error) => ({
        path: `line ${error.linePos?.[0].line ?? 0}`,
        found: error.code,
        expected: 'YAML',
      })),
    );
  }
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch {
    return invalid([{ path: '', found: 'too many aliases', expected: 'at most 100' }]);
  }
  const parsed = mappingSchema.safeParse(raw);
  if (!parsed.success) {
    return invalid(
      parsed.error.issues.map(({ path, message }) => ({
        path: path.join('.'),
        found: describe(valueAt(raw, path)),
        expected: message,
      })),
    );
  }
  const faults = [...faultsOfFields(parsed.data, feeds)];
  return faults.length > 0 ? invalid(faults) : { kind: 'valid', mapping: parsed.data };
}

function* faultsOfFields(mapping: MappingFile, feeds: FeedLookup): Generator<MappingFault> {
  const feed = feeds(mapping.feed);
  if (feed === undefined) {
    yield { path: 'feed', found: mapping.feed, expected: 'the name of a feed' };
    return;
  }
  const known = feed.fields.map(({ name }) => name);
  const ofHeader = mapping.format.type === 'rpu-xml' ? ['facility'] : [];
  for (const [name, field] of Object.entries(mapping.fields)) {
    const path = `fields.${name}`;
    if (ofHeader.includes(name)) yield { path, found: name, expected: 'facility comes from the header' };
    else if (!known.includes(name)) yield { path, found: name, expected: `one of ${known.join(', ')}` };
    yield* faultsOfField(path, field, mapping);
  }
  for (const [index, column] of mapping.ignore.entries()) {
    if (Object.values(mapping.fields).some((field) => columnsOf(field).some((name) => same(name, column))))
      yield { path: `ignore.${index}`, found: column, expected: 'a column that no field uses' };
  }
  for (const [index, test] of mapping.tests.entries()) {
    for (const name of Object.keys(test.out))
      if (!known.includes(name))
        yield { path: `tests.${index}.out.${name}`, found: name, expected: `one of ${known.join(', ')}` };
  }
}

function* faultsOfField(path: string, field: FieldMapping, mapping: MappingFile): Generator<MappingFault> {
  if (field.table !== undefined && !Object.hasOwn(mapping.tables, field.table))
    yield { path: `${path}.table`, found: field.table, expected: 'a table of this file' };
  for (const [index, format] of (field.date ?? []).entries())
    if (dateReader(format) === undefined)
      yield { path: `${path}.date.${index}`, found: format, expected: 'yyyy, MM and dd with separators' };
  for (const [index, format] of (field.dateTime ?? []).entries())
    if (dateTimeReader(format) === undefined)
      yield {
        path: `${path}.dateTime.${index}`,
        found: format,
        expected: 'yyyy, MM, dd, HH, mm and perhaps ss with separators',
      };
  const canFail = field.table !== undefined || field.date !== undefined || field.dateTime !== undefined;
  if (field.otherwise !== undefined && !canFail)
    yield {
      path: `${path}.otherwise`,
      found: 'otherwise',
      expected: 'a table, date or dateTime that can fail',
    };
}

function compiled(mapping: MappingFile): CompiledMapping {
  const { format } = mapping;
  const used = [...Object.values(mapping.fields).flatMap(columnsOf), ...mapping.ignore];
  return {
    name: mapping.name,
    feedName: mapping.feed,
    format: format.type,
    delimiter: format.type === 'csv' ? format.delimiter : undefined,
    encoding: format.encoding,
    requiredColumns: format.type === 'csv' ? format.requires : [],
    columns: [...new Set(used)],
    header: format.type === 'rpu-xml' ? format.header : undefined,
    keepsUnknown: mapping.unknownColumns === 'keep',
    bind: (columns) => bindMapping(mapping, columns),
    tests: mapping.tests.map((test) => ({ input: test.in, output: test.out })),
  };
}

/** Every column a field looks at. */
function columnsOf(field: FieldMapping): readonly string[] {
  const from = field.from === undefined ? [] : typeof field.from === 'string' ? [field.from] : field.from;
  const pieces = (field.concat ?? []).flatMap((piece) => ('column' in piece ? [piece.column] : []));
  return [...from, ...pieces, ...(field.when === undefined ? [] : [field.when.column])];
}

const maxChars = 262_144;

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function invalid(faults: readonly MappingFault[]): CheckedMapping {
  return { kind: 'invalid', faults };
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    raw,
  );
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value.length > 40 ? `${value.slice(0, 40)}…` : value;
  return Array.isArray(value) ? 'a list' : 'a table';
}
