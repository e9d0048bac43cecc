import { z } from 'zod';
import { permanent } from '../../shared/runtime/errors.ts';
import { expectationOf, expecting } from '../../shared/runtime/settings.ts';
import { dayFromIso, dayToIso, instantOf, type Day } from '../../shared/runtime/paris-time.ts';

const mostNamed = 5;

/** Every fault at once, by its name and what is expected there: never what was found. */
export function parseAsked<Schema extends z.ZodType>(
  schema: Schema,
  asked: unknown,
  code: 'api-query-invalid' | 'api-body-invalid',
): z.output<Schema> {
  const read = schema.safeParse(asked);
  if (read.success) return read.data;
  const all = read.error.issues.flatMap(told);
  // One sentence a name, whichever of its rules is broken.
  const faults = all
    .filter(({ name }, index) => all.findIndex((each) => each.name === name) === index)
    .slice(0, mostNamed);
  const facts = {
    faultsFr: faults.map(({ name, fr }) => `${name} : ${fr}`).join(' ; '),
    faultsEn: faults.map(({ name, en }) => `${name}: ${en}`).join('; '),
  };
  throw code === 'api-query-invalid'
    ? permanent('api-query-invalid', { facts })
    : permanent('api-body-invalid', { facts });
}

function told(issue: z.core.$ZodIssue): readonly { name: string; fr: string; en: string }[] {
  const path = issue.path.map(String).join('.').slice(0, 80);
  if (issue.code !== 'unrecognized_keys')
    return [{ name: path === '' ? '(…)' : path, ...expectationOf(issue) }];
  return issue.keys.map((key) => ({
    name: [path, key.slice(0, 40)].filter((each) => each !== '').join('.'),
    ...{ fr: 'inconnu ici', en: 'unknown here' },
  }));
}

/** A day of Paris, "2026-11-20". */
export function dayParameter() {
  return z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/, expecting('une date aaaa-mm-jj', 'a date yyyy-mm-dd'))
    .refine((text) => dayFromIso(text) !== undefined, expecting('une date aaaa-mm-jj', 'a date yyyy-mm-dd'));
}

export function limitParameter(usual: number, most: number) {
  const expected = expecting(`un nombre de 1 à ${most}`, `a number from 1 to ${most}`);
  return z
    .string()
    .regex(/^[1-9]\d{0,3}$/, expected)
    .refine((text) => Number(text) <= most, expected)
    .default(`${usual}`);
}

export function cursorParameter() {
  return z.string().max(300, expecting('un curseur reçu d’ici', 'a cursor received from here')).optional();
}

/** Opaque to whoever gets it, and held against its shape when it comes back: it opens nothing by itself. */
export function cursorText(value: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Throws `api-cursor-invalid`. */
export function readCursor<Schema extends z.ZodType>(
  schema: Schema,
  text: string | undefined,
): z.output<Schema> | undefined {
  if (text === undefined) return undefined;
  const read = schema.safeParse(jsonOf(text));
  if (!read.success) throw permanent('api-cursor-invalid');
  return read.data;
}

function jsonOf(text: string): unknown {
  if (!/^[\w-]+$/.test(text)) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** One page of a whole list: by its keys, so that a row that comes or goes meanwhile moves no other to another page. */
export function pageOf<Row, Key extends string | number>(
  rows: readonly Row[],
  asked: {
    readonly cursor?: string | undefined;
    readonly limit: string;
    readonly keyOf: (row: Row) => Key;
    readonly keys: z.ZodType<Key>;
    readonly order: 'up' | 'down';
  },
): { readonly shown: readonly Row[]; readonly next: string | null } {
  const { cursor, limit, keyOf, keys, order } = asked;
  const way = order === 'up' ? 1 : -1;
  const compare = (one: Key, other: Key): number => (one < other ? -way : one > other ? way : 0);
  const after = readCursor(z.strictObject({ key: keys }), cursor)?.key;
  const left = rows
    .filter((row) => after === undefined || compare(keyOf(row), after) > 0)
    .sort((one, other) => compare(keyOf(one), keyOf(other)));
  const shown = left.slice(0, Number(limit));
  const last = shown.at(-1);
  const isMore = left.length > shown.length && last !== undefined;
  return { shown, next: isMore ? cursorText({ key: keyOf(last) }) : null };
}

export function iso(at: number): string;
export function iso(at: number | null | undefined): string | null;
export function iso(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString();
}

/** Of days that were checked. */
export function dayAsked(text: string | undefined): Day | undefined {
  return text === undefined ? undefined : dayFromIso(text);
}

/** Days from..to as instants [from, to). */
export function instantsOf(from: Day, to: Day): { readonly from: number; readonly to: number } {
  return { from: instantOf(from, 0).at, to: instantOf((to + 1) as Day, 0).at };
}

export function dayText(day: Day): string {
  return dayToIso(day);
}
