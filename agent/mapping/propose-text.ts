import { stringify } from 'yaml';
import { mapComments, type MapComment } from '../../shared/i18n/mapping-comments.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { columnsOf } from './columns.ts';
import type { FieldMapping } from './field-schema.ts';
import type { LineFormat } from './format-schema.ts';
import { exampleFor } from './propose-example.ts';
import { nothingTable, type Doubt, type ProposedTable } from './propose-field.ts';
import type { Proposal, ProposedField } from './propose.ts';
import type { Vocabulary } from './guess-vocabulary.ts';

export interface TextOptions {
  /** The mapping's own name. */
  readonly name: string;
  readonly vocabulary: Vocabulary;
  readonly language: Language;
}

/**
 * A proposal as the file a person completes: every uncertain line has a comment `# ? ...` above it that says why. Of the
 * sample only names of columns and codes of small sets are written.
 */
export function printProposal(proposal: Proposal, options: TextOptions): string {
  const say: Say = (key, facts = {}) => fill(mapComments[key][options.language], facts);
  return [
    ...comment(say('head'), ''),
    'version: 1',
    `name: ${options.name}`,
    `feed: ${proposal.feed}`,
    ...formatLines(proposal.format, requiredOf(proposal, ''), ''),
    ...joinLines(proposal, say),
    ...tableLines(proposal.tables, say),
    'fields:',
    ...proposal.fields.flatMap((field) => fieldLines(field, say)),
    ...ignoreLines(proposal, say),
    'unknownColumns: warn',
    ...testLines(proposal, options.vocabulary, say),
    '',
  ].join('\n');
}

type Say = (key: MapComment, facts?: Readonly<Record<string, string | number>>) => string;

function comment(text: string, indent: string): readonly string[] {
  return text.split('\n').map((line) => `${indent}# ${line}`);
}

/** One value on one line. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();
}

function formatLines(format: LineFormat, requires: readonly string[], indent: string): readonly string[] {
  const { columns, ...rest } = format;
  const shown: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).filter(([key, value]) => value !== undefined && !isUsual(key, value, format)),
  );
  if (format.type === 'csv' && format.header === 'yes') shown['requires'] = requires;
  return [
    `${indent}format:`,
    ...Object.entries(shown).map(([key, value]) => `${indent}  ${key}: ${flow(value)}`),
    ...(columns === undefined ? [] : [`${indent}  columns:`]),
    ...(columns ?? []).map((column) => `${indent}    - ${flow(column)}`),
  ];
}

function isUsual(key: string, value: unknown, { type }: LineFormat): boolean {
  if (key === 'requires') return true;
  if (key === 'header') return value === (type === 'csv' ? 'yes' : 'no');
  return (key === 'skipLines' && value === 0) || (key === 'quote' && value === '"');
}

const mostRequired = 4;

/** Columns by which the export is known again: those that fields use, of the main export or of the joined one. */
function requiredOf(proposal: Proposal, prefix: string): readonly string[] {
  const used = proposal.fields.flatMap(({ spec }) => {
    if (spec?.from !== undefined) return typeof spec.from === 'string' ? [spec.from] : spec.from;
    return (spec?.concat ?? []).flatMap((piece) => ('column' in piece ? [piece.column] : []));
  });
  const joinPrefix = proposal.join === undefined ? undefined : `${proposal.join.name}.`;
  const own = [...new Set(used)].flatMap((column) => {
    const joined = joinPrefix !== undefined && column.startsWith(joinPrefix);
    if (prefix === '') return joined ? [] : [column];
    return joined ? [column.slice(prefix.length)] : [];
  });
  return own.slice(0, mostRequired);
}

