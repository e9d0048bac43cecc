import { dayOfInstant, parseFrenchDateTime, type LocalTime } from '../runtime/paris-time.ts';
import { dispositionAliases, transportAliases, withoutDots } from './code-lists.ts';
import { checkEdVisit } from './ed-visits-checks.ts';
import { edVisitFields, edVisitSchema, type EdVisit } from './ed-visits-record.ts';
import { edVisitTally } from './ed-visits-tally.ts';
import { edVisitTargets } from './ed-visits-targets.ts';
import { edVisitRules } from './ed-visits-rules.ts';
import { normaliseFiness } from './facility.ts';
import type { Breach, Built, Feed, SourceFields } from './feed.ts';
import { scalarOf, sortedExtensions, textsOf } from './source-text.ts';

/**
 * ED visits: the national visit summary (18 items, June 2006), one record per visit. What a source wrote is kept; only
 * blanks around it, dots in ICD-10 codes and the misprinted aliases go.
 */
export const edVisits: Feed<EdVisit> = {
  name: 'ed-visits',
  version: 1,
  replacement: 'window',
  fields: edVisitFields,
  rules: edVisitRules,
  targets: edVisitTargets,
  tally: edVisitTally,
  schema: edVisitSchema,
  rhythm: { every: 'day', before: '04:00' },
  build,
  check: checkEdVisit,
  facilityOf: (record) => record.facility,
  dayOf: (record) => dayOfInstant(record.arrivedAt.at),
  instantOf: (record) => record.arrivedAt.at,
  naturalKey: (record) =>
    [
      record.arrivedAt.text.slice(0, 16),
      canonical(record.birthDate),
      canonical(record.sex),
      canonical(record.postalCode),
    ].join('|'),
  visitId: (record) => record.visitId,
};

type Draft = { -readonly [K in keyof EdVisit]: EdVisit[K] };
type TextField = Exclude<
  keyof EdVisit,
  'facility' | 'arrivedAt' | 'departedAt' | 'associatedDiagnoses' | 'procedures' | 'extensions'
>;

/** Rejected only when ENTREE is missing or unreadable: a visit without a day has no place. */
function build(source: SourceFields): Built<EdVisit> {
  const { values } = source;
  const breaches: Breach[] = [];
  const one = (name: string): string | undefined => {
    const value = values[name];
    if (Array.isArray(value) && textsOf(value).length > 1) breaches.push(repeated(name));
    return scalarOf(value);
  };

  const entry = one('arrivedAt');
  if (entry === undefined) return { kind: 'rejected', breach: { rule: 'entree-missing', field: 'ENTREE' } };
  const arrival = parseFrenchDateTime(entry);
  if (arrival === undefined)
    return { kind: 'rejected', breach: { rule: 'entree-unreadable', field: 'ENTREE' } };
  if (arrival.clockChange !== 'none') breaches.push(clockBreaches.entree[arrival.clockChange]);

  // Keys are added in the order of the fields: equal records must print equal bytes.
  const record: Draft = {
    facility: normaliseFiness(one('facility') ?? ''),
  } as Draft;
  const put = (name: TextField, text: string | undefined): void => {
    if (text !== undefined) record[name] = text;
  };
  for (const name of beforeArrival) put(name, one(name));
  record.arrivedAt = { text: entry, at: arrival.at };
  put('arrivalMode', one('arrivalMode'));
  put('origin', one('origin'));
  put('transport', aliased(one('transport'), transportAliases));
  put('transportCare', one('transportCare'));
  put('reason', one('reason'));
  put('severity', one('severity'));
  put('principalDiagnosis', undotted(one('principalDiagnosis')));
  const associated = textsOf(values['associatedDiagnoses']).map(withoutDots).filter(isFilled);
  if (associated.length > 0) record.associatedDiagnoses = associated;
  const procedures = textsOf(values['procedures']);
  if (procedures.length > 0) record.procedures = procedures;
  const exit = one('departedAt');
  if (exit !== undefined) record.departedAt = { text: exit, at: departure(exit, arrival.at, breaches) };
  put('departureMode', one('departureMode'));
  put('destination', one('destination'));
  put('disposition', aliased(one('disposition'), dispositionAliases));
  const extensions = sortedExtensions(source.extensions);
  if (extensions !== undefined) record.extensions = extensions;
  return { kind: 'record', record, breaches };
}

const beforeArrival = ['visitId', 'postalCode', 'commune', 'birthDate', 'sex'] as const;

const clockBreaches = {
  entree: {
    ambiguous: { rule: 'entree-ambiguous', field: 'ENTREE' },
    skipped: { rule: 'entree-skipped', field: 'ENTREE' },
  },
  sortie: {
    ambiguous: { rule: 'sortie-ambiguous', field: 'SORTIE' },
    skipped: { rule: 'sortie-skipped', field: 'SORTIE' },
  },
} as const;

const hourMs = 3_600_000;

/** In the hour that comes twice, an exit that would precede the entry is the later of the two. */
function departure(text: string, arrivedAt: number, breaches: Breach[]): number | null {
  const parsed: LocalTime | undefined = parseFrenchDateTime(text);
  if (parsed === undefined) return null;
  if (parsed.clockChange === 'none') return parsed.at;
  breaches.push(clockBreaches.sortie[parsed.clockChange]);
  return parsed.clockChange === 'ambiguous' && parsed.at < arrivedAt ? parsed.at + hourMs : parsed.at;
}

function aliased(code: string | undefined, aliases: ReadonlyMap<string, string>): string | undefined {
  return code === undefined ? undefined : (aliases.get(code) ?? code);
}

function undotted(code: string | undefined): string | undefined {
  const text = code === undefined ? '' : withoutDots(code);
  return text === '' ? undefined : text;
}

function isFilled(text: string): boolean {
  return text !== '';
}

function canonical(text: string | undefined): string {
  return text === undefined ? '' : text.trim().toUpperCase();
}

const tags: ReadonlyMap<string, string | null> = new Map(edVisitFields.map(({ name, tag }) => [name, tag]));

function repeated(name: string): Breach {
  return { rule: 'tag-repeated', field: tags.get(name) ?? null };
}
