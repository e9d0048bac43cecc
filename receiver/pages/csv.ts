/**
 * A file of figures for a spreadsheet: semicolons, CRLF, a mark of UTF-8 first. A text that a spreadsheet would take for a
 * formula gets an apostrophe; numbers have the comma of French spreadsheets, or the point.
 */
export type CsvCell = string | number | null;

export function csvText(rows: readonly (readonly CsvCell[])[], decimal: ',' | '.' = ','): string {
  return `\ufeff${rows.map((row) => csvLine(row, decimal)).join('')}`;
}

/** One row of such a file, with the end of its line. */
export function csvLine(row: readonly CsvCell[], decimal: ',' | '.' = ','): string {
  return `${row.map((cell) => cellText(cell, decimal)).join(';')}\r\n`;
}

function cellText(cell: CsvCell, decimal: ',' | '.'): string {
  if (cell === null) return '';
  if (typeof cell === 'number')
    return Number.isFinite(cell) ? String(Math.round(cell * 1e4) / 1e4).replace('.', decimal) : '';
  const defused = /^[\s]*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[;"\r\n,]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}
