import type { Row } from '../mapping/compiled-mapping.ts';

/** What a reader of lines gives out: the columns once, then row by row. Lines and records are 1-based. */
export interface RowHandlers {
  /** The names of the columns, trimmed; `line` 0 = the export has no line that names them. */
  columns(names: readonly string[], line: number): void;
  row(row: Row, line: number, record: number): void;
  /** A line that does not add up: which value belongs where cannot be known. */
  unreadable(line: number, record: number): void;
}

export interface RowReader {
  write(piece: string): Promise<void>;
  end(): Promise<{ readonly records: number }>;
}

/** Drops the first lines of a text that comes in pieces; a line end may be cut between two of them. */
export function createLineSkipper(lines: number): (piece: string) => string {
  let left = lines;
  let afterReturn = false;
  return (piece) => {
    let at = 0;
    while (left > 0 && at < piece.length) {
      const character = piece[at];
      at += 1;
      if (character === '\n' && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = character === '\r';
      if (character === '\n' || character === '\r') left -= 1;
    }
    // The line feed of the last line skipped belongs to it.
    if (left === 0 && afterReturn && at < piece.length) {
      afterReturn = false;
      if (piece[at] === '\n') at += 1;
    }
    return at === 0 ? piece : piece.slice(at);
  };
}
