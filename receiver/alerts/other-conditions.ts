import type { RegionFacts } from '../monitor/region-facts.ts';
import type { AlertCause, AlertKind } from '../store/alert-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { Condition } from './condition.ts';

const dayMs = 24 * 3_600_000;
/** The watching looks every minute. */
export const staleMs = 5 * 60_000;
const most = 200;

/** One condition for a destination, however many facilities it keeps waiting; a pause is somebody's will for a day. */
export function destinationConditions(
  { blocked }: Pick<RegionFacts, 'blocked'>,
  now: number,
): readonly Condition[] {
  return blocked.flatMap(({ name, feed, pausedBy, since, files, records }) => {
    if (pausedBy !== null && (now - since < dayMs || files === 0)) return [];
    return [
      {
        ...{ key: `destination ${name}`, kind: 'destination', facility: null, feed, destination: name },
        ...{
          members: [],
          state: 'blocked',
          days: [],
          missing: records,
          facts: { files },
          since,
          onset: since,
        },
        cause: pausedBy === null ? 'destination-down' : 'destination-paused',
      } as const,
    ];
  });
}

/**
 * What goes wrong in the receiver itself, or that no day's state shows. `resumedAt`: a receiver that was out until then has
 * not looked meanwhile, and looks now.
 */
export async function receiverConditions(
  tx: StoreTx,
  { now, resumedAt }: { readonly now: number; readonly resumedAt: number | undefined },
): Promise<readonly Condition[]> {
  const found: Condition[] = [];
  const incomplete = await tx.exports.incompleteSince(now - dayMs);
  for (const one of firstOf(incomplete.slice(0, most), ({ facility, feed }) => `${facility} ${feed}`)) {
    const { facility, feed, receivedAt } = one;
    const about = { facility, feed, members: [facility], since: receivedAt };
    found.push(faultOf('facility', 'export-incomplete', `incomplete ${facility} ${feed}`, about));
  }
  for (const { facility, receivedAt } of firstOf(
    await tx.exports.inState('waiting', most),
    (row) => row.facility,
  ))
    found.push(
      faultOf('receiver', 'facility-unknown', `unknown ${facility}`, { facility, since: receivedAt }),
    );
  for (const { agent, feed, receivedAt } of await tx.alerts.gaps(now - dayMs, most)) {
    const members = (await tx.agents.get(agent))?.facilities ?? [];
    const facility = members[0] ?? null;
    found.push(
      faultOf('receiver', 'ledger-gap', `gap ${agent} ${feed}`, { facility, feed, since: receivedAt }),
    );
  }
  const lookedAt = await tx.watch.lastRun();
  if (lookedAt !== undefined && now - Math.max(lookedAt, resumedAt ?? 0) > staleMs)
    found.push(faultOf('receiver', 'watch-stale', 'watch', { since: lookedAt }));
  return found;
}

function faultOf(
  kind: AlertKind,
  cause: AlertCause,
  key: string,
  about: Pick<Condition, 'since'> & Partial<Pick<Condition, 'facility' | 'feed' | 'members'>>,
): Condition {
  return {
    ...{ facility: null, feed: null, destination: null, members: [], state: 'fault', days: [], missing: 0 },
    ...{ facts: {}, key, kind, cause, onset: about.since },
    ...about,
  };
}

/** The first of each name: the oldest, as they come. */
function firstOf<Row>(rows: readonly Row[], nameOf: (row: Row) => string): readonly Row[] {
  return [...new Map([...rows].reverse().map((row) => [nameOf(row), row])).values()];
}
