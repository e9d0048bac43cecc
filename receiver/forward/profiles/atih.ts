import { isPostalCode } from '../../../shared/feeds/code-lists.ts';
import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { parseFrenchDate } from '../../../shared/runtime/paris-time.ts';
import { edVisitItems, type EdVisitItem } from './ed-visits-items.ts';

/**
 * What the technical agency of hospital information gets (order of 24 July 2013, article 6): no town, a geographic code
 * in place of the postcode, the age in whole years at the visit in place of the birth date.
 */
type Treatment = 'kept' | 'transformed' | 'removed';

/** Every field of the common schema is classified here: a new one does not compile, and fails a test, until it is. */
export const atihTreatments = {
  facility: 'kept',
  visitId: 'removed',
  postalCode: 'transformed',
  commune: 'removed',
  birthDate: 'transformed',
  sex: 'kept',
  arrivedAt: 'kept',
  arrivalMode: 'kept',
  origin: 'kept',
  transport: 'kept',
  transportCare: 'kept',
  reason: 'kept',
  severity: 'kept',
  principalDiagnosis: 'kept',
  associatedDiagnoses: 'kept',
  procedures: 'kept',
  departedAt: 'kept',
  departureMode: 'kept',
  destination: 'kept',
  disposition: 'kept',
  extensions: 'removed',
} as const satisfies Readonly<Record<keyof EdVisit, Treatment>>;

type Transformed = {
  [Name in keyof typeof atihTreatments]: (typeof atihTreatments)[Name] extends 'transformed' ? Name : never;
}[keyof typeof atihTreatments];

/** Postcode to geographic code, as the region provides it. */
export type GeographicCodes = ReadonlyMap<string, string>;

/** In the place of what they stand for. */
export function atihItems(codes: GeographicCodes): readonly EdVisitItem[] {
  const instead: Readonly<Record<Transformed, EdVisitItem>> = {
    postalCode: {
      ...{ tag: 'CODE_GEO', field: 'postalCode', each: undefined },
      read: ({ postalCode }) => geographicCode(postalCode, codes),
    },
    birthDate: {
      ...{ tag: 'AGE', field: 'birthDate', each: undefined },
      read: ({ birthDate, arrivedAt }) => ageAt(birthDate, arrivedAt.text),
    },
  };
  return edVisitItems.flatMap((item): readonly EdVisitItem[] => {
    const treatment: Treatment = atihTreatments[item.field];
    switch (treatment) {
      case 'kept':
        return [item];
      case 'transformed':
        return isTransformed(item.field) ? [instead[item.field]] : [];
      case 'removed':
        return [];
    }
  });
}

function isTransformed(field: keyof EdVisit): field is Transformed {
  return atihTreatments[field] === 'transformed';
}

/**
 * Abroad passes (99 and the country, 99999 unknown). A postcode the table lacks becomes "unknown in the department", in
 * the five characters of a postcode: two digits and 999, overseas three digits and 99. What is no postcode is blank.
 */
function geographicCode(postalCode: string | undefined, codes: GeographicCodes): string {
  if (postalCode === undefined || !isPostalCode(postalCode)) return '';
  if (postalCode.startsWith('99')) return postalCode;
  const departmentDigits = postalCode.startsWith('97') || postalCode.startsWith('98') ? 3 : 2;
  return codes.get(postalCode) ?? postalCode.slice(0, departmentDigits).padEnd(5, '9');
}

const oldest = 120;

/** Birthdays passed, by the calendar; blank outside 0 to 120. `arrival`: "dd/MM/yyyy HH:mm". */
function ageAt(birthDate: string | undefined, arrival: string): string {
  if (birthDate === undefined || parseFrenchDate(birthDate) === undefined) return '';
  const years = Number(arrival.slice(6, 10)) - Number(birthDate.slice(6, 10));
  const age = monthAndDay(arrival) < monthAndDay(birthDate) ? years - 1 : years;
  return age >= 0 && age <= oldest ? String(age) : '';
}

/** "MMdd" */
function monthAndDay(date: string): string {
  return date.slice(3, 5) + date.slice(0, 2);
}
