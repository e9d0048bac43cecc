import type { Language } from '../../../shared/i18n/texts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { WatchState } from '../../store/watch-tables.ts';

/** One day: what came, and what was to be expected when enough is known to say it. */
export interface VolumePoint {
  readonly day: Day;
  readonly count: number;
  /** null: not due yet. */
  readonly state: WatchState | null;
  readonly expected: { readonly median: number; readonly p10: number; readonly p90: number } | null;
}

export interface VolumeOptions {
  readonly language: Language;
  /** What is counted: "Passages". */
  readonly noun: string;
  /** Distinguishes the drawings of one page. */
  readonly id: string;
  /** Where a day's row leads. */
  readonly dayPath?: (day: Day) => string;
}
