import type { Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Store } from '../store/store.ts';
import type { ExtractionRequest, Requester } from './request.ts';

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

export interface PlanDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * What an extraction would give, refused before anything is read when the requester may not have it. Throws
 * `extraction-rows-refused`, `extraction-field-refused`, `extraction-facility-refused`, `extraction-split-unknown`,
 * `extraction-group-unknown`, `extraction-period-future`.
 */
export async function planExtraction(
  _deps: PlanDeps,
  _requester: Requester,
  _request: ExtractionRequest,
): Promise<ExtractionPlan> {
  throw permanent('extraction-rows-refused');
}

/** Fields of rows that a requester may ask for, with what they mean; empty: aggregates only. */
export function fieldsFor(_requester: Requester, _language: Language): readonly Column[] {
  return [];
}

/** Splits of aggregates. */
export function splitsFor(_requester: Requester, _language: Language): readonly Column[] {
  return [];
}
