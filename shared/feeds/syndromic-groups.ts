import { z } from 'zod';
import type { Bilingual } from '../i18n/texts.ts';
import { expecting } from '../runtime/settings.ts';

/**
 * What a syndromic group is: which diagnoses, of whom. Its share is of the visits with at least one diagnosis (ODISSE).
 *
 * A code stands for itself and all below it (J21: J21.0, J21.9); `J09-J18` for every category from one to the other;
 * `=U07.1` for that code alone.
 */
export interface SyndromicGroup {
  readonly id: string;
  readonly name: Bilingual;
  readonly codes: readonly string[];
  /** any: principal or associated. */
  readonly diagnoses: 'principal' | 'associated' | 'any';
  /** Years; the upper bound is excluded. A visit of unknown age is in no group that has one. */
  readonly age?: { readonly from?: number | undefined; readonly below?: number | undefined } | undefined;
  /** Where its codes come from, and how sure that is. */
  readonly source: string;
  readonly confidence: 'confirmed' | 'partial' | 'local';
  /** Shares in percent between which a week is as expected; a week of its own comes before every week's. */
  readonly expected?:
    | {
        readonly every?: Band | undefined;
        readonly weeks?: Readonly<Record<string, Band>> | undefined;
      }
    | undefined;
}

export interface Band {
  readonly low: number;
  readonly high: number;
}

const codeSyntax = /^(?:=?[A-Z]\d{2}(?:\.?[0-9+*]{1,3})?|([A-Z])\d{2}-\1\d{2})$/;
const percent = z.number().min(0).max(100);
const band = z
  .strictObject({ low: percent, high: percent })
  .refine(({ low, high }) => low <= high, expecting('low au plus égal à high', 'low at most high'));
const years = z.int().min(0).max(120);
const words = z.string().trim().min(1).max(80);

const group = z.strictObject({
  id: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{1,39}$/,
      expecting('des minuscules, comme ma-grippe', 'lower case, such as my-flu'),
    ),
  name: z.strictObject({ fr: words, en: words }),
  codes: z
    .array(
      z
        .string()
        .regex(codeSyntax, expecting('J21, J09-J18 ou =U07.1 (CIM-10)', 'J21, J09-J18 or =U07.1 (ICD-10)'))
        .refine(isForward, expecting('un intervalle croissant', 'an ascending range')),
    )
    .min(1)
    .max(200),
  diagnoses: z.enum(['principal', 'associated', 'any']),
  age: z
    .strictObject({ from: years.optional(), below: years.optional() })
    .refine(
      ({ from = 0, below = 121 }) => from < below,
      expecting('from inférieur à below', 'from under below'),
    )
    .optional(),
  source: z.string().trim().min(1).max(300),
  confidence: z.enum(['confirmed', 'partial', 'local']),
  expected: z
    .strictObject({
      every: band.optional(),
      weeks: z
        .record(z.string(), band)
        .refine(
          (weeks) => Object.keys(weeks).every((week) => /^(?:[1-9]|[1-4]\d|5[0-3])$/.test(week)),
          expecting('des semaines, 1 à 53', 'weeks, 1 to 53'),
        )
        .optional(),
    })
    .optional(),
});

/** A file of groups as an operator edits it. */
export const syndromicGroupsFile = z.strictObject({
  groups: z
    .array(group)
    .min(1)
    .max(60)
    .refine(
      (groups) => new Set(groups.map(({ id }) => id)).size === groups.length,
      expecting('des identifiants différents', 'ids that differ'),
    ),
});

function isForward(code: string): boolean {
  const [, from = 0, to = 0] = /^[A-Z](\d{2})-[A-Z](\d{2})$/.exec(code) ?? [];
  return Number(from) <= Number(to);
}

/** Indexes of the groups that these diagnoses belong to; `age` in years, undefined when unknown. */
export type MatchGroups = (
  principal: string | undefined,
  associated: readonly string[],
  age: number | undefined,
) => readonly number[];

export function matcherOf(groups: readonly SyndromicGroup[]): MatchGroups {
  const compiled = groups.map(({ codes, diagnoses, age }) => ({
    pattern: patternOf(codes),
    ofPrincipal: diagnoses !== 'associated',
    ofAssociated: diagnoses !== 'principal',
    bounded: age?.from !== undefined || age?.below !== undefined,
    from: age?.from ?? 0,
    below: age?.below ?? Infinity,
  }));
  return (principal, associated, age) => {
    const main = principal === undefined ? undefined : plain(principal);
    const others = associated.map(plain);
    const found: number[] = [];
    compiled.forEach(({ pattern, ofPrincipal, ofAssociated, bounded, from, below }, index) => {
      if (bounded && (age === undefined || age < from || age >= below)) return;
      const given =
        (ofPrincipal && main !== undefined && pattern.test(main)) ||
        (ofAssociated && others.some((code) => pattern.test(code)));
      if (given) found.push(index);
    });
    return found;
  };
}

