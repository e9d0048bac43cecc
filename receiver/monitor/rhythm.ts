import type { Feed } from '../../shared/feeds/feed.ts';
import { allFeeds } from '../../shared/feeds/registry.ts';
import { instantOf, type Day } from '../../shared/runtime/paris-time.ts';

const minuteMs = 60_000;

/** When a day of a feed must be here, epoch ms, without grace. `before`: the facility's own time on the next morning. */
export function dueAt(rhythm: Feed['rhythm'], day: Day, before?: string): number {
  const next = (day + 1) as Day;
  if (rhythm.every === 'minutes') return instantOf(next, 0).at;
  const [hours = 4, minutes = 0] = (before ?? rhythm.before ?? '04:00').split(':').map(Number);
  return instantOf(next, (hours * 60 + minutes) * minuteMs).at;
}

/** Feeds that come day by day. */
export const dailyFeeds: readonly Feed[] = allFeeds.filter(({ rhythm }) => rhythm.every === 'day');
