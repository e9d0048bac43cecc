import type { RegionSeen, SeenDestination } from '../reads/region-seen.ts';
import type { Tally } from './tally.ts';

/** What became of the day at one destination, by facility. */
export interface Answers {
  /** Found whole at the agency, whatever it said. */
  readonly delivered: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly waiting: number;
  /** Of the day itself: files carry its neighbours too. */
  readonly visits: number;
  readonly lastAnswerAt: number | null;
}

/** Where each change goes at once and is answered: what the region's day is measured by. */
export function mainDestination({ destinations }: RegionSeen): SeenDestination | undefined {
  const atOnce = destinations.filter(({ nextAt }) => nextAt === null);
  return atOnce.find(({ acknowledges }) => acknowledges) ?? atOnce[0];
}

/** The nearest sending that a calendar asks for. */
export function nextSending({ destinations }: RegionSeen): SeenDestination | undefined {
  return destinations
    .filter(({ nextAt, pausedBy }) => nextAt !== null && pausedBy === null)
    .toSorted((a, b) => (a.nextAt ?? 0) - (b.nextAt ?? 0))[0];
}

export function answersOf({ rows }: Tally, destination: string): Answers {
  const all = rows.flatMap(({ pair, cell }) =>
    pair.deliveries
      .filter((each) => each.destination === destination)
      .map((each) => ({ ...each, visits: cell.count })),
  );
  const arrived = all.filter(({ state }) => state !== 'waiting' && state !== 'sending' && state !== 'dead');
  const answered = all.filter(({ state }) => state === 'acknowledged');
  return {
    delivered: arrived.length,
    acknowledged: answered.length,
    refused: all.filter(({ state }) => state === 'refused').length,
    waiting: all.length - arrived.length,
    visits: arrived.reduce((sum, { visits }) => sum + visits, 0),
    lastAnswerAt: answered.reduce<number | null>(
      (last, { changedAt }) => Math.max(changedAt, last ?? 0),
      null,
    ),
  };
}
