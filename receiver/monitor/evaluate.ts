import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Feed } from '../../shared/feeds/feed.ts';
import { dayOfInstant, instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import type { DayArrival, FeedOfFacility, SeenState, WatchCause, WatchState } from '../store/watch-tables.ts';
import { causeOf } from './causes.ts';
import type { Expectation, VolumeModels } from './expected-volume.ts';
import { judgeDay, type Judgement } from './judge-day.ts';
import { missingStretches, type DayHours, type Stretch } from './missing-hours.ts';
import { habitDays, type PairFacts } from './pair-facts.ts';
import { nameOf, type RegionFacts } from './region-facts.ts';
import { dueAt } from './rhythm.ts';
import type { FacilityRules } from './settings.ts';

/** One cell of the grid: a day of a feed of a facility. */
export interface WatchedDay extends FeedOfFacility {
  readonly day: Day;
  /** null: not due yet. */
  readonly state: WatchState | null;
  readonly cause: WatchCause | null;
  readonly count: number;
  readonly expected: Expectation | null;
  /** Visits that the national sending lacks of it, estimated. */
  readonly missing: number;
  readonly stretches: readonly Stretch[];
  readonly missingParts: readonly string[];
  /** Due time and grace, epoch ms. */
  readonly deadline: number;
  readonly wholeAt: number | null;
}

export interface PairInput {
  readonly pair: FeedOfFacility;
  readonly region: RegionFacts;
  readonly facts: PairFacts;
  readonly rules: FacilityRules;
  readonly models: VolumeModels;
  readonly from: Day;
  readonly to: Day;
  /** What was seen before, by day. */
  readonly seen: ReadonlyMap<Day, SeenState>;
  readonly now: number;
}

const dayMs = 86_400_000;
/** A reject since the evening concerns the day that ends. */
const eveningMs = 6 * 3_600_000;
const enoughHabit = 7;

/** Every day from..to, in order: a pure function of what the store holds. */
export function evaluatePair(input: PairInput): readonly WatchedDay[] {
  const { pair, region, facts, rules, models, from, to, now } = input;
  const feed = feedNamed(pair.feed);
  if (feed === undefined) return [];
  const daily = feed.rhythm.every === 'day';
  const model = daily ? models.of(nameOf(pair), facts.history, rules.kinds) : undefined;
  const lastDay = Math.min(to, dayOfInstant(now) - (daily ? 1 : 0));
  const gone = region.aliases.find(({ old }) => old === pair.facility)?.from ?? Infinity;
  // Days on paper teach nothing of the hours at which people come.
  const ordinary = facts.hours.filter(({ day }) => region.noticeOf(pair, day) === null);
  const days: WatchedDay[] = [];
  for (let day = from; day <= lastDay && day < gone; day = (day + 1) as Day)
    days.push(evaluateDay(input, { feed, ordinary }, day, model?.expect(day)));
  return days;
}

function evaluateDay(
  { pair, region, facts, rules, seen, now }: PairInput,
  { feed, ordinary }: { readonly feed: Feed; readonly ordinary: readonly DayHours[] },
  day: Day,
  expected: Expectation | undefined,
): WatchedDay {
  const deadline = deadlineOf(feed, rules, facts.arrivals, day, now);
  const count = facts.counts.get(day) ?? 0;
  const hours = facts.hours.find((each) => each.day === day);
  const arrivals = facts.arrivals.filter((each) => each.day === day);
  const stretches = hours === undefined ? [] : missingStretches(hours, ordinary, rules.kinds.of(day));
  const judgement = judgeDay(
    {
      ...{ day, deadline, count, arrivals, expected, stretches, connectedAt: facts.connectedAt },
      ...habits(feed, rules, facts.arrivals, day),
      held: region.isHeld(pair, day),
      notice: region.noticeOf(pair, day),
    },
    now,
  );
  const before = seen.get(day);
  const { state } = judgement;
  const found = causeOf(
    judgement,
    {
      ...{ signs: region.signsOf(pair), arrivals, deadline, before: before?.cause ?? null },
      rejected:
        isLatest(deadline, now) &&
        (region.rejectedAt(pair) ?? -Infinity) >= instantOf((day + 1) as Day, 0).at - eveningMs,
      blocked: count > 0 && region.isBlocked(pair, day),
    },
    now,
  );
  // Agents and rejects are of now: of an older day, what was seen at its time stands.
  const stands = before?.state === state && before.cause !== null && !isLatest(deadline, now);
  return {
    ...pair,
    ...{ day, state, count, deadline },
    cause: stands && state !== 'received' ? before.cause : found,
    expected: expected ?? null,
    missing: missingOf(judgement, { count, expected, stretches, annual: region.annualOf(pair), found }),
    stretches: state === 'partial' || state === 'degraded' ? stretches : [],
    missingParts: state === 'partial' ? judgement.missingParts : [],
    wholeAt: judgement.wholeAt,
  };
}

function isLatest(deadline: number, now: number): boolean {
  return now - deadline <= dayMs;
}

/** A feed that comes every so often is overdue as soon as it has paused for longer than that. */
function deadlineOf(
  feed: Feed,
  { before, graceMs }: FacilityRules,
  arrivals: readonly DayArrival[],
  day: Day,
  now: number,
): number {
  const due = dueAt(feed.rhythm, day, before) + graceMs;
  if (feed.rhythm.every === 'day' || day !== dayOfInstant(now)) return due;
  const last = Math.max(...arrivals.map(({ firstAt }) => firstAt), dueAt(feed.rhythm, (day - 1) as Day));
  return Math.min(due, last + (feed.rhythm.minutes ?? 24 * 60) * 60_000 + graceMs);
}

/** What the last four weeks say of this facility: its parts, and whether it exports once a day has ended. */
function habits(
  feed: Feed,
  { before, graceMs }: FacilityRules,
  arrivals: readonly DayArrival[],
  day: Day,
): { readonly usualParts: readonly string[]; readonly usuallySettled: boolean } {
  if (feed.rhythm.every !== 'day') return { usualParts: [], usuallySettled: false };
  const past = arrivals.filter((each) => each.day < day && each.day >= day - habitDays);
  const days = new Set(past.map((each) => each.day)).size;
  const parts = [...new Set(past.map(({ part }) => part))];
  const usualParts =
    days < enoughHabit
      ? []
      : parts.filter((part) => past.filter((each) => each.part === part).length * 2 > days);
  const deadline = (on: Day): number => dueAt(feed.rhythm, on, before) + graceMs;
  const inTime = past.filter((each) => each.firstAt <= deadline(each.day));
  const settled = inTime.filter((each) => each.settledAt !== null && each.settledAt <= deadline(each.day));
  return { usualParts, usuallySettled: inTime.length < enoughHabit || settled.length * 2 > inTime.length };
}

function missingOf(
  { state, wholeAt }: Judgement,
  known: {
    readonly count: number;
    readonly expected: Expectation | undefined;
    readonly stretches: readonly Stretch[];
    readonly annual: number | undefined;
    readonly found: WatchCause | null;
  },
): number {
  const { count, expected, stretches, annual, found } = known;
  const usual = expected?.median ?? (annual === undefined ? 0 : Math.round(annual / 365));
  switch (state) {
    case 'silent':
    case 'not-connected':
      return usual;
    case 'partial':
    case 'degraded': {
      const hours = stretches.reduce((sum, each) => sum + each.usual, 0);
      return Math.max(hours, wholeAt === null || stretches.length === 0 ? usual - count : 0, 0);
    }
    case 'low':
    case 'held':
      return Math.max(usual - count, 0);
    case 'received':
      return found === 'forward-blocked' ? count : 0;
    case 'late':
    case 'closed':
    case null:
      return 0;
  }
}