/**
 * Whether every visit of `inner` is in `outer`, whatever it holds: by what the groups say, not by any visit. Answers false where
 * that would take more than comparing code with code.
 */
export function coversGroup(outer: SyndromicGroup, inner: SyndromicGroup): boolean {
  const [high, low] = [outer.age ?? {}, inner.age ?? {}];
  const isBounded = (age: typeof high): boolean => age.from !== undefined || age.below !== undefined;
  return (
    (outer.diagnoses === 'any' || outer.diagnoses === inner.diagnoses) &&
    // A visit of unknown age is in no group that has one.
    (!isBounded(high) || isBounded(low)) &&
    (high.from ?? 0) <= (low.from ?? 0) &&
    (high.below ?? Infinity) >= (low.below ?? Infinity) &&
    prefixesOf(inner.codes).every((code) => prefixesOf(outer.codes).some((each) => coversCode(each, code)))
  );
}

/** `$` ends a code that stands for itself alone. */
function coversCode(outer: string, inner: string): boolean {
  return outer.endsWith('$') ? outer === inner : inner.startsWith(outer);
}

function patternOf(codes: readonly string[]): RegExp {
  const parts = prefixesOf(codes).map((code) => code.replace(/[+*]/g, '\\$&'));
  return new RegExp(`^(?:${parts.join('|')})`);
}

/** Ranges as each of their categories; a code that stands for itself alone ends in `$`. */
function prefixesOf(codes: readonly string[]): readonly string[] {
  return codes.flatMap((code) => {
    const [, letter = '', from, to] = /^([A-Z])(\d{2})-[A-Z](\d{2})$/.exec(code) ?? [];
    if (from !== undefined && to !== undefined)
      return Array.from(
        { length: Number(to) - Number(from) + 1 },
        (_none, step) => `${letter}${String(Number(from) + step).padStart(2, '0')}`,
      );
    const text = plain(code.replace('=', ''));
    return [code.startsWith('=') ? `${text}$` : text];
  });
}

function plain(code: string): string {
  return code.replaceAll('.', '').toUpperCase();
}

const heatPlan =
  'Plan canicule (InVS), copié par l’observatoire d’Alsace en 2013 : à vérifier avant publication';

function principal(
  id: string,
  fr: string,
  en: string,
  codes: readonly string[],
  more: Pick<SyndromicGroup, 'age'> = {},
): SyndromicGroup {
  return {
    ...{ id, name: { fr, en }, codes, diagnoses: 'principal' },
    ...{ source: heatPlan, confidence: 'partial', ...more },
  };
}

/**
 * What the program itself knows: published lists only. A group whose list is known in part (stroke) is left out, and so
 * is what nobody published (iCanicule as a sum).
 */
export const defaultGroups: readonly SyndromicGroup[] = [
  {
    id: 'ari',
    name: { fr: 'Infection respiratoire aiguë', en: 'Acute respiratory infection' },
    codes: [
      ...['B34.2', 'B97.2', 'B97.4', 'J09-J18', 'J20-J22', 'U04.9'],
      ...['=U07.1', '=U07.10', '=U07.11', '=U07.12', '=U07.14', '=U07.15'],
    ],
    diagnoses: 'any',
    source: 'Santé publique France, ODISSE, infections respiratoires aiguës par département',
    confidence: 'confirmed',
  },
  principal('influenza', 'Grippe', 'Influenza', ['J09', 'J10', 'J11']),
  principal('bronchiolitis', 'Bronchiolite (moins de 2 ans)', 'Bronchiolitis (under 2)', ['J21'], {
    age: { below: 2 },
  }),
  principal('gastroenteritis', 'Gastro-entérite', 'Gastroenteritis', ['A09']),
  principal('asthma', 'Asthme', 'Asthma', ['J45', 'J46']),
  principal('hyperthermia', 'Hyperthermie', 'Hyperthermia', ['T67', 'X30']),
  principal('dehydration', 'Déshydratation', 'Dehydration', ['E86']),
  principal('hyponatraemia', 'Hyponatrémie', 'Hyponatraemia', ['E87.1']),
  principal('malaise', 'Malaise', 'Malaise', ['R42', 'R53', 'R55']),
  principal('bites', 'Piqûres et morsures', 'Bites and stings', ['T63', 'W57', 'X20-X29']),
  principal('carbon-monoxide', 'Monoxyde de carbone', 'Carbon monoxide', ['T58']),
  principal('mushrooms', 'Champignons', 'Mushrooms', ['T62']),
];
