import { hash } from 'node:crypto';
import type { Replacement } from '../../shared/feeds/feed.ts';
import { instantToCompact, type Day } from '../../shared/runtime/paris-time.ts';
import type { DispatchCause, DispatchRow } from '../store/dispatch-table.ts';
import type { StoreTx } from '../store/store.ts';
import type { DispatchFormat } from './formats/format.ts';
import { latestOfParts } from './latest-of-parts.ts';

/** Where the records of a feed go, and in what form. */
export interface DispatchTarget {
  readonly name: string;
  readonly feed: string;
  /** Whether a change is dispatched at once, or waits for the destination's calendar. */
  readonly atOnce: boolean;
  readonly takes: (facility: string) => boolean;
  /** The form of dispatches composed at this instant (epoch ms). */
  readonly formatAt: (now: number) => DispatchFormat;
}

export interface Changed {
  readonly facility: string;
  readonly feed: string;
  readonly replacement: Replacement;
  /** Days whose records changed. */
  readonly days: Iterable<Day>;
  /** Null when a decision, an alias, the calendar or a replay asks. */
  readonly export: string | null;
  readonly cause: DispatchCause;
  readonly now: number;
  /** Exports to be told of it besides those whose records a calendar or a replay shows. */
  readonly told?: readonly string[];
}

export type Composed = Pick<DispatchRow, 'id' | 'name' | 'destination' | 'from' | 'to' | 'records'>;

export interface Composition {
  readonly dispatches: readonly Composed[];
  /** Days that alone hold more records than a file should. */
  readonly daysOverLimit: readonly Day[];
}

/**
 * Rule 10: composes, inside the transaction that changed the records, what replays to exactly what is held: for every
 * run of consecutive changed days, files cut between days; for a snapshot feed, the whole state of the facility.
 */
export async function composeDispatches(
  tx: StoreTx,
  changed: Changed,
  targets: readonly DispatchTarget[],
): Promise<Composition> {
  const days = [...new Set(changed.days)].sort((a, b) => a - b);
  const dispatches: Composed[] = [];
  const daysOverLimit = new Set<Day>();
  if (days.length === 0) return { dispatches, daysOverLimit: [] };
  const runs = runsOf(days);
  // Noted now: when the agency answers, a part's latest export may be one that this dispatch knows nothing of.
  const told = changed.cause === 'decision' ? (await latestOfParts(tx, changed)).map(({ id }) => id) : [];
  for (const target of targets) {
    if (!target.atOnce || target.feed !== changed.feed || !target.takes(changed.facility)) continue;
    for (const file of await filesFor(tx, changed, runs, target)) {
      if (file.overLimit) daysOverLimit.add(file.from);
      dispatches.push(await composeFile(tx, { ...changed, told }, target, file));
    }
  }
  return { dispatches, daysOverLimit: [...daysOverLimit] };
}

/** The files that runs of days become for a destination, not composed yet. */
export async function filesFor(
  tx: StoreTx,
  changed: Omit<Changed, 'days'>,
  runs: readonly DayRun[],
  target: DispatchTarget,
): Promise<readonly File[]> {
  if (changed.replacement === 'snapshot') return wholeState(tx, changed);
  return filesOf(tx, changed, runs, target.formatAt(changed.now).maxRecords);
}

export interface File {
  readonly from: Day;
  readonly to: Day;
  /** The days of from..to that hold records. */
  readonly days: readonly Day[];
  readonly overLimit: boolean;
}

export interface DayRun {
  readonly from: Day;
  readonly to: Day;
}

export function runsOf(days: readonly Day[]): readonly DayRun[] {
  const runs: DayRun[] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last !== undefined && last.to + 1 === day) runs[runs.length - 1] = { from: last.from, to: day };
    else runs.push({ from: day, to: day });
  }
  return runs;
}

