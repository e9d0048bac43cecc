import { setImmediate } from 'node:timers/promises';
import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { matcherOf, type MatchGroups } from '../../../shared/feeds/syndromic-groups.ts';
import { tallyDay } from '../../../shared/feeds/tally.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { median } from '../../monitor/statistics.ts';
import type { ReportKind } from '../../store/report-tables.ts';
import type { Store } from '../../store/store.ts';
import type { Groups } from '../groups.ts';
import { readGroups } from '../groups.ts';
import { yearBefore } from '../iso-week.ts';
import { coverageOf } from './coverage.ts';
import {
  gatherAll,
  gatherCompared,
  gatherCounts,
  gatherDay,
  gatherNothing,
  type Gathered,
} from './gathered.ts';
import {
  isWhole,
  judgeSpan,
  reportedFeed,
  type JudgeDays,
  type JudgedDay,
  type JudgingDeps,
} from './judged-days.ts';
import { addVisit, emptySums, staysOf, type Sums } from './sums.ts';

/** Days of Paris, `to` included. */
export interface ReportPeriod {
  readonly kind: ReportKind;
  readonly from: Day;
  readonly to: Day;
}

/** Figures of one facility or of the region, before anything is drawn of them. */
export interface Figures extends Gathered, ReportPeriod {
  /** null: the region. */
  readonly facility: string | null;
  readonly name: string;
  readonly groups: Groups;
  /** When they were counted, epoch ms. */
  readonly at: number;
  /** Of a region: its facilities, one line each. */
  readonly facilities: readonly FacilityLine[];
}

export interface FacilityLine {
  readonly facility: string;
  readonly name: string;
  readonly days: readonly (JudgedDay & { readonly count: number })[];
  readonly visits: number;
  readonly elderly: number;
  readonly coded: number;
  readonly stayMedian: number | null;
  /** Received of what is expected, 0 to 1 or more; null: nothing is known to expect. */
  readonly received: number | null;
  /** Items filled, of all that are due; null: none is due. */
  readonly filled: number | null;
  /** From the end of a day to its first export, the middle one; null: none is known. */
  readonly delayHours: number | null;
  readonly lowDays: number;
  /** Received in the period, whatever days they tell of. */
  readonly exports: number;
}

export interface FigureDeps extends JudgingDeps {
  /** The region's name. */
  readonly region: string;
}

export interface FiguresAsked extends ReportPeriod {
  readonly facility: string | null;
  readonly now: number;
  /** Of a region: what is gathered of each facility, as it comes. */
  readonly each?: (figures: Figures) => Promise<void>;
}

const referenceWeeks = 4;

/**
 * Counts from the records themselves, one facility and day at a time, letting others have their turn after each. Throws
 * `report-facility-unknown`, and the signal's reason when it fires.
 */
export async function computeFigures(
  deps: FigureDeps,
  asked: FiguresAsked,
  signal?: AbortSignal,
): Promise<Figures> {
  const { store, region } = deps;
  const { kind, from, to, now, facility } = asked;
  const { groups, facilities } = await store.read(async (tx) => ({
    groups: await readGroups(tx),
    facilities: await tx.facilities.list(),
  }));
  const wanted = facilities.filter(({ finess }) => facility === null || finess === facility);
  if (facility !== null && wanted.length === 0)
    throw permanent('report-facility-unknown', { facts: { facility } });
  const work: Work = {
    ...{ store, groups, from, to, match: matcherOf(groups.groups) },
    recent: await judgeSpan(deps, { from: (from - referenceWeeks * 7) as Day, to, now }),
    past: await judgeSpan(deps, { from: yearBefore(from, from), to: yearBefore(to, from), now }),
  };
  const common = { kind, from, to, groups, at: now };
  const whole = nothingOf(work);
  const lines: FacilityLine[] = [];
  for (const { finess, name } of wanted) {
    const one = await gatherFacility(work, finess, signal);
    // What was taken over before the period began is no facility of it.
    if (facility === null && one.judged.every(({ state }) => state === 'gone')) continue;
    const figures = { ...common, ...one.gathered, facility: finess, name, facilities: [] };
    if (facility !== null) return figures;
    gatherAll(whole, one.gathered);
    lines.push(lineOf(figures, one.judged, await countExports(work, finess)));
    await asked.each?.(figures);
  }
  return { ...common, ...whole, facility: null, name: region, facilities: lines };
}

