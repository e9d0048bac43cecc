import type { EdVisit } from './ed-visits-record.ts';
import { placeVisit, type VisitPlace } from './ed-visits-tally.ts';
import type { MatchGroups } from './syndromic-groups.ts';

/**
 * What reports measure of one visit, beside the classes that every day is counted by. Stays: minutes from arrival to
 * departure; none at or below zero, none above 72 hours (FEDORU and the observatories leave both out).
 */
export interface VisitMeasures extends VisitPlace {
  readonly sex: number;
  readonly isElderly: boolean;
  readonly stay: Stay;
  /** At least one diagnosis. */
  readonly isCoded: boolean;
  /** Indexes of the syndromic groups. */
  readonly groups: readonly number[];
}

export type Stay =
  | { readonly kind: 'minutes'; readonly minutes: number }
  /** open: no departure. unreadable: no date. zero: at or before arrival. long: above 72 hours. */
  | { readonly kind: 'open' | 'unreadable' | 'zero' | 'long' };

export const sexClasses = ['M', 'F', 'I', 'unknown'] as const;
/** Lower bound included, upper bound excluded, but for the last one: 72 hours are in it. */
export const stayClasses = ['0-1h', '1-2h', '2-4h', '4-8h', '8-12h', '12-72h'] as const;
const stayHours = [1, 2, 4, 8, 12];
export const longestStayMinutes = 72 * 60;
const elderly = 75;

export function measureVisit(visit: EdVisit, match: MatchGroups): VisitMeasures {
  const place = placeVisit(visit);
  const { principalDiagnosis, associatedDiagnoses = [], sex } = visit;
  const isCoded = principalDiagnosis !== undefined || associatedDiagnoses.length > 0;
  return {
    ...place,
    ...{ isCoded, stay: stayOf(visit), isElderly: place.age !== undefined && place.age >= elderly },
    sex: sex === 'M' ? 0 : sex === 'F' ? 1 : sex === 'I' ? 2 : 3,
    groups: isCoded ? match(principalDiagnosis, associatedDiagnoses, place.age) : [],
  };
}

function stayOf({ arrivedAt, departedAt }: EdVisit): Stay {
  if (departedAt === undefined) return { kind: 'open' };
  if (departedAt.at === null) return { kind: 'unreadable' };
  const minutes = Math.floor((departedAt.at - arrivedAt.at) / 60_000);
  if (minutes <= 0) return { kind: 'zero' };
  return minutes > longestStayMinutes ? { kind: 'long' } : { kind: 'minutes', minutes };
}

export function stayClassOf(minutes: number): number {
  const index = stayHours.findIndex((hours) => minutes < hours * 60);
  return index < 0 ? stayHours.length : index;
}
