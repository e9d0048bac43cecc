import type { AlertRow } from '../store/alert-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { SeenState } from '../store/watch-tables.ts';
import { familyOf, type Condition } from './condition.ts';
import { facilityConditions } from './facility-conditions.ts';
import type { RegionFacts } from '../monitor/region-facts.ts';

/**
 * Troubles that began and ended since the last round: what is seen now does not show them, the changes that the watching
 * wrote down do. They are kept as alerts that are over, and count as returns when they come again; nobody need act, so
 * nobody is told.
 */
export interface Passed {
  readonly conditions: readonly Condition[];
  /** Changes up to this one have been read. */
  readonly transition: number;
  readonly isMore: boolean;
}

const mostTransitions = 2000;

export async function readPassed(
  tx: StoreTx,
  region: Pick<RegionFacts, 'signsOf' | 'annualOf' | 'noticeOf' | 'names'>,
  current: readonly Condition[],
  now: number,
): Promise<Passed> {
  const last = await tx.alerts.round();
  // What was before alerts were first kept is not told afterwards.
  if (last === undefined)
    return { conditions: [], transition: await tx.watch.newestTransition(), isMore: false };
  const changes = await tx.watch.transitions(last.transition, mostTransitions);
  const troubled: SeenState[] = changes
    .filter(({ facility }) => region.names.has(facility))
    .map(({ facility, feed, day, state, cause, at }) => ({ facility, feed, day, state, cause, since: at }))
    .filter(({ facility, cause }) => cause !== null && !isCovered(current, facility, cause));
  return {
    conditions: await facilityConditions(tx, region, troubled, now),
    transition: changes.at(-1)?.id ?? last.transition,
    isMore: changes.length === mostTransitions,
  };
}

/** The same trouble of this facility, whichever way it shows itself, alone or with others. */
export function isCovered(
  alerts: readonly Pick<AlertRow, 'cause' | 'members' | 'facility'>[],
  facility: string | null,
  cause: AlertRow['cause'],
): boolean {
  return alerts.some(
    (one) =>
      familyOf(one.cause) === familyOf(cause) &&
      (one.facility === facility || (facility !== null && one.members.includes(facility))),
  );
}
