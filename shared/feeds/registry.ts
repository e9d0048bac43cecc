import { bedAvailability } from './bed-availability.ts';
import { edVisits } from './ed-visits.ts';
import type { Feed } from './feed.ts';

export const allFeeds: readonly Feed[] = [edVisits, bedAvailability];

const byName: ReadonlyMap<string, Feed> = new Map(allFeeds.map((feed) => [feed.name, feed]));

export function feedNamed(name: string): Feed | undefined {
  return byName.get(name);
}
