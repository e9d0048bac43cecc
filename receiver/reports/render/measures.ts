import { ageClasses, departureClasses, severityClasses } from '../../../shared/feeds/ed-visits-tally.ts';
import { sexClasses, stayClasses } from '../../../shared/feeds/ed-visits-measures.ts';
import type { SyndromicGroup } from '../../../shared/feeds/syndromic-groups.ts';
import { agesKnown, hospitalised, staysOf, type Sums } from '../figures/sums.ts';

/** One cell of what is told of some visits; `null`: nothing to tell it of. Shares are 0 to 1. */
export interface Measure {
  readonly measure: MeasureName;
  /** '' where the measure has no classes. */
  readonly class: string;
  readonly value: number | null;
}

export type MeasureName =
  | 'visits'
  | 'hour'
  | 'age'
  | 'sex'
  | 'severity'
  | 'departure'
  | 'stay'
  | 'leftOut'
  | 'stayMedian'
  | 'hospitalisedShare'
  | 'elderly'
  | 'elderlyShare'
  | 'codedShare'
  | 'groupVisits'
  | 'shareOfCoded';

export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

export function hospitalisedShare(sums: Sums): number | null {
  const { count, of } = hospitalised(sums);
  return shareOf(count, of);
}

export function elderlyShare(sums: Sums): number | null {
  return shareOf(sums.elderly, agesKnown(sums));
}

export function measuresOf(sums: Sums, groups: readonly SyndromicGroup[]): readonly Measure[] {
  const classes = (measure: MeasureName, names: readonly string[], counts: ArrayLike<number>): Measure[] =>
    names.map((name, index) => ({ measure, class: name, value: counts[index] ?? 0 }));
  const one = (measure: MeasureName, value: number | null): Measure => ({ measure, class: '', value });
  const stays = staysOf(sums);
  return [
    one('visits', sums.visits),
    ...classes(
      'hour',
      Array.from({ length: 24 }, (_none, hour) => String(hour)),
      sums.hours,
    ),
    ...classes('age', ageClasses, sums.ages),
    ...classes('sex', sexClasses, sums.sexes),
    ...classes('severity', severityClasses, sums.severities),
    ...classes('departure', departureClasses, sums.departures),
    ...classes('stay', stayClasses, stays.classes),
    ...classes('leftOut', Object.keys(sums.leftOut), Object.values(sums.leftOut)),
    one('stayMedian', stays.median),
    one('hospitalisedShare', hospitalisedShare(sums)),
    one('elderly', sums.elderly),
    one('elderlyShare', elderlyShare(sums)),
    one('codedShare', shareOf(sums.coded, sums.visits)),
    ...classes(
      'groupVisits',
      groups.map(({ id }) => id),
      sums.groups,
    ),
    ...groups.map(({ id }, index): Measure => ({
      ...{ measure: 'shareOfCoded', class: id, value: shareOf(sums.groups[index] ?? 0, sums.coded) },
    })),
  ];
}
