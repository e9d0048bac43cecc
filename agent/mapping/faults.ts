import { visitColumns } from '../adt/event.ts';
import type { Feed } from '../../shared/feeds/feed.ts';
import { mappingExpected, type MappingExpectation } from '../../shared/i18n/mapping-expected.ts';
import type { Bilingual } from '../../shared/i18n/texts.ts';
import { columnsOf, readColumns, sameColumn, withoutPrefix } from './columns.ts';
import type { FeedLookup } from './compiled-mapping.ts';
import { dateReader, dateTimeReader } from './date-format.ts';
import type { FieldMapping } from './field-schema.ts';
import type { LineFormat } from './format-schema.ts';
import type { JoinMapping, MappingFile } from './schema.ts';

/** What a mapping file of the right shape can still get wrong: names that do not exist, settings that contradict each other. */
export interface Misfit {
  readonly path: readonly PropertyKey[];
  readonly found: string;
  readonly expected: Bilingual;
}

export function* faultsOfMapping(
  mapping: MappingFile,
  { feeds, builtIn }: { readonly feeds: FeedLookup; readonly builtIn: boolean },
): Generator<Misfit> {
  if (mapping.unknownColumns === 'keep' && !builtIn)
    yield misfit(['unknownColumns'], 'keep', 'keep-built-in');
  if (mapping.format.type === 'csv' || mapping.format.type === 'fixed-width')
    yield* faultsOfFormat(mapping.format, ['format']);
  if (mapping.join !== undefined) yield* faultsOfJoin(mapping, mapping.join);
  const feed = feeds(mapping.feed);
  if (feed === undefined) yield misfit(['feed'], mapping.feed, 'feed');
  else yield* faultsOfFields(mapping, feed);
  yield* faultsOfColumns(mapping);
}

function* faultsOfFields(mapping: MappingFile, feed: Feed): Generator<Misfit> {
  const known = feed.fields.map(({ name }) => name);
  for (const [name, field] of Object.entries(mapping.fields)) {
    const path = ['fields', name];
    if (['rpu-xml', 'hl7v2'].includes(mapping.format.type) && name === 'facility')
      yield misfit(path, name, 'header-field');
    else if (!known.includes(name)) yield misfit(path, name, 'one-of', known);
    yield* faultsOfField(path, field, mapping);
    // A record must be found again by the same name, at the same place, whichever half came first.
    if (name !== 'facility' && name !== 'visitId') continue;
    for (const column of columnsOf(field))
      if (withoutPrefix(mapping, column) !== undefined) yield misfit(path, column, 'main-only');
  }
  for (const [index, { out }] of mapping.tests.entries())
    for (const name of Object.keys(out))
      if (!known.includes(name)) yield misfit(['tests', index, 'out', name], name, 'one-of', known);
}

function* faultsOfField(
  path: readonly PropertyKey[],
  field: FieldMapping,
  mapping: MappingFile,
): Generator<Misfit> {
  if (field.table !== undefined && !Object.hasOwn(mapping.tables, field.table))
    yield misfit([...path, 'table'], field.table, 'table-name');
  for (const [index, format] of (field.date ?? []).entries())
    if (dateReader(format) === undefined) yield misfit([...path, 'date', index], format, 'date-format');
  for (const [index, format] of (field.dateTime ?? []).entries())
    if (dateTimeReader(format) === undefined)
      yield misfit([...path, 'dateTime', index], format, 'time-format');
  const canFail = field.table !== undefined || field.date !== undefined || field.dateTime !== undefined;
  if (field.otherwise !== undefined && !canFail)
    yield misfit([...path, 'otherwise'], 'otherwise', 'otherwise-place');
}

function* faultsOfFormat(format: LineFormat, path: readonly PropertyKey[]): Generator<Misfit> {
  if (format.type === 'csv') {
    if (format.header === 'yes') {
      if (format.requires === undefined) yield misfit(path, '∅', 'header-requires');
      if (format.columns !== undefined) yield misfit([...path, 'columns'], '[…]', 'header-columns');
    } else {
      if (format.columns === undefined) yield misfit(path, '∅', 'columns-required');
      if (format.delimiter === undefined) yield misfit(path, '∅', 'delimiter-required');
      if (format.requires !== undefined) yield misfit([...path, 'requires'], '[…]', 'requires-place');
    }
  } else {
    const end = Math.max(...format.columns.map(({ start, length }) => start + length - 1));
    if (format.lineLength !== undefined && format.lineLength < end)
      yield misfit([...path, 'lineLength'], `${format.lineLength}`, 'line-length', [`${end}`]);
  }
  const names = declaredColumns(format) ?? [];
  for (const [index, name] of names.entries())
    if (names.findIndex((other) => sameColumn(other, name)) < index)
      yield misfit([...path, 'columns', index], name, 'unique-columns');
}

function* faultsOfJoin(mapping: MappingFile, join: JoinMapping): Generator<Misfit> {
  if (mapping.format.type !== 'csv' && mapping.format.type !== 'fixed-width')
    yield misfit(['format', 'type'], mapping.format.type, 'join-shape');
  yield* faultsOfFormat(join.format, ['join', 'format']);
  const { main, joined } = join.key;
  if (main.length !== joined.length)
    yield misfit(['join', 'key'], `${main.length} ≠ ${joined.length}`, 'key-pairs');
  for (const side of ['main', 'joined'] as const) {
    const declared = side === 'main' ? declaredColumns(mapping.format) : declaredColumns(join.format);
    for (const [index, field] of join.key[side].entries()) {
      const path = ['join', 'key', side, index];
      yield* faultsOfField(path, field, mapping);
      for (const column of columnsOf(field)) {
        if (withoutPrefix(mapping, column) !== undefined) yield misfit(path, column, 'key-side');
        else yield* undeclared(path, column, declared);
      }
    }
  }
}

function* faultsOfColumns(mapping: MappingFile): Generator<Misfit> {
  const used = readColumns(mapping);
  for (const [index, column] of mapping.ignore.entries())
    if (used.some((name) => sameColumn(name, column)))
      yield misfit(['ignore', index], column, 'ignored-used');
  for (const [name, field] of Object.entries(mapping.fields))
    for (const column of columnsOf(field)) yield* undeclaredHere(['fields', name], column, mapping);
  for (const [name, column] of Object.entries(mapping.extensions))
    yield* undeclaredHere(['extensions', name], column, mapping);
}

/** A column that its export cannot have, where the mapping itself says which it has. */
function* undeclaredHere(
  path: readonly PropertyKey[],
  column: string,
  mapping: MappingFile,
): Generator<Misfit> {
  const own = withoutPrefix(mapping, column);
  if (own === undefined) yield* undeclared(path, column, declaredColumns(mapping.format));
  else if (mapping.join !== undefined) yield* undeclared(path, own, declaredColumns(mapping.join.format));
}

function* undeclared(
  path: readonly PropertyKey[],
  column: string,
  declared: readonly string[] | undefined,
): Generator<Misfit> {
  if (declared !== undefined && !declared.some((name) => sameColumn(name, column)))
    yield misfit(path, column, 'declared-column', declared);
}

function declaredColumns(format: MappingFile['format']): readonly string[] | undefined {
  if (format.type === 'fixed-width') return format.columns.map(({ name }) => name);
  if (format.type === 'hl7v2') return visitColumns;
  return format.type === 'csv' ? format.columns : undefined;
}

function misfit(
  path: readonly PropertyKey[],
  found: string,
  key: MappingExpectation,
  list: readonly string[] = [],
): Misfit {
  return { path, found, expected: mappingExpected(key, list.join(', ')) };
}
