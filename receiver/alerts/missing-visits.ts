import type { Day } from '../../shared/runtime/paris-time.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import type { StoreTx } from '../store/store.ts';
import type { FeedOfFacility } from '../store/watch-tables.ts';

const habitDays = 56;

/** Visits that these days lack, estimated: what the same weekdays had, or a year's declared share; less what is here. */
export async function missingOf(
  tx: StoreTx,
  { facility, feed }: FeedOfFacility,
  days: readonly Day[],
  annual: number | undefined,
): Promise<number> {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || feedNamed(feed)?.rhythm.every !== 'day') return 0;
  const from = (first - habitDays) as Day;
  const imported = await tx.watch.imported(facility, feed, from, last);
  const counts = new Map(imported.map(({ day, count }) => [day, count]));
  for (const { day, count } of await tx.watch.counts(facility, feed, from, last)) counts.set(day, count);
  const troubled = new Set(days);
  return days.reduce((sum, day) => {
    const alike = [...counts]
      .filter(([other, count]) => !troubled.has(other) && (day - other) % 7 === 0 && count > 0)
      .map(([, count]) => count);
    const usual = alike.length === 0 ? (annual ?? 0) / 365 : median(alike);
    return sum + Math.max(0, Math.round(usual - (counts.get(day) ?? 0)));
  }, 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
