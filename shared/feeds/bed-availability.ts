import {
  dayFromIso,
  dayOfInstant,
  instantOf,
  parseFrenchDateTime,
  type LocalTime,
} from '../runtime/paris-time.ts';
import { bedAvailabilityRules, checkBedRow } from './bed-availability-checks.ts';
import { bedAvailabilityFields, bedRowSchema, type BedRow } from './bed-availability-record.ts';
import { normaliseFiness } from './facility.ts';
import type { Breach, Built, Feed, SourceFields } from './feed.ts';
import { scalarOf, sortedExtensions, textsOf } from './source-text.ts';

/**
 * Bed availability, after the capacity extension of the national register of care offers (ROR), flattened: one record per
 * row of a zone. The latest row of a key is the state, earlier ones are history.
 */
export const bedAvailability: Feed<BedRow> = {
  name: 'bed-availability',
  version: 1,
  replacement: 'snapshot',
  fields: bedAvailabilityFields,
  rules: bedAvailabilityRules,
  schema: bedRowSchema,
  rhythm: { every: 'minutes', minutes: 720 },
  build,
  check: checkBedRow,
  facilityOf: (record) => record.facility,
  dayOf: (record) => dayOfInstant(record.observedAt.at),
  instantOf: (record) => record.observedAt.at,
  naturalKey: bedRowKey,
  visitId: () => undefined,
};

/** Zone, nature, status, horizon, gender, closing, additional, crisis, assignment. */
export function bedRowKey(row: BedRow): string {
  const { zoneId, nature, status, horizon, gender, closing, additional, crisis, assignment } = row;
  return [zoneId, nature, status, horizon, gender, closing, additional, crisis, assignment]
    .map((text) => text ?? '')
    .join('|');
}

type Draft = { -readonly [K in keyof BedRow]: BedRow[K] };

/** Rejected only when the zone or the instant is missing or unreadable: a row without them has no place. */
function build(source: SourceFields): Built<BedRow> {
  const breaches: Breach[] = [];
  const one = (name: string): string | undefined => {
    const value = source.values[name];
    if (Array.isArray(value) && textsOf(value).length > 1)
      breaches.push({ rule: 'tag-repeated', field: name === 'facility' ? 'finessGeo' : name });
    return scalarOf(value);
  };

  const zoneId = one('zoneId');
  if (zoneId === undefined) return rejected('bed-zone-missing', 'zoneId');
  const observed = one('observedAt');
  if (observed === undefined) return rejected('bed-observed-missing', 'observedAt');
  const time = parseObserved(observed);
  if (time === undefined) return rejected('bed-observed-unreadable', 'observedAt');
  if (time.clockChange !== 'none')
    breaches.push({ rule: `bed-observed-${time.clockChange}`, field: 'observedAt' });

  // Keys are added in the order of the fields: equal records must print equal bytes.
  const record = { facility: normaliseFiness(one('facility') ?? ''), zoneId } as Draft;
  const put = (...names: readonly TextField[]): void => {
    for (const name of names) {
      const text = one(name);
      if (text !== undefined) record[name] = text;
    }
  };
  put('unitLabel', 'careClass');
  record.observedAt = { text: observed, at: time.at };
  put('source', 'nature', 'status', 'horizon');
  const count = one('count');
  if (count !== undefined && /^-?\d{1,6}$/.test(count)) record.count = Number(count);
  put('gender', 'closing', 'additional', 'crisis');
  record.assignment = one('assignment') ?? '01';
  put('comment');
  const extensions = sortedExtensions(source.extensions);
  if (extensions !== undefined) record.extensions = extensions;
  return { kind: 'record', record, breaches };
}

type TextField = Exclude<
  keyof BedRow,
  'facility' | 'zoneId' | 'observedAt' | 'count' | 'assignment' | 'extensions'
>;

function rejected(rule: string, field: string): Built<BedRow> {
  return { kind: 'rejected', breach: { rule, field } };
}

type Observed = Pick<LocalTime, 'at' | 'clockChange'>;

const isoSyntax =
  /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?$/;

/** "dd/MM/yyyy HH:mm[:ss]", or ISO 8601; without an offset it is local time of Paris. */
function parseObserved(text: string): Observed | undefined {
  const parts = isoSyntax.exec(text);
  if (parts === null) return parseFrenchDateTime(text);
  const [, date = '', hour, minute, second = '0', fraction = '', offset] = parts;
  const day = dayFromIso(date);
  if (day === undefined) return undefined;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const msOfDay = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + ms;
  if (offset === undefined) return instantOf(day, msOfDay);
  return { at: day * 86_400_000 + msOfDay - offsetMs(offset), clockChange: 'none' };
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}
