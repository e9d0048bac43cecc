import type { ItemCounts, TallySummary } from '../../../shared/feeds/tally.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { isNotAwaited, isWhole, type JudgedDay, type ReportState } from './judged-days.ts';
import { addSums, emptySums, type Sums } from './sums.ts';

/**
 * Everything a report tells of a facility, or of many: what is gathered of each is added to what is gathered of all, so
 * that a region costs no more memory than its largest facility.
 */
export interface Gathered {
  readonly days: readonly GatheredDay[];
  readonly total: Sums;
  /** The same weekdays of the four weeks before, and of the same week a year before. */
  readonly previous: Compared;
  readonly lastYear: Compared;
  readonly counted: Counted;
  /** Hours from the end of a day to the first export taken after it, one a day. */
  readonly delays: number[];
}

/** One day; of a region, of all its facilities. */
export interface GatheredDay {
  readonly day: Day;
  readonly sums: Sums;
  /** Facilities by how their day is judged. */
  readonly states: Map<ReportState, number>;
  /** Where something is expected of an awaited day: what came, and what should have. */
  readonly expecting: { facilities: number; received: number; expected: number };
}

/** Whole days beside whole days of the same facility and weekday, and nothing else. */
export interface Compared {
  readonly current: Sums;
  /** The mean of the days compared with. */
  readonly reference: Sums;
  /** Days of facilities that could be compared, of those awaited. */
  days: number;
  of: number;
}

export interface Counted {
  records: number;
  consistent: number;
  repeated: number;
  readonly items: [number, number, number, number, number][];
}

export function gatherNothing(days: readonly Day[], groups: number, items: number): Gathered {
  const compared = (): Compared => ({
    ...{ current: emptySums(groups), reference: emptySums(groups), days: 0, of: 0 },
  });
  return {
    days: days.map((day) => ({
      ...{ day, sums: emptySums(groups), states: new Map<ReportState, number>() },
      expecting: { facilities: 0, received: 0, expected: 0 },
    })),
    ...{ total: emptySums(groups), previous: compared(), lastYear: compared(), delays: [] },
    counted: {
      ...{ records: 0, consistent: 0, repeated: 0 },
      items: Array.from({ length: items }, () => [0, 0, 0, 0, 0]),
    },
  };
}

/** One day of one facility. */
export function gatherDay({ days, total }: Gathered, { day, state, expected }: JudgedDay, sums: Sums): void {
  const place = days.find((each) => each.day === day);
  if (place === undefined) return;
  addSums(place.sums, sums);
  addSums(total, sums);
  place.states.set(state, (place.states.get(state) ?? 0) + 1);
  if (expected === null || isNotAwaited(state) || state === 'running') return;
  place.expecting.facilities += 1;
  place.expecting.received += sums.visits;
  place.expecting.expected += expected;
}

/** A day beside those it is compared with; without any, it is only said to have been awaited. */
export function gatherCompared(
  to: Compared,
  state: ReportState,
  current: Sums,
  references: readonly Sums[],
): void {
  if (isNotAwaited(state)) return;
  to.of += 1;
  if (!isWhole(state) || references.length === 0) return;
  to.days += 1;
  addSums(to.current, current);
  for (const reference of references) addSums(to.reference, reference, 1 / references.length);
}

export function gatherCounts({ counted }: Gathered, summary: TallySummary): void {
  counted.records += summary.records;
  counted.consistent += summary.consistent;
  counted.repeated += summary.repeated;
  addItems(counted.items, summary.items);
}

/** A facility joins its region. */
export function gatherAll(to: Gathered, from: Gathered): void {
  for (const [index, { sums, states, expecting }] of from.days.entries()) {
    const place = to.days[index];
    if (place === undefined) continue;
    addSums(place.sums, sums);
    for (const [state, count] of states) place.states.set(state, (place.states.get(state) ?? 0) + count);
    place.expecting.facilities += expecting.facilities;
    place.expecting.received += expecting.received;
    place.expecting.expected += expecting.expected;
  }
  addSums(to.total, from.total);
  for (const name of ['previous', 'lastYear'] as const) {
    addSums(to[name].current, from[name].current);
    addSums(to[name].reference, from[name].reference);
    to[name].days += from[name].days;
    to[name].of += from[name].of;
  }
  to.counted.records += from.counted.records;
  to.counted.consistent += from.counted.consistent;
  to.counted.repeated += from.counted.repeated;
  addItems(to.counted.items, from.counted.items);
  to.delays.push(...from.delays);
}

function addItems(to: [number, number, number, number, number][], from: readonly ItemCounts[]): void {
  for (const [index, counts] of from.entries()) {
    const target = to[index];
    if (target !== undefined)
      counts.forEach((value, place) => (target[place] = (target[place] ?? 0) + value));
  }
}
