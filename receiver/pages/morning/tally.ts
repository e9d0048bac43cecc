import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import { dailyFeeds } from '../../monitor/rhythm.ts';
import type { RegionSeen, SeenPair } from '../reads/region-seen.ts';

/** What the morning is about: the visit day that was due, over all facilities. */
export interface Tally {
  /** Yesterday. */
  readonly day: Day;
  /** Feeds of the day by facility, of those that have sent at least once, with their cell of that day. */
  readonly rows: readonly TallyRow[];
  /** Facilities by FINESS. */
  readonly connected: ReadonlySet<string>;
  readonly toTreat: ReadonlySet<string>;
  /** Not due yet, and not to be treated for another reason. */
  readonly pending: ReadonlySet<string>;
  readonly visits: number;
  /** Null as long as nothing is expected of anybody. */
  readonly expected: number | null;
}

export interface TallyRow {
  readonly pair: SeenPair;
  readonly cell: WatchedDay;
}

const daily = new Set(dailyFeeds.map(({ name }) => name));

export function isDaily({ feed }: { readonly feed: string }): boolean {
  return daily.has(feed);
}

export function tallyOf(seen: RegionSeen): Tally {
  const day = (seen.to - 1) as Day;
  const rows = seen.pairs.filter(isDaily).flatMap((pair) => {
    const cell = pair.days.findLast((each) => each.day === day);
    return cell === undefined || cell.state === 'not-connected' ? [] : [{ pair, cell }];
  });
  const toTreat = new Set(seen.calls.map(({ facility }) => facility));
  const pending = rows.filter(({ cell, pair }) => cell.state === null && !toTreat.has(pair.facility));
  const open = rows.filter(({ cell }) => cell.state !== 'closed');
  const known = open.filter(({ cell }) => cell.expected !== null);
  return {
    ...{ day, rows, toTreat },
    connected: new Set([...rows.map(({ pair }) => pair.facility), ...toTreat]),
    pending: new Set(pending.map(({ pair }) => pair.facility)),
    visits: rows.reduce((sum, { cell }) => sum + cell.count, 0),
    expected:
      known.length === 0
        ? null
        : open.reduce((sum, { cell }) => sum + (cell.expected?.median ?? cell.count), 0),
  };
}