interface Work {
  readonly store: Store;
  readonly groups: Groups;
  readonly match: MatchGroups;
  readonly from: Day;
  readonly to: Day;
  readonly recent: JudgeDays;
  readonly past: JudgeDays;
}

function nothingOf({ from, to, groups }: Work): Gathered {
  const days = Array.from({ length: to - from + 1 }, (_none, index) => (from + index) as Day);
  const items = feedNamed(reportedFeed)?.tally?.items.length ?? 0;
  return gatherNothing(days, groups.groups.length, items);
}

async function gatherFacility(
  work: Work,
  facility: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly gathered: Gathered; readonly judged: readonly JudgedDay[] }> {
  const gathered = nothingOf(work);
  const [recent, past] = [await work.recent(facility), await work.past(facility)];
  const read = async (day: Day, counts: boolean): Promise<Sums> => {
    signal?.throwIfAborted();
    const sums = await readDay(work, facility, day, counts ? gathered : undefined);
    await setImmediate();
    return sums;
  };
  const references = async (days: readonly (JudgedDay | undefined)[]): Promise<readonly Sums[]> => {
    const found: Sums[] = [];
    for (const one of days)
      if (one !== undefined && isWhole(one.state)) found.push(await read(one.day, false));
    return found;
  };
  const judged: JudgedDay[] = [];
  for (const { day } of gathered.days) {
    const one = recent.get(day) ?? { day, state: 'gone', expected: null };
    judged.push(one);
    const sums = await read(day, true);
    gatherDay(gathered, one, sums);
    const comparable = isWhole(one.state);
    const weeks = Array.from({ length: referenceWeeks }, (_none, index) => (day - 7 * (index + 1)) as Day);
    const before = comparable ? await references(weeks.map((each) => recent.get(each))) : [];
    gatherCompared(gathered.previous, one.state, sums, before);
    const year = comparable ? await references([past.get(yearBefore(day, work.from))]) : [];
    gatherCompared(gathered.lastYear, one.state, sums, year);
  }
  gathered.delays.push(...(await readDelays(work, facility)));
  return { gathered, judged };
}

/** One day of one facility; `counts`: its items are counted too. */
async function readDay(
  { store, groups, match }: Work,
  facility: string,
  day: Day,
  counts: Gathered | undefined,
): Promise<Sums> {
  const rows = await store.read((tx) => tx.quality.recordsOf(reportedFeed, { facility, day }));
  const sums = emptySums(groups.groups.length);
  const records = rows.map(({ body, rank }) => ({
    // What the store itself checked when it came.
    record: JSON.parse(body) as EdVisit,
    repeated: rank > 0,
  }));
  for (const { record } of records) addVisit(sums, record, match);
  const feed = feedNamed(reportedFeed);
  const tally = counts === undefined || feed === undefined ? undefined : tallyDay(feed, records);
  if (counts !== undefined && tally !== undefined) gatherCounts(counts, tally.summary);
  return sums;
}

async function readDelays({ store, from, to }: Work, facility: string): Promise<readonly number[]> {
  const arrivals = await store.read((tx) => tx.watch.arrivals(facility, reportedFeed, from, to));
  return arrivals.flatMap(({ day, settledAt }) =>
    // 0: before this was written down.
    settledAt === null || settledAt === 0
      ? []
      : [(settledAt - instantOf((day + 1) as Day, 0).at) / 3_600_000],
  );
}

async function countExports({ store, from, to }: Work, facility: string): Promise<number> {
  const [after, before] = [instantOf(from, 0).at, instantOf((to + 1) as Day, 0).at];
  return store.read((tx) => tx.reports.stored.exportsBetween(facility, reportedFeed, after, before));
}

function lineOf(figures: Figures, judged: readonly JudgedDay[], exports: number): FacilityLine {
  const { facility, name, days, total, counted, delays } = figures;
  const sum = (place: 0 | 1): number => counted.items.reduce((all, item) => all + item[place], 0);
  const [due, filled] = [sum(0), sum(1)];
  return {
    ...{ facility: facility ?? '', name, visits: total.visits, elderly: total.elderly, coded: total.coded },
    days: judged.map((one, index) => ({ ...one, count: days[index]?.sums.visits ?? 0 })),
    stayMedian: staysOf(total).median,
    received: coverageOf(figures).received,
    filled: due === 0 ? null : filled / due,
    delayHours: delays.length === 0 ? null : median(delays),
    lowDays: judged.filter(({ state }) => state === 'low').length,
    exports,
  };
}
