/**
 * A file of figures for a spreadsheet: semicolons, CRLF, a mark of UTF-8 first. A text that a spreadsheet would take for a
 * formula gets an apostrophe; numbers have the comma of French spreadsheets, or the point.
 */
export type CsvCell = string | number | null;

export function csvText(rows: readonly (readonly CsvCell[])[], decimal: ',' | '.' = ','): string {
  return `\ufeff${rows.map((row) => `${row.map((cell) => cellText(cell, decimal)).join(';')}\r\n`).join('')}`;
}

function cellText(cell: CsvCell, decimal: ',' | '.'): string {
  if (cell === null) return '';
  if (typeof cell === 'number')
    return Number.isFinite(cell) ? String(Math.round(cell * 1e4) / 1e4).replace('.', decimal) : '';
  const defused = /^[\s]*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[;"\r\n,]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}
