import type { Side } from '../mapping/columns.ts';
import type { CompiledMapping, Value } from '../mapping/compiled-mapping.ts';

/** One row of an export that is half of a record: what the mapping reads of it, by position. */
export interface Half {
  readonly values: readonly Value[];
  /** The columns that stand at those positions, as their export names them. */
  readonly columns: readonly string[];
}

/** A row of this export and what is known of its other half. */
export interface Paired {
  readonly record: number;
  readonly line: number;
  readonly own: Half;
  /** What both halves have in common; undefined = the row has no key. */
  readonly key: string | undefined;
  /** several: rows of one export have the same key, of this one or of the other. damaged: it is there and does not open. */
  readonly other: Half | 'missing' | 'several-here' | 'several-there' | 'damaged';
}

/** The halves of one export while it is read. */
export interface HalfReading {
  put(row: {
    readonly record: number;
    readonly line: number;
    readonly key: string | undefined;
    readonly values: readonly Value[];
  }): void;
  /** Writes what has been put. */
  flush(): void;
  /** Every row put, in the order of the file, with its other half as other exports have brought it. */
  pairs(): Iterable<Paired>;
}

/** Where an export's halves are remembered. */
export interface HalfBook {
  open(mapping: CompiledMapping, side: Side, columns: readonly string[]): HalfReading;
}
