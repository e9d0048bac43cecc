import { instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import type { ExportRow } from '../../store/export-tables.ts';
import type { StoreTx } from '../../store/store.ts';
import type { WatchTransition } from '../../store/watch-tables.ts';
import { readExports, seenExport, windowOf, type SeenExport } from './facility-exports.ts';
import type { JudgedFeed } from './facility-judgement.ts';

/** What is held of one day of one feed: counts, hours, files and ids, never a record. */
export interface SeenDay {
  readonly judged: WatchedDay | undefined;
  /** Elapsed hours of the day, 23 to 25 of them. */
  readonly hours: readonly HourSeen[];
  /** Days that the usual counts were learnt from; 0: too few. */
  readonly learntDays: number;
  readonly parts: readonly PartSeen[];
  readonly transitions: readonly WatchTransition[];
  readonly exports: readonly TouchingExport[];
  /** The latest file of each destination that covers the day. */
  readonly dispatches: readonly DispatchRow[];
}

export interface HourSeen {
  /** When it began, epoch ms. */
  readonly at: number;
  readonly count: number;
  readonly usual: number | null;
  /** In a stretch that is not empty as a rule. */
  readonly missing: boolean;
}

export interface PartSeen {
  readonly part: string;
  readonly count: number;
  readonly firstAt: number | null;
  readonly settledAt: number | null;
  /** Removals that wait for a decision, and the export that asked for them. */
  readonly pending: number;
  readonly pendingExport: string | null;
}

export interface TouchingExport extends SeenExport {
  /** Records held of this day that it wrote, or confirmed, last. */
  readonly here: number;
}

const hourMs = 3_600_000;
const referenceDays = 56;
const enoughDays = 28;
/** An export of a day comes within so many days of it, or it was asked for: then its records say so. */
const exportDays = 14;
const mostExports = 40;
const mostTransitions = 30;

export async function readDayOf(
  tx: StoreTx,
  { feed, days, facts, daily }: JudgedFeed,
  { facility, day, now }: { readonly facility: string; readonly day: Day; readonly now: number },
): Promise<SeenDay> {
  const judged = days.find((one) => one.day === day);
  const parts: PartSeen[] = [];
  const origins = new Map<string, number>();
  for (const { part } of await tx.records.parts(facility, feed)) {
    const scope = { facility, feed, part };
    const arrival = facts.arrivals.find((one) => one.day === day && one.part === part);
    const pending = await tx.removals.ofDay(scope, day);
    parts.push({
      ...{ part, count: (await tx.records.day(scope, day))?.count ?? 0 },
      ...{ firstAt: arrival?.firstAt ?? null, settledAt: arrival?.settledAt ?? null },
      ...{ pending: pending.length, pendingExport: pending.at(-1)?.export ?? null },
    });
    for (const { export: id } of await tx.records.ofDay(scope, day))
      origins.set(id, (origins.get(id) ?? 0) + 1);
  }
  const learnt = facts.hours.filter(
    (one) => one.day < day && one.day >= day - referenceDays && one.counts.some((count) => count > 0),
  );
  const enough = daily && learnt.length >= enoughDays ? learnt : [];
  return {
    ...{ judged, parts, learntDays: enough.length },
    hours: hoursOf(day, await tx.watch.instants(facility, feed, day), enough, judged?.stretches ?? []),
    transitions: await tx.watch.transitionsOf(facility, feed, day, mostTransitions),
    exports: await exportsOf(tx, { facility, feed, day, now }, origins),
    dispatches: await tx.dispatches.inForce(facility, feed, [day]),
  };
}

/** Hours that have passed since the day began: 25 on the day when the clock goes back, 23 when it goes forward. */
function hoursOf(
  day: Day,
  instants: readonly number[],
  learnt: readonly { readonly counts: readonly number[] }[],
  stretches: WatchedDay['stretches'],
): readonly HourSeen[] {
  const [start, end] = [instantOf(day, 0).at, instantOf((day + 1) as Day, 0).at];
  const length = Math.round((end - start) / hourMs);
  const counts = Array.from({ length }, () => 0);
  for (const at of instants) {
    const hour = Math.min(length - 1, Math.max(0, Math.floor((at - start) / hourMs)));
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  return counts.map((count, index) => {
    const at = start + index * hourMs;
    // The watching counts 24 hours: a 25th falls to the last one.
    const counted = Math.min(23, index);
    const local = localHour(day, at);
    const usual = learnt.reduce((sum, each) => sum + (each.counts[local] ?? 0), 0) / learnt.length;
    return {
      ...{ at, count, usual: learnt.length === 0 ? null : usual },
      missing: count === 0 && stretches.some(({ from, to }) => counted >= from && counted < to),
    };
  });
}

function localHour(day: Day, at: number): number {
  for (let hour = 0; hour < 24; hour += 1) {
    const { at: begins, clockChange } = instantOf(day, hour * hourMs);
    if (clockChange === 'skipped') continue;
    if (at >= begins && at < begins + hourMs) return hour;
    if (clockChange === 'ambiguous' && at >= begins && at < begins + 2 * hourMs) return hour;
  }
  return 23;
}

async function exportsOf(
  tx: StoreTx,
  { facility, feed, day, now }: { facility: string; feed: string; day: Day; now: number },
  origins: ReadonlyMap<string, number>,
): Promise<readonly TouchingExport[]> {
  const span = {
    from: instantOf(day, 0).at,
    to: Math.min(now, instantOf((day + exportDays) as Day, 0).at) + 1,
  };
  const rows = new Map<string, ExportRow>();
  for (const row of await readExports(tx, { facility, feed, ...span }, 1000)) {
    const { from, to } = windowOf(row);
    if (from !== undefined && to !== undefined && day >= from && day <= to) rows.set(row.id, row);
  }
  for (const id of origins.keys()) {
    const row = rows.has(id) ? undefined : await tx.exports.get(id);
    // A record that another facility's export brought is told by its count alone.
    if (row !== undefined && row.facility === facility) rows.set(id, row);
  }
  const latest = [...rows.values()]
    .sort((one, other) => other.reception - one.reception)
    .slice(0, mostExports);
  const found: TouchingExport[] = [];
  for (const row of latest) found.push({ ...(await seenExport(tx, row)), here: origins.get(row.id) ?? 0 });
  return found;
}
