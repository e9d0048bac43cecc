import { allFeeds } from '../../shared/feeds/registry.ts';
import type { LackingPart } from '../../shared/protocol/push.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { declaredForLacking, lackingDays } from '../care/lacking-days.ts';
import type { StoreTx } from '../store/store.ts';

/** Of the parts that an agent feeds day by day: the days that the region lacks. */
export async function lackingOf(tx: StoreTx, agent: string, now: number): Promise<LackingPart[]> {
  const declared = await declaredForLacking(tx, now);
  const lacking: LackingPart[] = [];
  for (const { name, rhythm } of allFeeds) {
    if (rhythm.every !== 'day') continue;
    for (const part of await tx.records.partsOfAgent(agent, name)) {
      const found = await lackingDays(tx, part, declared, now);
      if (found.length === 0) continue;
      lacking.push({
        ...{ facility: part.facility, feed: part.feed, part: part.part },
        days: found.map(dayToIso),
      });
    }
  }
  return lacking.slice(0, 1000);
}
