import { permanent } from '../../shared/runtime/errors.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';

/** What an export turns out to be, judged by its content and never by its name. */
export type Shape =
  | { readonly format: 'rpu-xml'; readonly mapping: CompiledMapping }
  | { readonly format: 'csv'; readonly mapping: CompiledMapping; readonly delimiter: string };

/**
 * Recognises an export by its first characters: a `<` announces XML, else the first line must hold the columns that one
 * of the mappings requires. Throws `export-shape-unknown`, `csv-delimiter-ambiguous`.
 */
export function recogniseShape(head: string, mappings: readonly CompiledMapping[]): Shape {
  const start = head.trimStart();
  if (start.startsWith('<')) {
    const mapping = mappings.find(({ format }) => format === 'rpu-xml');
    if (mapping === undefined) throw permanent('export-shape-unknown');
    return { format: 'rpu-xml', mapping };
  }
  const header = firstLine(start);
  const candidates = mappings.filter(({ format }) => format === 'csv');
  const ranked = candidates
    .map((mapping) => ({ mapping, delimiter: mapping.delimiter ?? sniffDelimiter(header) }))
    .filter(({ mapping, delimiter }) => hasColumns(mapping, columnsOf(header, delimiter)))
    .sort((a, b) => b.mapping.requiredColumns.length - a.mapping.requiredColumns.length);
  const [best] = ranked;
  if (best === undefined) throw permanent('export-shape-unknown');
  return { format: 'csv', mapping: best.mapping, delimiter: best.delimiter };
}

const delimiters = [';', ',', '|', '\t'] as const;

/** The delimiter met most often outside quotes; a tie is refused rather than guessed. */
export function sniffDelimiter(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = delimiters
    .map((delimiter) => ({ delimiter, count: bare.split(delimiter).length - 1 }))
    .sort((a, b) => b.count - a.count);
  const [first, second] = counts;
  if (first === undefined || first.count === 0) return ';';
  if (first.count === second?.count) throw permanent('csv-delimiter-ambiguous', { position: { line: 1 } });
  return first.delimiter;
}

/** Column names as a header line writes them, unquoted and trimmed. */
function columnsOf(header: string, delimiter: string): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const character of header) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return [...cells, cell.trim()];
}

function hasColumns(mapping: CompiledMapping, names: readonly string[]): boolean {
  const known = new Set(names.map((name) => name.toLowerCase()));
  return mapping.requiredColumns.every((alternatives) =>
    alternatives.split('|').some((name) => known.has(name.toLowerCase())),
  );
}

/** Up to the first line end outside quotes, at most 64 K characters. */
function firstLine(text: string): string {
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) return text.slice(0, index);
  }
  return text;
}
