import type { Day } from '../../shared/runtime/paris-time.ts';
import type { AliasRow } from '../store/store.ts';

/** Days from..to of what a facility sends belong to `facility`. */
export interface Share {
  readonly facility: string;
  readonly from: Day;
  readonly to: Day;
}

export const beginning = -1_000_000 as Day;
export const end = 1_000_000 as Day;

/**
 * Rule 11: from the alias's day on, what OLD sends is NEW's; before it, what NEW sends is OLD's when exactly one OLD
 * points at it. One step only: an alias of an alias is refused when it is put.
 */
export function sharesOf(facility: string, aliases: readonly AliasRow[]): readonly Share[] {
  const leaving = aliases.find(({ old }) => old === facility);
  if (leaving !== undefined) return split(facility, leaving.to, leaving.from);
  const arriving = aliases.filter(({ to }) => to === facility);
  const only = arriving[0];
  if (only !== undefined && arriving.length === 1) return split(only.old, facility, only.from);
  return [{ facility, from: beginning, to: end }];
}

function split(before: string, after: string, day: Day): readonly Share[] {
  return [
    { facility: before, from: beginning, to: (day - 1) as Day },
    { facility: after, from: day, to: end },
  ];
}
