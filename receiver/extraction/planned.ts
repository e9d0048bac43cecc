/** null: nothing there. hidden: a small number, or one that would give a small one away. */
export type Cell = string | number | null | { readonly hidden: true };

export interface Column {
  /** Stable name: the header of a CSV, the name in Parquet. */
  readonly name: string;
  /** What people read. */
  readonly title: string;
  readonly kind: 'text' | 'integer';
}

/** One part of the work, so that progress can be told: the rows of a facility's day, or of one period. */
export interface Portion {
  readonly done: number;
  readonly rows: readonly (readonly Cell[])[];
}

export interface ExtractionPlan {
  readonly columns: readonly Column[];
  /** What a reader must know: what was hidden and why, days not whole, which version of the groups. */
  readonly notes: readonly string[];
  /** Portions in all. */
  readonly parts: number;
  /** Reads as it goes: nothing is held. Throws the signal's reason when it fires. */
  portions(signal: AbortSignal): AsyncIterable<Portion>;
}
