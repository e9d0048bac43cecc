import { permanent, type Fault } from '../../shared/runtime/errors.ts';
import type { FixedWidthLayout } from '../mapping/compiled-mapping.ts';
import type { ReadLimits } from './limits.ts';
import type { RowHandlers, RowReader } from './row-reader.ts';
import { lineWidth } from './shape.ts';

/**
 * Rows of lines whose columns have fixed places. A line that is too long is unreadable, and so is one that is too short
 * where the layout declares the length of lines; else a short line has lost its trailing blanks. Blank lines are skipped.
 * Never more than one line is held.
 */
export function createFixedWidthReader(
  settings: { readonly layout: FixedWidthLayout; readonly limits: ReadLimits },
  handlers: RowHandlers,
): RowReader {
  const { layout, limits } = settings;
  const width = lineWidth(layout);
  const columns = layout.columns.map(({ start, length }) => ({ from: start - 1, to: start - 1 + length }));
  let line = 0;
  let records = 0;
  let headers = layout.hasHeader ? 1 : 0;
  let begun = false;
  let held = '';
  let afterReturn = false;

  const faultAt = (code: string): Fault => permanent(code, { position: { line, record: records } });

  const take = (raw: string): void => {
    line += 1;
    if (line <= layout.skipLines) return;
    // Dumps from the days of DOS end with a character of their own.
    const text = raw.replaceAll('\u001a', ' ').trimEnd();
    if (text === '') return;
    if (headers > 0) {
      headers -= 1;
      return;
    }
    records += 1;
    if (records > limits.records) throw faultAt('export-too-many-records');
    const isShort = layout.lineLength !== undefined && raw.length < layout.lineLength;
    if (text.length > width || isShort) handlers.unreadable(line, records);
    else
      handlers.row(
        columns.map(({ from, to }) => text.slice(from, to).trim()),
        line,
        records,
      );
  };

  const write = (piece: string): void => {
    if (!begun) {
      begun = true;
      handlers.columns(
        layout.columns.map(({ name }) => name),
        0,
      );
    }
    const skipped = afterReturn && piece.startsWith('\n') ? 1 : 0;
    if (piece !== '') afterReturn = piece.endsWith('\r');
    const lines = (held + piece.slice(skipped)).split(/\r\n|\r|\n/);
    held = lines.pop() ?? '';
    for (const text of lines) take(text);
    if (held.length > limits.recordChars) {
      line += 1;
      records += 1;
      throw faultAt('record-too-long');
    }
  };

  return {
    write: async (piece) => {
      write(piece);
    },
    end: async () => {
      if (held !== '') take(held);
      held = '';
      return { records };
    },
  };
}
