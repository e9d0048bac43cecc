import { seenDates, seenDateTimes } from './guess-formats.ts';
import type { LineFormat } from './format-schema.ts';

/** Names for columns that have none. */
export function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `C${index + 1}`);
}

/**
 * True when a first line names columns. A line that holds a date, a long number or a text twice is a record: taking a
 * record for a header would write a patient's values down as names.
 */
export function isHeader(cells: readonly string[], next: readonly (readonly string[])[]): boolean {
  const names = cells.map((cell) => cell.trim());
  const filled = names.filter((cell) => cell !== '');
  if (
    filled.length < cells.length * 0.8 ||
    new Set(filled.map((cell) => cell.toLowerCase())).size < filled.length
  )
    return false;
  if (filled.some((cell) => /^[\d\s.,/:-]+$/.test(cell) || /\d{4}/.test(cell) || cell.length > 60))
    return false;
  if (isMoment(filled)) return false;
  // Where the rows below hold moments and numbers and the first one only words, it is the header.
  return next.length === 0 || next.some((row) => row.some((cell) => /\d/.test(cell)));
}

function isMoment(cells: readonly string[]): boolean {
  return cells.some((cell) => seenDates([cell]).share === 1 || seenDateTimes([cell]).share === 1);
}

export interface FixedColumn {
  readonly name: string;
  readonly start: number;
  readonly length: number;
}

const linesSeen = 20_000;

/**
 * Columns of lines of equal width, cut where all lines are blank; each reaches to the start of the next. Undefined when the
 * lines do not look like columns: of different lengths, or with fewer than four of them.
 */
export function guessFixedColumns(
  lines: readonly string[],
): { readonly format: LineFormat; readonly columns: readonly FixedColumn[] } | undefined {
  const [first = '', ...others] = lines.slice(0, linesSeen);
  const header = others.length > 1 && !/\d/.test(first) && others.every((line) => /\d/.test(line));
  const records = header ? others : [first, ...others];
  const width = Math.max(...records.map((line) => line.length));
  const whole = records.filter((line) => line.length === width).length;
  if (records.length < 2 || width < 8) return undefined;
  const columns = starts(records, width).map((start, index, all) => ({
    start: start + 1,
    length: (all[index + 1] ?? width) - start,
  }));
  if (columns.length < 4) return undefined;
  const names = header ? headerNames(first, columns) : numbered(columns.length);
  const named = columns.map((column, index) => ({ name: names[index] ?? `C${index + 1}`, ...column }));
  return {
    columns: named,
    format: {
      type: 'fixed-width',
      columns: named,
      skipLines: 0,
      header: header ? 'yes' : 'no',
      // A line may have lost its trailing blanks: then no length is promised.
      ...(whole === records.length ? { lineLength: width } : {}),
    },
  };
}

/** Where text begins after a position that is blank in every line. */
function starts(lines: readonly string[], width: number): readonly number[] {
  const filled = new Uint8Array(width);
  for (const line of lines) for (let at = 0; at < line.length; at += 1) if (line[at] !== ' ') filled[at] = 1;
  const found: number[] = [];
  for (let at = 0; at < width; at += 1)
    if (filled[at] === 1 && (at === 0 || filled[at - 1] === 0)) found.push(at);
  return found;
}

function headerNames(
  line: string,
  columns: readonly Pick<FixedColumn, 'start' | 'length'>[],
): readonly string[] {
  const names = columns.map(({ start, length }) => line.slice(start - 1, start - 1 + length).trim());
  const usable = names.every((name) => name !== '') && new Set(names).size === names.length;
  return usable ? names : numbered(columns.length);
}

export function cutFixed(line: string, columns: readonly FixedColumn[]): readonly string[] {
  return columns.map(({ start, length }) => line.slice(start - 1, start - 1 + length).trim());
}
