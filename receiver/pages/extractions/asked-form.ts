import { portalExtractions } from '../../../shared/i18n/portal-extractions.ts';
import { expectationOf } from '../../../shared/runtime/settings.ts';
import { dayOf, dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { extractionRequest, type ExtractionRequest } from '../../extraction/request.ts';
import { teller } from '../typeset.ts';
import type { Language } from '../../../shared/i18n/texts.ts';

/** What a form says of an extraction: in the address while it is only looked at, in the body once it is asked for. */
export interface AskedFields {
  readonly one: (name: string) => string;
  readonly all: (name: string) => readonly string[];
}

export type AskedKind = 'rows' | 'aggregates';

/** Names in addresses. */
export const kindNames = { rows: 'lignes', aggregates: 'comptages' } as const;

export const fieldNames = [
  ...(['contenu', 'du', 'au', 'forme', 'etablissement', 'champ', 'age_de', 'age_a', 'sexe'] as const),
  ...(['gravite', 'sortie', 'codes', 'groupe', 'selon', 'par', 'pour'] as const),
] as const;

export function fieldsOfQuery(query: URLSearchParams): AskedFields {
  return { one: (name) => (query.get(name) ?? '').trim(), all: (name) => query.getAll(name) };
}

export function kindOf({ one }: AskedFields): AskedKind {
  return one('contenu') === kindNames.rows ? 'rows' : 'aggregates';
}

/** Whether more than the kind is said: what is only opened is not yet asked. */
export function isFilled({ one }: AskedFields): boolean {
  return one('du') !== '' || one('au') !== '';
}

/** The last whole month. */
export function usualPeriod(now: number): { readonly from: string; readonly to: string } {
  const [year = 0, month = 0] = dayToIso(dayOfInstant(now)).split('-').map(Number);
  const first = dayOf(year, month, 1) ?? dayOfInstant(now);
  const before = dayToIso((first - 1) as Day);
  return { from: `${before.slice(0, 7)}-01`, to: before };
}

/** What is wrong with it, in the words of the page. */
export interface Wrong {
  readonly field: string;
  readonly message: string;
}

/** The request, or what is wrong with the first of its fields. */
export function requestOf(
  fields: AskedFields,
  purpose: string,
  language: Language,
): { readonly request: ExtractionRequest } | { readonly wrong: Wrong } {
  const read = extractionRequest.safeParse(given(fields, purpose, language));
  if (read.success) return { request: read.data };
  const [issue] = read.error.issues;
  const path = (issue?.path ?? []).filter((step) => typeof step === 'string' && step !== 'content').join('-');
  const [field, label] = labels[path] ?? ['du', 'period'];
  const say = teller(portalExtractions, language);
  const expected = issue === undefined ? '' : expectationOf(issue)[language];
  return { wrong: { field, message: say('wrong', { field: say(label), expected }) } };
}

/** Where a fault of the request stands on the page. */
const labels: Readonly<Record<string, readonly [field: string, label: keyof typeof portalExtractions]>> = {
  from: ['du', 'from'],
  to: ['au', 'to'],
  facilities: ['etablissement', 'places'],
  form: ['forme', 'form'],
  purpose: ['objet', 'purpose'],
  fields: ['champ', 'columns'],
  'age-from': ['age_de', 'ageFrom'],
  'age-below': ['age_a', 'ageBelow'],
  sex: ['sexe', 'sex'],
  severity: ['gravite', 'severity'],
  departure: ['sortie', 'departure'],
  codes: ['codes', 'codes'],
  group: ['groupe', 'group'],
  split: ['selon', 'split'],
  by: ['par', 'by'],
  places: ['pour', 'of'],
};

function given(fields: AskedFields, purpose: string, language: Language): unknown {
  const { one } = fields;
  return {
    ...{ from: one('du'), to: one('au'), purpose, language },
    ...some('form', one('forme')),
    ...some('facilities', chosen(fields, 'etablissement')),
    content: kindOf(fields) === 'rows' ? rowsOf(fields) : aggregatesOf(fields),
  };
}

function rowsOf(fields: AskedFields): unknown {
  const { one } = fields;
  const age = { ...some('from', years(one('age_de'))), ...some('below', years(one('age_a'))) };
  const codes = one('codes')
    .split(/[\s,;]+/)
    .filter((code) => code !== '');
  return {
    ...{ kind: 'rows', fields: chosen(fields, 'champ') },
    ...some('age', Object.keys(age).length === 0 ? '' : age),
    ...some('sex', chosen(fields, 'sexe')),
    ...some('severity', chosen(fields, 'gravite')),
    ...some('departure', chosen(fields, 'sortie')),
    ...some('codes', codes),
    ...some('group', one('groupe')),
  };
}

function aggregatesOf({ one }: AskedFields): unknown {
  return {
    ...{ kind: 'aggregates', split: one('selon'), by: one('par') === 'mois' ? 'month' : 'week' },
    places: one('pour') === 'etablissements' ? 'facility' : 'region',
  };
}

function chosen({ all }: AskedFields, name: string): readonly string[] {
  return all(name).filter((value) => value !== '');
}

/** A number, or what was typed instead, which the schema then refuses. */
function years(text: string): number | string {
  return /^\d{1,3}$/.test(text) ? Number(text) : text;
}

function some(name: string, value: unknown): Readonly<Record<string, unknown>> {
  const isNothing = value === '' || (Array.isArray(value) && value.length === 0);
  return isNothing ? {} : { [name]: value };
}
