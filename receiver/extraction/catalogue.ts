import { isPostalCode, isThesaurusReason } from '../../shared/feeds/code-lists.ts';
import type { EdVisit } from '../../shared/feeds/ed-visits-record.ts';
import { measureVisit, type VisitMeasures } from '../../shared/feeds/ed-visits-measures.ts';
import type { MatchGroups, SyndromicGroup } from '../../shared/feeds/syndromic-groups.ts';
import { extractionColumns } from '../../shared/i18n/extraction-texts.ts';
import { dayOfInstant, dayToIso } from '../../shared/runtime/paris-time.ts';
import { edVisitItems } from '../forward/profiles/ed-visits-items.ts';
import type { Column } from './planned.ts';
import type { Requester } from './request.ts';

/**
 * What may be in a row, an allow-list: a column that is not here cannot be asked for. A facility gets the national items of
 * its own visits; the region, for those who administer it, nothing that places a person more closely than by year of age,
 * department, hour and quarter of an hour. Nobody gets the visit number, the unknown tags, a reason in somebody's own words,
 * or a key. Names are those of the common schema, in small letters with underscores.
 */
export type ColumnName = keyof typeof extractionColumns;
export type RowAudience = 'facility' | 'region';

/** never: nobody. own: of one's own facility only. Every field of the common schema is classified: a new one does not compile. */
export const fieldTreatments = {
  facility: 'all',
  visitId: 'never',
  postalCode: 'own',
  commune: 'own',
  birthDate: 'own',
  sex: 'all',
  arrivedAt: 'own',
  arrivalMode: 'all',
  origin: 'all',
  transport: 'all',
  transportCare: 'all',
  reason: 'all',
  severity: 'all',
  principalDiagnosis: 'all',
  associatedDiagnoses: 'all',
  procedures: 'all',
  departedAt: 'own',
  departureMode: 'all',
  destination: 'all',
  disposition: 'all',
  extensions: 'never',
} as const satisfies Readonly<Record<keyof EdVisit, 'never' | 'own' | 'all'>>;

/** One visit, and what is reckoned of it. */
export interface RowVisit {
  readonly visit: EdVisit;
  readonly measures: VisitMeasures;
  readonly facilityName: string;
  readonly groups: readonly SyndromicGroup[];
}

export interface RowColumn {
  /** The fields that it is got from. */
  readonly of: readonly (keyof EdVisit)[];
  /** own: told of one's own facility only. */
  readonly audience: 'own' | 'all';
  readonly kind: Column['kind'];
  read(row: RowVisit): string | number | null;
}

/** In the order in which they are shown. */
export const rowColumns: Readonly<Record<ColumnName, RowColumn>> = {
  facility: derived(['facility'], ({ visit }) => visit.facility),
  facility_name: derived(['facility'], ({ facilityName }) => facilityName),
  postal_code: national('postalCode'),
  department: derived(['postalCode'], ({ visit }) => departmentOf(visit.postalCode)),
  commune: national('commune'),
  birth_date: national('birthDate'),
  age: number(['birthDate', 'arrivedAt'], ({ measures }) => measures.age ?? null),
  sex: national('sex'),
  arrived_at: national('arrivedAt'),
  arrival_day: derived(['arrivedAt'], ({ visit }) => dayText(visit.arrivedAt.at)),
  arrival_hour: number(['arrivedAt'], ({ measures }) => measures.hour),
  arrival_mode: national('arrivalMode'),
  origin: national('origin'),
  transport: national('transport'),
  transport_care: national('transportCare'),
  reason_code: derived(['reason'], ({ visit: { reason } }) =>
    reason !== undefined && isThesaurusReason(reason) ? reason : null,
  ),
  severity: national('severity'),
  principal_diagnosis: national('principalDiagnosis'),
  associated_diagnoses: national('associatedDiagnoses'),
  procedures: national('procedures'),
  departed_at: national('departedAt'),
  departure_day: derived(['departedAt'], ({ visit: { departedAt } }) => dayText(departedAt?.at ?? null)),
  departure_hour: number(['departedAt'], ({ visit: { departedAt } }) =>
    departedAt === undefined || departedAt.at === null ? null : Number(departedAt.text.slice(11, 13)) % 24,
  ),
  stay_minutes: number(['arrivedAt', 'departedAt'], ({ measures: { stay } }) =>
    stay.kind === 'minutes' ? Math.round(stay.minutes / 15) * 15 : null,
  ),
  departure_mode: national('departureMode'),
  destination: national('destination'),
  disposition: national('disposition'),
  syndromes: derived(['principalDiagnosis', 'associatedDiagnoses'], ({ measures, groups }) =>
    blankless(measures.groups.flatMap((index) => groups[index]?.id ?? []).join(' ')),
  ),
};

export const columnNames = Object.keys(rowColumns) as readonly ColumnName[];

/** Whose rows somebody may have; undefined: nobody's. */
export function rowAudience({ profile, administrator }: Requester): RowAudience | undefined {
  if (profile === 'hospital-admin') return 'facility';
  return profile === 'regional-operator' && administrator ? 'region' : undefined;
}

export function columnsOf(audience: RowAudience): readonly ColumnName[] {
  return columnNames.filter((name) => audience === 'facility' || rowColumns[name].audience === 'all');
}

export function isColumn(name: string): name is ColumnName {
  return Object.hasOwn(rowColumns, name);
}

export function readVisit(
  visit: EdVisit,
  facilityName: string,
  groups: readonly SyndromicGroup[],
  match: MatchGroups,
): RowVisit {
  return { visit, facilityName, groups, measures: measureVisit(visit, match) };
}

/** As the national format carries it: codes that nobody knows, diagnoses and dates that are none are blank. */
function national(
  field: Exclude<keyof EdVisit, 'facility' | 'visitId' | 'reason' | 'extensions'>,
): RowColumn {
  const item = edVisitItems.find((each) => each.field === field);
  return {
    ...{ of: [field], audience: fieldTreatments[field], kind: 'text' },
    read: ({ visit }) => {
      const value = item?.read(visit) ?? '';
      return blankless(typeof value === 'string' ? value : value.join(','));
    },
  };
}

function derived(of: RowColumn['of'], read: (row: RowVisit) => string | null): RowColumn {
  return { of, audience: 'all', kind: 'text', read };
}

function number(of: RowColumn['of'], read: (row: RowVisit) => number | null): RowColumn {
  return { of, audience: 'all', kind: 'integer', read };
}

function blankless(text: string): string | null {
  return text === '' ? null : text;
}

function dayText(at: number | null): string | null {
  return at === null ? null : dayToIso(dayOfInstant(at));
}

/** Two digits, overseas three; null for what is no postcode; 99: abroad or unknown. */
function departmentOf(postalCode: string | undefined): string | null {
  if (postalCode === undefined || !isPostalCode(postalCode)) return null;
  return postalCode.slice(0, /^9[78]/.test(postalCode) ? 3 : 2);
}
