import type { Day } from '../../../shared/runtime/paris-time.ts';
import { isOpen } from '../../care/ask-days.ts';
import { declaredOn, type Declared } from '../../care/declared.ts';
import { lackingDays } from '../../care/lacking-days.ts';
import { dailyFeeds } from '../../monitor/rhythm.ts';
import type { DayRequest, HandCount, RequestedDay } from '../../store/care-tables.ts';
import type { StoreTx } from '../../store/store.ts';

/** What one facility still owes, and what was asked of it. */
export interface FacilityCatchUp {
  readonly finess: string;
  readonly name: string;
  /** Days without anything, by feed and part, in order. */
  readonly lacking: readonly LackingRun[];
  /** Open ones, and those that ended within a month; the latest first. */
  readonly requests: readonly (DayRequest & { readonly days: readonly RequestedDay[] })[];
}

/** Days in a row that are alike. */
export interface LackingRun {
  readonly feed: string;
  readonly part: string;
  readonly from: Day;
  readonly to: Day;
  /** Its days were on paper: what was counted by hand meanwhile. */
  readonly paper: boolean;
  readonly byHand: number | null;
  /** What the request that asks for it came to; null: nobody asked. */
  readonly request: DayRequest | null;
  /** The agent has no file that holds it. */
  readonly absent: boolean;
}

const endedShownMs = 30 * 86_400_000;

/** Undefined when nothing lacks and nothing was asked. */
export async function catchUpOf(
  tx: StoreTx,
  { finess, name }: { readonly finess: string; readonly name: string },
  declared: readonly Declared[],
  now: number,
): Promise<FacilityCatchUp | undefined> {
  const requests = [];
  for (const request of await tx.care.requests.of(finess, 100))
    if (isOpen(request) || now - (request.closedAt ?? now) <= endedShownMs)
      requests.push({ ...request, days: await tx.care.requests.daysOf(request.id) });

  const lacking: LackingRun[] = [];
  for (const { name: feed } of dailyFeeds)
    for (const part of await tx.records.parts(finess, feed)) {
      const days = await lackingDays(tx, part, declared, now);
      if (days.length === 0) continue;
      const [first, last] = [days[0] ?? (0 as Day), days.at(-1) ?? (0 as Day)];
      const counts = (await tx.care.handCounts.of(finess, first, last)).filter((each) => each.feed === feed);
      for (const day of days) {
        const asked = requests.find(
          (each) =>
            each.feed === feed &&
            each.part === part.part &&
            each.state !== 'withdrawn' &&
            each.days.some((one) => one.day === day),
        );
        const state = asked?.days.find((one) => one.day === day)?.state;
        add(lacking, {
          ...{ feed, part: part.part, from: day, to: day },
          paper: declaredOn(declared, { facility: finess, feed }, day) === 'degraded',
          byHand: countOn(counts, day),
          request: asked ?? null,
          absent: state === 'absent',
        });
      }
    }
  return lacking.length + requests.length === 0 ? undefined : { finess, name, lacking, requests };
}

function countOn(counts: readonly HandCount[], day: Day): number | null {
  return counts.find((each) => each.day === day)?.count ?? null;
}

function add(runs: LackingRun[], next: LackingRun): void {
  const last = runs.at(-1);
  const isNext =
    last !== undefined &&
    last.to === next.from - 1 &&
    last.feed === next.feed &&
    last.part === next.part &&
    last.paper === next.paper &&
    last.absent === next.absent &&
    last.request?.id === next.request?.id;
  if (!isNext) runs.push(next);
  else
    runs[runs.length - 1] = {
      ...last,
      to: next.to,
      byHand: last.byHand === null && next.byHand === null ? null : (last.byHand ?? 0) + (next.byHand ?? 0),
    };
}
