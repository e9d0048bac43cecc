import type { Day } from '../../../shared/runtime/paris-time.ts';
import { reaches } from '../../accounts/profile.ts';
import type { StoreTx } from '../../store/store.ts';
import { readAgentsOf, type SeenAgent } from './facility-agents.ts';
import { readDayOf, type SeenDay } from './facility-day.ts';
import { readExports, seenExport, type SeenExport } from './facility-exports.ts';
import { judgeFacility, type JudgedFeed, type Judging } from './facility-judgement.ts';
import type { ViewReach } from './reach.ts';

export interface SeenFacility {
  readonly finess: string;
  readonly name: string;
}

export interface FacilitySpan {
  readonly from: Day;
  readonly to: Day;
  readonly now: number;
}

/** What the pages of one facility ask. Of what is unknown, or beyond the viewer's reach: undefined or nothing. */
export interface FacilityReads {
  named(facility: string): Promise<SeenFacility | undefined>;
  agents(facility: string, now: number): Promise<readonly SeenAgent[]>;
  /** Its feeds, the daily ones first, each day of the span judged. */
  judged(facility: string, judging: Judging, span: FacilitySpan): Promise<readonly JudgedFeed[]>;
  /** The latest exports of a feed. */
  exports(facility: string, feed: string, now: number, limit: number): Promise<readonly SeenExport[]>;
  /** One day, judged in its span. */
  day(facility: string, feed: JudgedFeed, day: Day, now: number): Promise<SeenDay | undefined>;
}

/** Exports older than this are looked up among the batches. */
const exportsBackDays = 92;

export function createFacilityReads(tx: StoreTx, { facilities }: ViewReach): FacilityReads {
  const within = async <T>(facility: string, otherwise: T, work: () => Promise<T>): Promise<T> =>
    reaches(facilities, facility) ? work() : otherwise;
  return {
    named: (facility) =>
      within<SeenFacility | undefined>(facility, undefined, async () => {
        const row = await tx.facilities.get(facility);
        return row === undefined ? undefined : { finess: row.finess, name: row.name };
      }),
    agents: (facility, now) => within(facility, [], () => readAgentsOf(tx, facility, now)),
    judged: (facility, judging, span) =>
      within(facility, [], () => judgeFacility(tx, judging, facility, span)),
    exports: (facility, feed, now, limit) =>
      within<readonly SeenExport[]>(facility, [], async () => {
        const from = now - exportsBackDays * 86_400_000;
        const rows = await readExports(tx, { facility, feed, from, to: now + 1 }, limit);
        const found: SeenExport[] = [];
        for (const row of rows) found.push(await seenExport(tx, row));
        return found;
      }),
    day: (facility, feed, day, now) =>
      within<SeenDay | undefined>(facility, undefined, () => readDayOf(tx, feed, { facility, day, now })),
  };
}
