import type { WatchedDay } from '../../monitor/evaluate.ts';
import type { FeedOfFacility } from '../../store/watch-tables.ts';
import type { ViewReach } from './reach.ts';

/** The region as the watching sees it: every facility's days, judged, within one viewer's reach. */
export interface RegionSeen {
  /** When it was judged, epoch ms. */
  readonly at: number;
  readonly pairs: readonly (FeedOfFacility & {
    readonly name: string;
    readonly days: readonly WatchedDay[];
  })[];
}

/** Judged once for all who look, again when the watching loop has been round. */
export interface RegionView {
  seenBy(reach: ViewReach): Promise<RegionSeen>;
}

export function createRegionView(): RegionView {
  return { seenBy: async () => ({ at: 0, pairs: [] }) };
}
