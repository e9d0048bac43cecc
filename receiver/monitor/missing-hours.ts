import type { Day } from '../../shared/runtime/paris-time.ts';

/** Hours of the day [from, to), 0 to 24. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Visits that this facility usually has in them. */
  readonly usual: number;
}

export interface DayHours {
  readonly day: Day;
  /** 24 counts. */
  readonly counts: readonly number[];
}

const referenceDays = 56;
const enoughDays = 28;
/**
 * Visits usual in an empty stretch from which on chance is no explanation: e^-12. A day holds some hundred places where a
 * stretch could begin, and a weak day has fewer visits than the mean.
 */
const tooMany = 12;
/** A public holiday has a fifth fewer, and at other hours. */
const tooManyOnHoliday = 16;
/** Records more than four hours apart leave at least four whole hours empty between them. */
const innerHours = 4;
const endHours = 2;
/** Of the days compared with, those that may have been empty there too. */
const sharedEmptiness = 0.02;

/**
 * Empty stretches of a day that its facility's own last eight weeks do not know: at an end of the day, or of more than
 * four hours inside it. None for a day without visits, and none under four weeks of days to compare with.
 */
export function missingStretches(
  today: DayHours,
  past: readonly DayHours[],
  { holiday }: { readonly holiday: boolean },
): readonly Stretch[] {
  const limit = holiday ? tooManyOnHoliday : tooMany;
  if (sum(today.counts) === 0) return [];
  const known = past.filter(
    ({ day, counts }) => day < today.day && day >= today.day - referenceDays && sum(counts) > 0,
  );
  if (known.length < enoughDays) return [];
  return emptyRuns(today.counts)
    .filter(({ from, to }) => to - from >= (from === 0 || to === 24 ? endHours : innerHours))
    .map(({ from, to }) => {
      const within = known.map(({ counts }) => sum(counts.slice(from, to)));
      return { from, to, usual: sum(within) / known.length, empty: within.filter((n) => n === 0).length };
    })
    .filter(({ usual, empty }) => usual >= limit && empty <= known.length * sharedEmptiness)
    .map(({ from, to, usual }) => ({ from, to, usual: Math.round(usual) }));
}

/** Instants (epoch ms) of one day as 24 counts; `start`: when the day began. On the day of 25 hours the last one holds two. */
export function countHours(instants: readonly number[], start: number): readonly number[] {
  const counts = Array.from({ length: 24 }, () => 0);
  for (const at of instants) {
    const hour = Math.min(23, Math.max(0, Math.floor((at - start) / 3_600_000)));
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  return counts;
}

function emptyRuns(counts: readonly number[]): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  let from: number | undefined;
  for (let hour = 0; hour <= 24; hour += 1) {
    const empty = hour < 24 && (counts[hour] ?? 0) === 0;
    if (empty) from ??= hour;
    else if (from !== undefined) {
      runs.push({ from, to: hour });
      from = undefined;
    }
  }
  return runs;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
