import type { AlertCause, AlertRow } from '../store/alert-tables.ts';
import type { AlertsConfig } from '../config-alerts.ts';
import { familyOf, isOfAgent, type Condition } from './condition.ts';

/**
 * Facilities that fall silent together have one cause: a network cut, a power failure, this receiver's own outage. They are
 * one alert as long as half of the smallest number that makes one is still silent; those that are silent after that get their own.
 */
export interface Gathering {
  readonly conditions: readonly Condition[];
  /** Facilities told of by the wider alert. */
  readonly gathered: ReadonlySet<string>;
}

export const regionKey = 'region absence';

export function gatherCommonCause(
  conditions: readonly Condition[],
  open: readonly AlertRow[],
  together: AlertsConfig['together'],
  connected: number,
): Gathering {
  const isAbsence = (one: Condition): boolean => one.kind === 'facility' && familyOf(one.cause) === 'absence';
  const wide = open.find(({ key }) => key === regionKey);
  // Whom people were already told of on its own stays on its own.
  const own = new Set(
    open
      .filter(
        ({ kind, toldAt, cause }) => kind === 'facility' && toldAt !== null && familyOf(cause) === 'absence',
      )
      .map(({ facility }) => facility),
  );
  const free = conditions.filter((one) => isAbsence(one) && !own.has(one.facility));
  const windowMs = together.minutes * 60_000;

  const before = free.filter(({ facility }) => facility !== null && (wide?.members ?? []).includes(facility));
  const stillWide = wide !== undefined && facilitiesOf(before).length * 2 > together.facilities;
  const cluster = clusterOf(free, together, connected);
  const joining = cluster.isEnough
    ? cluster.conditions
    : stillWide
      ? free.filter((one) => before.some((other) => Math.abs(one.onset - other.onset) <= windowMs))
      : [];
  const gathered = [...new Set([...(stillWide ? before : []), ...joining])];
  if (gathered.length === 0) return { conditions, gathered: new Set() };
  const taken = new Set(gathered);
  const names = facilitiesOf(gathered);
  return {
    conditions: [...conditions.filter((one) => !taken.has(one)), wideOf(gathered, names, wide)],
    gathered: new Set(names),
  };
}

/** Agents that were last heard at one moment are no accident; silences noted at one moment only when they are many. */
function clusterOf(
  free: readonly Condition[],
  { facilities, percent, minutes }: AlertsConfig['together'],
  connected: number,
): { readonly conditions: readonly Condition[]; readonly isEnough: boolean } {
  const threshold = Math.max(facilities, Math.ceil((connected * percent) / 100));
  const all = densest(free, minutes * 60_000);
  if (facilitiesOf(all).length >= threshold) return { conditions: all, isEnough: true };
  const unheard = densest(
    free.filter(({ cause, onset, since }) => isOfAgent(cause) && onset < since),
    minutes * 60_000,
  );
  return { conditions: unheard, isEnough: facilitiesOf(unheard).length >= facilities };
}

/** The most facilities whose trouble began within one window. */
function densest(conditions: readonly Condition[], windowMs: number): readonly Condition[] {
  const sorted = [...conditions].sort((a, b) => a.onset - b.onset);
  let best: readonly Condition[] = [];
  let from = 0;
  for (const [to, last] of sorted.entries()) {
    while (last.onset - (sorted[from]?.onset ?? last.onset) > windowMs) from += 1;
    const within = sorted.slice(from, to + 1);
    if (within.length > best.length) best = within;
  }
  return best;
}

function wideOf(
  gathered: readonly Condition[],
  names: readonly string[],
  wide: AlertRow | undefined,
): Condition {
  const days = [...new Set(gathered.flatMap((one) => one.days))].sort((a, b) => a - b);
  const since = Math.min(...gathered.map((one) => one.since));
  return {
    ...{ key: regionKey, kind: 'region', facility: null, feed: null, destination: null, state: 'silent' },
    // Who was told of it once belongs to it until it is over.
    members: [...new Set([...(wide?.members ?? []), ...names])].sort(),
    cause: commonest(gathered.map(({ cause }) => cause)),
    ...{ days, since, onset: Math.min(...gathered.map((one) => one.onset)) },
    missing: gathered.reduce((sum, one) => sum + one.missing, 0),
    facts: { remaining: names.length },
  };
}

function commonest(causes: readonly AlertCause[]): AlertCause {
  const counts = new Map<AlertCause, number>();
  for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'agent-dead';
}

function facilitiesOf(conditions: readonly Condition[]): readonly string[] {
  return [...new Set(conditions.flatMap(({ facility }) => (facility === null ? [] : [facility])))].sort();
}
