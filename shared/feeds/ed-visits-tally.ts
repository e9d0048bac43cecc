import { dayOfInstant, parseFrenchDate } from '../runtime/paris-time.ts';
import { edVisitFields, type EdVisit } from './ed-visits-record.ts';
import { edVisitTargets } from './ed-visits-targets.ts';
import type { Dimension, FeedRecord, FeedTally, TalliedItem } from './feed.ts';
import { syndromes, syndromesOf } from './syndromes.ts';

/**
 * What is counted of ED visits. Items and who they are due of: the quality targets. Age classes, night and departure: the
 * inter-regional report of the observatories (2014), upper bounds excluded.
 */
const unusable: Readonly<Record<string, readonly string[]>> = {
  postalCode: ['cp-format'],
  birthDate: ['naissance-unreadable', 'age-out-of-range'],
  sex: ['sexe-code'],
  arrivalMode: ['mode-entree-code'],
  origin: ['provenance-code'],
  transport: ['transport-code'],
  transportCare: ['transport-pec-code'],
  reason: ['motif-free-text'],
  severity: ['gravite-code'],
  principalDiagnosis: ['dp-format'],
  departedAt: ['sortie-unreadable', 'sortie-before-entree'],
  departureMode: ['mode-sortie-code'],
  destination: ['destination-code', 'destination-mode-sortie'],
  disposition: ['orient-code', 'orient-mode-sortie', 'uhcd-home'],
};

const items: readonly TalliedItem[] = edVisitFields.flatMap(({ name, tag }) => {
  const target = edVisitTargets.find(({ field }) => field === name);
  if (target === undefined || tag === null) return [];
  return [{ field: name, tag, unusable: new Set(unusable[name]), isDue: (record) => target.isDue(record) }];
});

const hours = Array.from({ length: 24 }, (_none, hour) => String(hour));
const agesInYears = [1, 5, 10, 15, 18, 30, 45, 65, 75, 85] as const;
// prettier-ignore
export const ageClasses: readonly string[] = ['0-28d', '28d-1', '1-5', '5-10', '10-15', '15-18', '18-30', '30-45', '45-65', '65-75', '75-85', '85+', 'unknown'];
const severities = ['1', 'P', '2', '3', '4', '5', 'D'] as const;
export const severityClasses: readonly string[] = [...severities, 'unknown'];
const departures = ['8', '6', '7', '9'] as const;
export const departureClasses: readonly string[] = ['home', 'ward', 'transfer', 'death', 'unknown'];

const dimensions: readonly Dimension[] = [
  { name: 'hour', kind: 'one', classes: hours },
  {
    name: 'age',
    kind: 'one',
    classes: ageClasses,
  },
  { name: 'severity', kind: 'one', classes: severityClasses },
  { name: 'departure', kind: 'one', classes: departureClasses },
  // `coded`: at least one diagnosis, the denominator of the published rates.
  { name: 'syndrome', kind: 'many', classes: [...syndromes.map(({ name }) => name), 'coded'] },
];
const codedIndex = syndromes.length;

export const edVisitTally: FeedTally = {
  version: 1,
  items,
  dimensions,
  isNight: (record) => isNightHour(hourOf(record as EdVisit)),
  placesOf,
  signsOf,
};

function placesOf(given: FeedRecord): readonly (number | readonly number[])[] {
  const visit = given as EdVisit;
  const { age, ...place } = placeVisit(visit);
  const { principalDiagnosis, associatedDiagnoses = [] } = visit;
  const groups = [...syndromesOf(principalDiagnosis, associatedDiagnoses, age)];
  if (principalDiagnosis !== undefined || associatedDiagnoses.length > 0) groups.push(codedIndex);
  return [place.hour, place.ageClass, place.severity, place.departure, groups];
}

/** Where one visit lies; classes by their index. */
export interface VisitPlace {
  /** 0 to 23, as the source wrote it: on the day of 25 hours, one of them counts twice. */
  readonly hour: number;
  /** Whole years; undefined when unknown or impossible. */
  readonly age: number | undefined;
  readonly ageClass: number;
  readonly severity: number;
  readonly departure: number;
}

export function placeVisit(visit: EdVisit): VisitPlace {
  const ageDays = ageInDays(visit);
  const age = ageDays === undefined ? undefined : Math.floor(ageDays / 365.25);
  return {
    ...{ hour: hourOf(visit), age, ageClass: ageClass(ageDays, age) },
    severity: indexOr(severities, visit.severity),
    departure: indexOr(departures, visit.departureMode),
  };
}

/** Codes 5 and 8 of PROVENANCE among arrivals from home: 8 above 5 means that they were taken for one another. */
function signsOf(given: FeedRecord): readonly string[] {
  const { arrivalMode, origin } = given as EdVisit;
  if (arrivalMode !== '8') return [];
  if (origin === '5') return ['origin-5'];
  return origin === '8' ? ['origin-8'] : [];
}

function hourOf({ arrivedAt }: EdVisit): number {
  return Number(arrivedAt.text.slice(11, 13)) % 24;
}

/** 20:00 to 07:59. */
function isNightHour(hour: number): boolean {
  return hour >= 20 || hour < 8;
}

function ageInDays({ birthDate, arrivedAt }: EdVisit): number | undefined {
  const birth = birthDate === undefined ? undefined : parseFrenchDate(birthDate);
  if (birth === undefined) return undefined;
  const days = dayOfInstant(arrivedAt.at) - birth;
  return days < 0 || days >= 121 * 365.25 ? undefined : days;
}

function ageClass(days: number | undefined, age: number | undefined): number {
  if (days === undefined || age === undefined) return agesInYears.length + 2;
  if (days < 28) return 0;
  const place = agesInYears.findIndex((upper) => age < upper);
  return 1 + (place < 0 ? agesInYears.length : place);
}

function indexOr(codes: readonly string[], code: string | undefined): number {
  const index = code === undefined ? -1 : codes.indexOf(code);
  return index < 0 ? codes.length : index;
}
