import type { Feed, FeedRecord, FeedTally, Severity } from '../../shared/feeds/feed.ts';
import { instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import { targetOf, type QualityConfig } from '../config-quality.ts';
import { median } from '../monitor/statistics.ts';
import type { SummaryRow } from '../store/quality-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { improvements, type Improvement } from './improve.ts';
import { scoreItems, share, within, type ItemScore } from './score-items.ts';

/** How well one facility fills what it sends, over a period of whole days. Shares are 0 to 1. */
export interface Scorecard {
  readonly facility: string;
  readonly name: string;
  readonly from: Day;
  readonly to: Day;
  readonly records: number;
  /** Days of the period that hold something. */
  readonly days: number;
  readonly items: readonly ItemScore[];
  readonly improve: readonly Improvement[];
  /** Records that break no rule between several fields. */
  readonly consistent: number | null;
  readonly repeated: number;
  /** Hours from the end of a day to the first file taken after it; the middle one. */
  readonly delayHours: number | null;
  readonly lowDays: readonly Day[];
  readonly rules: readonly BrokenRule[];
  /** The quality allowance's two: diagnosis at its target, and no abnormally low day. */
  readonly allowance: { readonly diagnosis: boolean | null; readonly noLowDay: boolean };
  /** Days that are held and not counted yet, or counted before they changed. */
  readonly uncounted: number;
}

export interface BrokenRule {
  readonly rule: string;
  readonly severity: Severity;
  readonly field: string | null;
  readonly count: number;
  readonly examples: readonly Example[];
}

/** Where it stands in the hospital's own file. */
export interface Example {
  readonly export: string;
  readonly line: number;
  readonly day: Day;
}

export interface ScorecardSpan {
  readonly from: Day;
  readonly to: Day;
}

const trendDays = 84;
const shownRules = 8;
const examplesOfRule = 5;
/** Records looked at for examples: the latest ones. */
const lookedAt = 2000;
const hourMs = 3_600_000;

/** What every card of a week is held against: read once for many. */
export interface ScorecardRegion {
  readonly summaries: readonly SummaryRow[];
  /** Days that are not counted as they are held now, by facility. */
  readonly uncounted: ReadonlyMap<string, number>;
}

/** Of a feed of which something is counted. */
export async function readScorecardRegion(
  tx: StoreTx,
  { name }: Feed,
  { version }: FeedTally,
  { from, to }: ScorecardSpan,
): Promise<ScorecardRegion> {
  const remaining = await tx.quality.remaining(name, version, from, to);
  return {
    summaries: await tx.quality.summaries(name, from, to, undefined),
    uncounted: new Map(remaining.map(({ facility, days }) => [facility, days])),
  };
}

/**
 * Undefined for a facility that is not registered, or a feed of which nothing is counted. `region`: read before, of the same
 * feed and span.
 */
export async function readScorecard(
  tx: StoreTx,
  feed: Feed,
  facility: string,
  span: ScorecardSpan,
  quality: Pick<QualityConfig, 'target' | 'targets'>,
  options: { readonly examples: boolean; readonly region?: ScorecardRegion } = { examples: true },
): Promise<Scorecard | undefined> {
  const { tally, name: feedName } = feed;
  const registered = await tx.facilities.get(facility);
  if (registered === undefined || tally === undefined) return undefined;
  const { from, to } = span;
  const since = Math.min(from - (to - from + 1), to - trendDays + 1) as Day;
  const own = await tx.quality.summaries(feedName, since, to, facility);
  const region = options.region ?? (await readScorecardRegion(tx, feed, tally, span));
  const period = within(own, from, to);
  const target = (tag: string): number => targetOf(quality, tag);
  const items = scoreItems({ tally, targetOf: target, own, region: region.summaries, facility, from, to });
  const states = await tx.watch.statesOf(facility, feedName, from, to);
  const lowDays = states.filter(({ state }) => state === 'low').map(({ day }) => day);
  const records = sum(period, ({ summary }) => summary.records);
  const diagnosis = items.find(({ tag }) => tag === 'DP');
  const counts = rulesOf(feed, period);
  const examples = options.examples
    ? await findExamples(tx, feed, facility, period, new Set(counts.map(({ rule }) => rule)))
    : new Map<string, Example[]>();
  return {
    ...{ facility, name: registered.name, from, to, records, items, lowDays },
    days: period.filter(({ summary }) => summary.records > 0).length,
    improve: improvements(items, period),
    consistent: share(
      sum(period, ({ summary }) => summary.consistent),
      records,
    ),
    repeated: sum(period, ({ summary }) => summary.repeated),
    delayHours: await delayOf(tx, feedName, facility, span),
    rules: counts.map((each) => ({ ...each, examples: examples.get(each.rule) ?? [] })),
    allowance: {
      diagnosis: diagnosis === undefined || diagnosis.filled === null ? null : !diagnosis.isBelow,
      noLowDay: lowDays.length === 0,
    },
    uncounted: region.uncounted.get(facility) ?? 0,
  };
}

/** The rules broken most often: what is wrong before what is missing or worth knowing. */
function rulesOf(feed: Feed, period: readonly SummaryRow[]): Omit<BrokenRule, 'examples'>[] {
  const totals = new Map<string, number>();
  for (const { summary } of period)
    for (const [rule, count] of Object.entries(summary.rules))
      totals.set(rule, (totals.get(rule) ?? 0) + count);
  const weight: Readonly<Record<Severity, number>> = { error: 2, warning: 1, info: 0 };
  return feed.rules
    .flatMap(({ id, severity, fields }) => {
      const count = totals.get(id);
      const field = feed.fields.find(({ name }) => name === fields[0])?.tag ?? null;
      return count === undefined || id === 'unknown-tag' ? [] : [{ rule: id, severity, field, count }];
    })
    .sort((one, other) => weight[other.severity] - weight[one.severity] || other.count - one.count)
    .slice(0, shownRules);
}

/** Rule, file and line of the latest records that break these rules: never what they say. */
async function findExamples(
  tx: StoreTx,
  feed: Feed,
  facility: string,
  period: readonly SummaryRow[],
  rules: ReadonlySet<string>,
): Promise<Map<string, Example[]>> {
  const found = new Map<string, Example[]>();
  const wanted = (): boolean => [...rules].some((rule) => (found.get(rule)?.length ?? 0) < examplesOfRule);
  let looked = 0;
  for (const { day, summary } of period.toReversed()) {
    if (looked >= lookedAt || !wanted()) break;
    if (!Object.keys(summary.rules).some((rule) => rules.has(rule))) continue;
    for (const row of await tx.quality.recordsOf(feed.name, { facility, day })) {
      looked += 1;
      for (const { rule } of feed.check(JSON.parse(row.body) as FeedRecord)) {
        const list = found.get(rule) ?? [];
        if (!rules.has(rule) || list.length >= examplesOfRule) continue;
        list.push({ export: row.export, line: row.line, day });
        found.set(rule, list);
      }
    }
  }
  return found;
}

async function delayOf(
  tx: StoreTx,
  feed: string,
  facility: string,
  { from, to }: ScorecardSpan,
): Promise<number | null> {
  const arrivals = await tx.watch.arrivals(facility, feed, from, to);
  const delays = arrivals.flatMap(({ day, settledAt }) =>
    // 0: before this was written down.
    settledAt === null || settledAt === 0 ? [] : [(settledAt - instantOf((day + 1) as Day, 0).at) / hourMs],
  );
  return delays.length === 0 ? null : median(delays);
}

function sum<Row>(rows: readonly Row[], value: (row: Row) => number): number {
  return rows.reduce((total, row) => total + value(row), 0);
}
