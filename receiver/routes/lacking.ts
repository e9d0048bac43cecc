import { allFeeds } from '../../shared/feeds/registry.ts';
import type { LackingPart } from '../../shared/protocol/push.ts';
import { dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { PartRow, StoreTx } from '../store/store.ts';

/** How far back a hospital is expected to have its exports still. */
const days = 60;

/**
 * Of the parts that an agent feeds day by day: the days that hold no record and that no trusted window has covered, after
 * the first day the part ever had and before today.
 */
export async function lackingOf(tx: StoreTx, agent: string, now: number): Promise<LackingPart[]> {
  const today = dayOfInstant(now);
  const lacking: LackingPart[] = [];
  for (const { name, rhythm } of allFeeds) {
    if (rhythm.every !== 'day') continue;
    for (const part of await tx.records.partsOfAgent(agent, name)) {
      const found = await lackingDays(tx, part, today);
      if (found.length === 0) continue;
      lacking.push({ facility: part.facility, feed: part.feed, part: part.part, days: found });
    }
  }
  return lacking.slice(0, 1000);
}

async function lackingDays(tx: StoreTx, part: PartRow, today: Day): Promise<string[]> {
  const first = await tx.records.firstDay(part);
  if (first === undefined) return [];
  const from = Math.max(first + 1, today - days);
  const to = today - 1;
  if (from > to) return [];
  const known = new Set((await tx.records.days(part, from as Day, to as Day)).map(({ day }) => day));
  return Array.from({ length: to - from + 1 }, (_none, index) => (from + index) as Day)
    .filter((day) => !known.has(day))
    .map(dayToIso);
}
