import type { Language } from '../../../shared/i18n/texts.ts';
import type { Cell, Column } from '../plan.ts';
import type { Written } from './file-sink.ts';

/** What a file of rows is made of, besides its rows. */
export interface Sheet {
  readonly columns: readonly Column[];
  readonly notes: readonly string[];
  readonly language: Language;
  /** Whether a number may be hidden. */
  readonly mayHide: boolean;
}

/** A file while its rows come. Nothing of it is held in memory but a block. */
export interface RowFile {
  add(rows: readonly (readonly Cell[])[]): Promise<void>;
  /** Whole and on the disk. */
  end(): Promise<Written>;
  /** Lets go of it, half made as it is, and of what was written beside it. */
  drop(): Promise<void>;
}

export type OpenRowFile = (path: string, sheet: Sheet) => Promise<RowFile>;