function joinLines(proposal: Proposal, say: Say): readonly string[] {
  const { join } = proposal;
  if (join === undefined) return [];
  const { main, joined, by, shared } = join.key;
  const keyColumns = joined.flatMap(columnsOf);
  const requires = [...new Set([...keyColumns, ...requiredOf(proposal, `${join.name}.`)])].slice(
    0,
    mostRequired,
  );
  return [
    ...comment(say(by === 'number' ? 'join' : 'joinPerson', { percent: Math.round(shared * 100) }), ''),
    'join:',
    `  name: ${join.name}`,
    ...formatLines(join.format, requires, '  '),
    '  key:',
    `    main: ${flow(main.map(short))}`,
    `    joined: ${flow(joined.map(short))}`,
  ];
}

/** A column alone is written as its name. */
function short(spec: FieldMapping): unknown {
  return typeof spec.from === 'string' && Object.keys(spec).length === 1 ? spec.from : spec;
}

function tableLines(tables: readonly ProposedTable[], say: Say): readonly string[] {
  if (tables.length === 0) return [];
  return ['tables:', ...tables.flatMap((table) => oneTable(table, say))];
}

function oneTable({ name, column, allowed, entries, hidden }: ProposedTable, say: Say): readonly string[] {
  const known = entries.filter(({ code }) => code !== undefined);
  const about = (): string => {
    if (name === nothingTable) return say('tableNothing');
    const codes = allowed.join(' ');
    return column === undefined ? say('tableEmpty', { codes }) : say('table', { column, codes });
  };
  return [
    ...comment(about(), '  '),
    ...(hidden === 0 ? [] : comment(say('tableHidden', { count: hidden }), '  ')),
    `  ${name}:${known.length === 0 ? ' {}' : ''}`,
    ...entries.flatMap(({ text, count, code, sure }) => {
      if (code === undefined) return [`    # ? ${flow(text)}: "" ${say('entryUnknown', { count })}`];
      const line = `    ${flow(text)}: ${flow(code)}`;
      return [sure ? line : `${line} # ? ${say('entryLikely', { count })}`];
    }),
  ];
}

function fieldLines({ name, spec, doubts }: ProposedField, say: Say): readonly string[] {
  const about = doubts.flatMap((doubt) => comment(`? ${doubtText(doubt, say)}`, '  '));
  if (spec === undefined) return [...about, `  # ${name}: ""`];
  return [...about, `  ${name}: ${flow(short(spec))}`];
}

function doubtText(doubt: Doubt, say: Say): string {
  switch (doubt.kind) {
    case 'alternatives':
      return say('alternatives', { columns: doubt.columns.join(', ') });
    case 'dates-left':
      return say('dates-left', { percent: doubt.percent });
    case 'not-found':
      return doubt.columns.length === 0
        ? say('not-found')
        : say('not-found-perhaps', { columns: doubt.columns.join(', ') });
    case 'derived':
      return say('derived', { column: doubt.column });
    case 'elsewhere':
      return say('elsewhere', { columns: doubt.columns.join(', ') });
    case 'nothing-blanked':
    case 'by-content':
    case 'by-name':
    case 'day-only':
    case 'facility-setting':
    case 'free-text':
    case 'no-values':
    case 'shared-column':
    case 'table-guessed':
    case 'number-by-content':
      return say(doubt.kind);
  }
}

function ignoreLines({ identity, unknown }: Proposal, say: Say): readonly string[] {
  if (identity.length + unknown.length === 0) return [];
  const group = (text: string, columns: readonly string[]): readonly string[] =>
    columns.length === 0
      ? []
      : [
          ...comment(text, '    '),
          `    ${columns.map((column) => flow([column]).slice(1, -1).trim()).join(', ')},`,
        ];
  return [
    'ignore:',
    '  [',
    ...group(say('identity'), identity),
    ...group(`? ${say('unknown')}`, unknown),
    '  ]',
  ];
}

function testLines(proposal: Proposal, vocabulary: Vocabulary, say: Say): readonly string[] {
  const { input, output } = exampleFor(proposal, vocabulary);
  const lines = (table: Readonly<Record<string, unknown>>): readonly string[] =>
    Object.entries(table).map(([key, value]) => `      ${flow(key)}: ${flow(value)}`);
  return [...comment(say('tests'), ''), 'tests:', '  - in:', ...lines(input), '    out:', ...lines(output)];
}
