/**
 * The events of IHE PAM France (ITI TF-4, 4.1.3.3) and what each does to what is kept here. A06 and A07 have no cancelling event
 * of their own: each is cancelled by the other.
 */
export interface Trigger {
  /** What its message may do: ZBE-4 in lower case. `nothing`: it has no effect on emergency visits or beds. */
  readonly does: 'movement' | 'identity' | 'nothing';
  readonly actions: readonly ('insert' | 'update' | 'cancel')[];
  /** What it may cancel: ZBE-6. */
  readonly cancels: readonly string[];
}

const insert: Trigger = { does: 'movement', actions: ['insert'], cancels: [] };
const update: Trigger = { does: 'movement', actions: ['update'], cancels: [] };
const identity: Trigger = { does: 'identity', actions: [], cancels: [] };
const nothing: Trigger = { does: 'nothing', actions: [], cancels: [] };

function cancel(...cancels: readonly string[]): Trigger {
  return { does: 'movement', actions: ['cancel'], cancels };
}

const triggers: Readonly<Record<string, Trigger>> = {
  A01: insert,
  A02: insert,
  A03: insert,
  A04: insert,
  A06: { does: 'movement', actions: ['insert', 'cancel'], cancels: ['A07'] },
  A07: { does: 'movement', actions: ['insert', 'cancel'], cancels: ['A06'] },
  // Excluded in France, the one update elsewhere.
  A08: update,
  A11: cancel('A01', 'A04'),
  A12: cancel('A02'),
  A13: cancel('A03'),
  A21: insert,
  A22: insert,
  A52: cancel('A21'),
  A53: cancel('A22'),
  Z99: update,
  // Pre-admissions, pending admissions, transfers and discharges, attending doctors, and their cancellations.
  A05: nothing,
  A38: nothing,
  A14: nothing,
  A27: nothing,
  A15: nothing,
  A26: nothing,
  A16: nothing,
  A25: nothing,
  A54: nothing,
  A55: nothing,
  A28: identity,
  A31: identity,
  A40: identity,
  A47: identity,
};

/** Undefined for an event that is none of PAM's. */
export function triggerNamed(name: string): Trigger | undefined {
  return Object.hasOwn(triggers, name) ? triggers[name] : undefined;
}

/** Whether an event is a movement in its own right, one that ZBE-6 may name. */
export function isMovement(name: string): boolean {
  return triggerNamed(name)?.actions.includes('insert') ?? false;
}
