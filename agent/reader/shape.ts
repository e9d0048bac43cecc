import { permanent } from '../../shared/runtime/errors.ts';
import type { Side } from '../mapping/columns.ts';
import type {
  CompiledMapping,
  CsvLayout,
  FixedWidthLayout,
  LineLayout,
} from '../mapping/compiled-mapping.ts';

/** What an export turns out to be, judged by its content and never by its name. */
export type Shape =
  | { readonly format: 'rpu-xml'; readonly mapping: CompiledMapping }
  | (LineShape & { readonly format: 'csv'; readonly layout: CsvLayout; readonly delimiter: string })
  | (LineShape & { readonly format: 'fixed-width'; readonly layout: FixedWidthLayout });

interface LineShape {
  readonly mapping: CompiledMapping;
  /** Of a mapping that joins two exports: which of them this is. */
  readonly side: Side;
}

/**
 * Recognises an export by its first characters. A `<` announces XML. Else the most telling match wins: a header line with
 * the columns that a mapping requires (the more it requires, the more it tells), then a first line with as many columns as
 * a mapping without header declares, then a line of the declared width, then the only mapping of fixed width there is.
 * `side`: the only one the source takes. Throws `export-shape-unknown`, `export-shape-ambiguous`, `csv-delimiter-ambiguous`.
 */
export function recogniseShape(head: string, mappings: readonly CompiledMapping[], side?: Side): Shape {
  const start = head.trimStart();
  if (start.startsWith('<')) {
    const mapping = mappings.find(({ format }) => format === 'rpu-xml');
    if (mapping === undefined) throw permanent('export-shape-unknown');
    return { format: 'rpu-xml', mapping };
  }
  const candidates = candidatesOf(mappings, side);
  const matches = candidates
    .flatMap((candidate) => match(head, candidate))
    .sort((a, b) => b.weight - a.weight);
  const [best, second] = matches;
  if (best === undefined) {
    const fixed = candidates.flatMap(fixedShape);
    const [only] = fixed;
    if (only !== undefined && candidates.length === 1) return only;
    for (const { layout } of candidates)
      if (layout.format === 'csv' && layout.delimiter === undefined)
        sniffDelimiter(firstRecord(head, layout));
    throw permanent('export-shape-unknown');
  }
  if (best.weight === second?.weight)
    throw permanent('export-shape-ambiguous', {
      facts: { first: nameOf(best.shape), second: nameOf(second.shape) },
    });
  return best.shape;
}

interface Candidate<L extends LineLayout = LineLayout> extends LineShape {
  readonly layout: L;
}

interface Match {
  readonly shape: Shape;
  readonly weight: number;
}

function candidatesOf(mappings: readonly CompiledMapping[], side: Side | undefined): readonly Candidate[] {
  return mappings.flatMap((mapping) => {
    const { layout, join } = mapping;
    const candidates: Candidate[] = [];
    if (layout !== undefined && side !== 'joined') candidates.push({ mapping, side: 'main', layout });
    if (join !== undefined && side !== 'main')
      candidates.push({ mapping, side: 'joined', layout: join.layout });
    return candidates;
  });
}

/** A header with one required column tells more than any number of columns without names. */
const headerWeight = 1_000_000;
const exactWidthWeight = 2;
const widthWeight = 1;

function match(head: string, { mapping, side, layout }: Candidate): readonly Match[] {
  const line = firstRecord(head, layout);
  if (layout.format === 'fixed-width') {
    const shape: Shape = { format: 'fixed-width', mapping, side, layout };
    const width = lineWidth(layout);
    if (line.length === width) return [{ shape, weight: exactWidthWeight }];
    const couldBe = layout.lineLength === undefined && line.length > lastStart(layout) && line.length < width;
    return couldBe ? [{ shape, weight: widthWeight }] : [];
  }
  const delimiter = layout.delimiter ?? sniffed(line);
  if (delimiter === undefined) return [];
  const cells = cellsOf(line, delimiter, layout.quotes);
  const shape: Shape = { format: 'csv', mapping, side, layout, delimiter };
  if (layout.columns !== undefined)
    return cells.length > 1 && cells.length === layout.columns.length
      ? [{ shape, weight: exactWidthWeight + cells.length }]
      : [];
  return hasColumns(layout, cells) ? [{ shape, weight: headerWeight + layout.requires.length }] : [];
}

function fixedShape({ mapping, side, layout }: Candidate): readonly Shape[] {
  return layout.format === 'fixed-width' ? [{ format: 'fixed-width', mapping, side, layout }] : [];
}

function nameOf(shape: Shape): string {
  const isJoined = 'side' in shape && shape.side === 'joined';
  return `${shape.mapping.name}${isJoined ? ` (${shape.mapping.join?.name ?? ''})` : ''}`;
}

/** Characters of a whole line. */
export function lineWidth({ columns, lineLength }: FixedWidthLayout): number {
  return lineLength ?? Math.max(...columns.map(({ start, length }) => start + length - 1));
}

function lastStart({ columns }: FixedWidthLayout): number {
  return Math.max(...columns.map(({ start }) => start - 1));
}

const delimiters = [';', ',', '|', '\t'] as const;

/** The delimiter met most often outside quotes; a tie is refused rather than guessed. */
export function sniffDelimiter(header: string): string {
  const found = sniffed(header);
  if (found === undefined) throw permanent('csv-delimiter-ambiguous', { position: { line: 1 } });
  return found;
}

function sniffed(header: string): string | undefined {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = delimiters
    .map((delimiter) => ({ delimiter, count: bare.split(delimiter).length - 1 }))
    .sort((a, b) => b.count - a.count);
  const [first, second] = counts;
  if (first === undefined || first.count === 0) return ';';
  return first.count === second?.count ? undefined : first.delimiter;
}

/** Cells as a line writes them, unquoted and trimmed. */
function cellsOf(line: string, delimiter: string, quotes: boolean): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const character of line) {
    if (character === '"' && quotes) quoted = !quoted;
    else if (character === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return [...cells, cell.trim()];
}

function hasColumns(layout: CsvLayout, names: readonly string[]): boolean {
  const known = new Set(names.map((name) => name.toLowerCase()));
  return layout.requires.every((alternatives) =>
    alternatives.split('|').some((name) => known.has(name.toLowerCase())),
  );
}

/** The first line that says something: a header, or a record; at most 64 K characters. */
function firstRecord(head: string, layout: LineLayout): string {
  let rest = head;
  const skipped = layout.skipLines + (layout.format === 'fixed-width' && layout.hasHeader ? 1 : 0);
  for (let line = 0; line < skipped; line += 1) {
    const end = /\r\n|\r|\n/.exec(rest);
    if (end === null) return '';
    rest = rest.slice(end.index + end[0].length);
  }
  if (layout.format === 'fixed-width') return firstLine(rest.replace(/^[\r\n]+/, ''), false);
  return firstLine(rest.trimStart(), layout.quotes);
}

/** Up to the first line end, outside quotes where quotes count. */
function firstLine(text: string, quotes: boolean): string {
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"' && quotes) quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) return text.slice(0, index);
  }
  return text;
}
