import type { Finding } from '../../shared/feeds/feed.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { DayChange } from '../store/listing-tables.ts';
import type { Scope } from '../store/record-scope.ts';
import type { StoreTx } from '../store/store.ts';
import type { ExportContent } from './content.ts';
import type { Window } from './judgement.ts';
import type { Order } from './order.ts';
import type { RecordKeys } from './record-keys.ts';

export interface Counts {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly stale: number;
  readonly suspended: number;
}

export const noCounts: Counts = { added: 0, updated: 0, removed: 0, unchanged: 0, stale: 0, suspended: 0 };

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    added: one.added + other.added,
    updated: one.updated + other.updated,
    removed: one.removed + other.removed,
    unchanged: one.unchanged + other.unchanged,
    stale: one.stale + other.stale,
    suspended: one.suspended + other.suspended,
  };
}

/** One export, or the share of it that falls to one facility, about to meet what the store holds for a scope. */
export interface ApplyInput {
  readonly tx: StoreTx;
  readonly scope: Scope;
  readonly keys: RecordKeys;
  readonly content: ExportContent;
  readonly order: Order;
  readonly window: Window | null;
  /** Visit ids that the source says never were. */
  readonly withdrawn: readonly string[];
  readonly export: string;
  readonly now: number;
  /** What names a record on any day when its source gives no visit id: the natural key, unless the feed replaces by window. */
  readonly keyNames: boolean;
  /** False when a person has already decided. */
  readonly guarded: boolean;
}

export interface Applied {
  readonly kind: 'applied' | 'suspended' | 'rekeying';
  readonly counts: Counts;
  /** Days whose records changed. */
  readonly touched: ReadonlySet<Day>;
  /** At most 1,000. */
  readonly findings: readonly Finding[];
  /** How many there are, listed or not. All are `possible-duplicate`. */
  readonly findingsTotal: number;
  /** Exports whose pending removals a newer window took the place of. */
  readonly superseded: ReadonlySet<string>;
  /** What it did to each day that it met and that held, or holds, something. */
  readonly days: readonly AppliedDay[];
}

export type AppliedDay = Omit<DayChange, 'facility'>;
