import { parse, CsvError } from 'csv-parse';
import { permanent, type Fault } from '../../shared/runtime/errors.ts';
import type { CsvLayout } from '../mapping/compiled-mapping.ts';
import type { ReadLimits } from './limits.ts';
import { createLineSkipper, type RowHandlers, type RowReader } from './row-reader.ts';

/**
 * Rows of delimited text. A quote in the wrong place makes everything after it doubtful, so it rejects the export
 * (`csv-quote-misplaced`, `csv-quote-unclosed`) at the line where its row starts; a row with too few or too many
 * columns is only lost itself. Blank rows are skipped. Where the layout says that quotes are characters like any other,
 * nothing can be misplaced, and a line end always ends a row.
 */
export function createCsvReader(
  settings: {
    readonly delimiter: string;
    /** Default: a header line first, quotes as usual. */
    readonly layout?: Pick<CsvLayout, 'quotes' | 'skipLines' | 'columns'>;
    readonly limits: ReadLimits;
  },
  handlers: RowHandlers,
): RowReader {
  const { limits, layout = plainLayout } = settings;
  const skip = createLineSkipper(layout.skipLines);
  let width = 0;
  let records = 0;
  let lastLine = 0;
  let overcount = 0;

  // csv-parse counts the two characters of a quoted line end as two lines: what it counted too much is taken off.
  const linesOf = (cells: readonly string[]): { readonly first: number; readonly last: number } => {
    const counted = parser.info.lines;
    if (counted - overcount === lastLine + 1)
      return { first: counted - overcount, last: counted - overcount };
    let breaks = 0;
    for (const cell of cells) {
      const pairs = cell.split('\r\n').length - 1;
      breaks += cell.split(/\r\n|\r|\n/).length - 1;
      overcount += pairs;
    }
    const last = counted - overcount;
    return { first: last - breaks, last };
  };

  const faultAt = (code: string, line: number): Fault =>
    permanent(code, { position: records > 0 ? { line, record: records } : { line } });

  const take = (cells: readonly string[]): null => {
    const lines = linesOf(cells);
    lastLine = lines.last;
    if (cells.every((cell) => cell.trim() === '')) return null;
    const first = layout.skipLines + lines.first;
    if (width === 0) {
      width = (layout.columns ?? cells).length;
      handlers.columns(
        layout.columns ?? cells.map((cell) => cell.trim()),
        layout.columns === undefined ? first : 0,
      );
      if (layout.columns === undefined) return null;
    }
    records += 1;
    if (records > limits.records) throw faultAt('export-too-many-records', first);
    if (cells.some((cell) => cell.length > limits.fieldChars)) throw faultAt('csv-field-too-long', first);
    if (cells.length === width) handlers.row(cells, first, records);
    else handlers.unreadable(first, records);
    return null;
  };

  const parser = parse({
    delimiter: settings.delimiter,
    quote: layout.quotes ? '"' : null,
    record_delimiter: ['\r\n', '\n', '\r'],
    // Blanks around quotes and unquoted texts mean nothing; inside quotes they stay.
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: limits.recordChars,
    // Rows are taken as they are parsed and never enter the stream's own queue.
    on_record: take,
  });
  let failure: Error | undefined;
  parser.on('error', (error) => {
    failure ??= error;
  });
  parser.resume();

  const failed = (error: Error): Error => {
    if (!(error instanceof CsvError)) return error;
    const code = codes[error.code] ?? 'csv-not-readable';
    return permanent(code, { position: { line: layout.skipLines + lastLine + 1, record: records + 1 } });
  };

  const pushed = (push: (done: (error?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      push((error) => {
        const cause = failure ?? error;
        if (cause === undefined || cause === null) resolve();
        else reject(failed(cause));
      });
    });

  return {
    write: (piece) => pushed((done) => parser.write(skip(piece), 'utf8', done)),
    end: async () => {
      await pushed((done) => {
        parser.once('error', done);
        parser.once('end', () => done());
        parser.end();
      });
      return { records };
    },
  };
}

const plainLayout = { quotes: true, skipLines: 0, columns: undefined };

const codes: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'csv-quote-unclosed',
  CSV_INVALID_CLOSING_QUOTE: 'csv-quote-misplaced',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'csv-quote-misplaced',
  INVALID_OPENING_QUOTE: 'csv-quote-misplaced',
  CSV_MAX_RECORD_SIZE: 'record-too-long',
};
