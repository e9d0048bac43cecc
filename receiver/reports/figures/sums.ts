import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { ageClasses, departureClasses, severityClasses } from '../../../shared/feeds/ed-visits-tally.ts';
import {
  longestStayMinutes,
  measureVisit,
  sexClasses,
  stayClasses,
  stayClassOf,
} from '../../../shared/feeds/ed-visits-measures.ts';
import type { MatchGroups } from '../../../shared/feeds/syndromic-groups.ts';

/** Visits added up by everything that reports tell of them. Only additions: sums of days are days of sums. */
export interface Sums {
  visits: number;
  coded: number;
  elderly: number;
  readonly hours: Float64Array;
  readonly ages: Float64Array;
  readonly sexes: Float64Array;
  readonly severities: Float64Array;
  readonly departures: Float64Array;
  readonly groups: Float64Array;
  /** By whole minutes of the stay. */
  readonly stays: Float64Array;
  readonly leftOut: { open: number; unreadable: number; zero: number; long: number };
}

export function emptySums(groups: number): Sums {
  return {
    ...{ visits: 0, coded: 0, elderly: 0, hours: new Float64Array(24) },
    ...{ ages: new Float64Array(ageClasses.length), sexes: new Float64Array(sexClasses.length) },
    severities: new Float64Array(severityClasses.length),
    departures: new Float64Array(departureClasses.length),
    ...{ groups: new Float64Array(groups), stays: new Float64Array(longestStayMinutes + 1) },
    leftOut: { open: 0, unreadable: 0, zero: 0, long: 0 },
  };
}

export function addVisit(sums: Sums, visit: EdVisit, match: MatchGroups): void {
  const { hour, ageClass, sex, severity, departure, groups, stay, isCoded, isElderly } = measureVisit(
    visit,
    match,
  );
  sums.visits += 1;
  if (isCoded) sums.coded += 1;
  if (isElderly) sums.elderly += 1;
  addOne(sums.hours, hour);
  addOne(sums.ages, ageClass);
  addOne(sums.sexes, sex);
  addOne(sums.severities, severity);
  addOne(sums.departures, departure);
  for (const group of groups) addOne(sums.groups, group);
  if (stay.kind === 'minutes') addOne(sums.stays, stay.minutes);
  else sums.leftOut[stay.kind] += 1;
}

/** `weight`: a day that is one of four compared with counts a quarter. */
export function addSums(to: Sums, from: Sums, weight = 1): void {
  to.visits += from.visits * weight;
  to.coded += from.coded * weight;
  to.elderly += from.elderly * weight;
  for (const name of ['hours', 'ages', 'sexes', 'severities', 'departures', 'groups', 'stays'] as const) {
    const [target, source] = [to[name], from[name]];
    for (let index = 0; index < target.length; index += 1)
      target[index] = (target[index] ?? 0) + (source[index] ?? 0) * weight;
  }
  for (const name of ['open', 'unreadable', 'zero', 'long'] as const)
    to.leftOut[name] += from.leftOut[name] * weight;
}

export interface StayFigures {
  /** Stays that could be measured. */
  readonly known: number;
  /** Minutes; null: none is known. */
  readonly median: number | null;
  readonly classes: readonly number[];
}

export function staysOf({ stays }: Sums): StayFigures {
  const classes = stayClasses.map(() => 0);
  let known = 0;
  for (const [minutes, count] of stays.entries()) {
    if (count === 0) continue;
    known += count;
    const index = stayClassOf(minutes);
    classes[index] = (classes[index] ?? 0) + count;
  }
  return { known, classes, median: known === 0 ? null : medianOf(stays, known) };
}

/** The middle one, or half way between the two. */
function medianOf(stays: Float64Array, known: number): number {
  let [below, lower] = [0, undefined as number | undefined];
  for (const [minutes, count] of stays.entries()) {
    if (count === 0) continue;
    if (lower !== undefined) return (lower + minutes) / 2;
    below += count;
    if (below * 2 > known) return minutes;
    if (below * 2 === known) lower = minutes;
  }
  return lower ?? 0;
}

/** Stayed in hospital, of those whose departure is known. */
export function hospitalised({ departures }: Sums): { readonly count: number; readonly of: number } {
  const at = (name: string): number => departures[departureClasses.indexOf(name)] ?? 0;
  const count = at('ward') + at('transfer');
  return { count, of: count + at('home') + at('death') };
}

/** Whose age is known. */
export function agesKnown({ visits, ages }: Sums): number {
  return visits - (ages[ageClasses.indexOf('unknown')] ?? 0);
}

function addOne(counts: Float64Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
