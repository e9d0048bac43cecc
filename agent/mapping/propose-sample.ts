import { permanent } from '../../shared/runtime/errors.ts';
import { createCsvReader } from '../reader/csv.ts';
import type { DecodedExport } from '../reader/decode.ts';
import { defaultReadLimits } from '../reader/limits.ts';
import { cutFixed, guessFixedColumns, isHeader, numbered } from './guess-layout.ts';
import type { Sample } from './propose.ts';

/** A format that needs no mapping of one's own, or the rows of a sample. */
export type SampleFile =
  | { readonly kind: 'built-in'; readonly mapping: 'rpu-2006' | 'pam-fr' }
  | { readonly kind: 'rows'; readonly sample: Sample };

const charsRead = 8_000_000;
const rowsKept = 20_000;

/** Looks at the first 8 million characters. Throws `map-sample-unreadable` when no table can be seen in them. */
export async function readSample(decoded: DecodedExport): Promise<SampleFile> {
  const start = decoded.head.trimStart();
  if (start.startsWith('<')) {
    if (!/<OSCOUR[\s>]/.test(start)) throw permanent('map-sample-unreadable');
    return { kind: 'built-in', mapping: 'rpu-2006' };
  }
  if (/^(?:MSH|FHS|BHS)\|/.test(start.startsWith('\u000b') ? start.slice(1) : start))
    return { kind: 'built-in', mapping: 'pam-fr' };
  const text = await beginning(decoded);
  const encoding = decoded.encoding === 'utf-8' ? {} : { encoding: decoded.encoding };
  const csv = await asCsv(text);
  if (csv !== undefined) {
    const [first = [], ...rows] = csv.rows;
    const layout = {
      type: 'csv',
      ...encoding,
      delimiter: csv.delimiter,
      quote: csv.quote,
      skipLines: csv.skipLines,
    } as const;
    if (isHeader(first, rows.slice(0, 50)))
      return { kind: 'rows', sample: { format: { ...layout, header: 'yes' }, columns: first, rows } };
    const columns = [...numbered(first.length)];
    return {
      kind: 'rows',
      sample: { format: { ...layout, header: 'no', columns }, columns, rows: csv.rows },
    };
  }
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const fixed = guessFixedColumns(lines);
  if (fixed === undefined) throw permanent('map-sample-unreadable');
  const records =
    fixed.format.type === 'fixed-width' && fixed.format.header === 'yes' ? lines.slice(1) : lines;
  return {
    kind: 'rows',
    sample: {
      format: { ...fixed.format, ...encoding },
      columns: fixed.columns.map(({ name }) => name),
      rows: records.slice(0, rowsKept).map((line) => cutFixed(line, fixed.columns)),
    },
  };
}

/** Whole lines only: what the limit cuts is left out. */
async function beginning(decoded: DecodedExport): Promise<string> {
  let text = '';
  for await (const piece of decoded.texts()) {
    text += piece;
    if (text.length > charsRead) return text.slice(0, text.lastIndexOf('\n') + 1);
  }
  return text;
}

interface CsvRows {
  readonly delimiter: string;
  readonly quote: '"' | 'none';
  /** Lines of a title above the table. */
  readonly skipLines: number;
  readonly rows: readonly (readonly string[])[];
}

/** The delimiter that makes most columns of nearly every line; undefined when none makes four. */
async function asCsv(text: string): Promise<CsvRows | undefined> {
  const tried = text.slice(0, charsTried);
  for (const way of ways) {
    const tries: CsvRows[] = [];
    for (const delimiter of [';', '\t', '|', ',']) {
      if (!tried.includes(delimiter)) continue;
      const rows = await rowsOf(tried, { ...way, delimiter });
      if (rows !== undefined) tries.push({ ...way, delimiter, rows });
    }
    const [best] = tries.sort((a, b) => (b.rows[0]?.length ?? 0) - (a.rows[0]?.length ?? 0));
    const rows = best === undefined || tried === text ? best?.rows : await rowsOf(text, best);
    if (best !== undefined && rows !== undefined) return { ...best, rows };
  }
  return undefined;
}

/** Titles above the table are rare, and so are quotes that are characters like any other: tried in this order. */
const ways = (['"', 'none'] as const).flatMap((quote) =>
  [0, 1, 2, 3].map((skipLines) => ({ quote, skipLines })),
);

const charsTried = 200_000;
const leastColumns = 4;

async function rowsOf(
  text: string,
  { delimiter, quote, skipLines }: Omit<CsvRows, 'rows'>,
): Promise<CsvRows['rows'] | undefined> {
  const rows: (readonly string[])[] = [];
  let unreadable = 0;
  const reader = createCsvReader(
    {
      delimiter,
      layout: { quotes: quote === '"', skipLines, columns: undefined },
      limits: defaultReadLimits,
    },
    {
      columns: (names) => rows.push(names),
      row: (cells) => {
        if (rows.length < rowsKept) rows.push(cells.map((cell) => (typeof cell === 'string' ? cell : '')));
      },
      unreadable: () => {
        unreadable += 1;
      },
    },
  );
  try {
    // Never ended: the last row may be cut, and what is not a whole row does not count.
    await reader.write(text);
  } catch {
    // A quote in the wrong place: another reading may fit.
    return undefined;
  }
  const fits = (rows[0]?.length ?? 0) >= leastColumns && rows.length > 1 && unreadable <= rows.length * 0.05;
  return fits ? rows : undefined;
}