async function filesOf(
  tx: StoreTx,
  { facility, feed }: Pick<Changed, 'facility' | 'feed'>,
  runs: readonly DayRun[],
  maxRecords: number,
): Promise<readonly File[]> {
  const files: File[] = [];
  for (const run of runs) {
    for (const { from, to } of await stillWhole(tx, { facility, feed }, run)) {
      const counts = await tx.records.countsByDay(facility, feed, from, to);
      files.push(...cut({ from, to }, counts, maxRecords));
    }
  }
  return files;
}

/**
 * Without the days whose records are past their time: a file that says nothing of them, or only what came since, would have
 * an agency drop what it rightly holds. To purge is not to say that a visit never was.
 */
async function stillWhole(
  tx: StoreTx,
  of: Pick<Changed, 'facility' | 'feed'>,
  { from, to }: DayRun,
): Promise<readonly DayRun[]> {
  const purged = new Set(await tx.retention.purgedDays(of, from, to));
  if (purged.size === 0) return [{ from, to }];
  const days: Day[] = [];
  for (let day = from; day <= to; day = (day + 1) as Day) if (!purged.has(day)) days.push(day);
  return runsOf(days);
}

/** Cuts a run between days, so that no file holds more than `maxRecords` unless one day alone does. */
export function cut(
  run: DayRun,
  counts: readonly { readonly day: Day; readonly count: number }[],
  maxRecords: number,
): readonly File[] {
  const files: File[] = [];
  let from = run.from;
  let days: Day[] = [];
  let total = 0;
  const close = (to: Day): void => {
    files.push({ from, to, days, overLimit: total > maxRecords });
    from = (to + 1) as Day;
    days = [];
    total = 0;
  };
  for (const { day, count } of counts) {
    // Empty days before a cut go with the file before it.
    if (total > 0 && total + count > maxRecords) close((day - 1) as Day);
    // A day that is too large stands alone: its finding names it, and no other day travels with it.
    if (count > maxRecords && from < day) close((day - 1) as Day);
    days.push(day);
    total += count;
  }
  close(run.to);
  return files;
}

const firstDay = -400_000 as Day;
const lastDay = 400_000 as Day;

async function wholeState(
  tx: StoreTx,
  { facility, feed }: Pick<Changed, 'facility' | 'feed'>,
): Promise<readonly File[]> {
  const counts = await tx.records.countsByDay(facility, feed, firstDay, lastDay);
  const days = counts.map(({ day }) => day);
  const [from, to] = [days[0], days.at(-1)];
  return from === undefined || to === undefined ? [] : [{ from, to, days, overLimit: false }];
}

/** Composes one file from what the store holds now, and puts it in its destination's queue. */
export async function composeFile(
  tx: StoreTx,
  { facility, feed, export: exportId, cause, now, told = [] }: Omit<Changed, 'days'>,
  { name: destination, formatAt }: DispatchTarget,
  { from, to, days }: File,
): Promise<Composed> {
  const format = formatAt(now);
  const bodies: string[] = [];
  const sources = new Set(told);
  for (const day of days) {
    for (const { body, export: source } of await tx.records.bodiesOfDay(facility, feed, day)) {
      bodies.push(body);
      if (cause === 'schedule' || cause === 'replay') sources.add(source);
    }
  }
  const last = await tx.dispatches.lastExtract(facility, destination);
  const extract = Math.max(wallClockSecond(now), last === undefined ? 0 : last + 1000);
  const content = format.compose({ facility, from, to, extract, bodies });
  const row = {
    ...{ name: format.fileName({ facility, extract, from, to }), destination, facility, feed, from, to },
    ...{ records: bodies.length, extract, digest: hash('sha256', content, 'hex') },
    ...{ composedAt: now, export: exportId, cause, format: `${format.name} ${format.version}` },
  };
  const id = await tx.dispatches.put(row, content, [...sources]);
  return { id, name: row.name, destination, from, to, records: bodies.length };
}

/** The clock on the wall in Paris, written as if it were UTC: names stay in order when the hour comes twice. */
export function wallClockSecond(now: number): number {
  const text = instantToCompact(now);
  const part = (from: number, to: number): number => Number(text.slice(from, to));
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14));
}
