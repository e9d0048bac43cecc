import type { Clock } from '../../shared/runtime/clock.ts';
import type { Actor } from '../pages/page.ts';
import type { StoreTx } from '../store/store.ts';

/** One line of the audit log: who did what to what, and why. Facts are ids, counts and names; never a record's value. */
export interface AuditEntry {
  /** Dotted: `alert.take`, `removals.confirm`, `record.read`, `account.create`. */
  readonly action: string;
  /** What it was done to: an id, a FINESS, a destination. */
  readonly subject: string;
  readonly facility?: string;
  readonly destination?: string;
  readonly reason?: string;
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** In the transaction of what it tells of: neither is ever there without the other. */
export async function appendAudit(
  _tx: StoreTx,
  _clock: Clock,
  _actor: Actor,
  _entry: AuditEntry,
): Promise<void> {
  // Filled by the chain's own change.
}
