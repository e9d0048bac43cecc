import { normaliseFiness } from '../../shared/feeds/facility.ts';
import { columnsOf } from './columns.ts';
import type { FieldMapping } from './field-schema.ts';
import type { LineFormat } from './format-schema.ts';
import { guessColumns, type ColumnGuess } from './guess-columns.ts';
import { profileColumn, type ColumnProfile } from './guess-content.ts';
import { guessJoin, guessJoinByPerson, type JoinGuess } from './guess-join.ts';
import { isElsewhere } from './guess-formats.ts';
import { likeness, wordsOf } from './guess-names.ts';
import type { CodeWords, FieldWords, Vocabulary } from './guess-vocabulary.ts';
import { borrowedFor, nothingTable, specOf, type Doubt, type ProposedTable } from './propose-field.ts';
import { followingSpec, nothingEntries } from './propose-following.ts';

/** The rows of one sample and what the file looks like from outside. Rows hold patients. */
export interface Sample {
  readonly format: LineFormat;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface ProposedField {
  readonly name: string;
  /** Undefined: nothing was found. */
  readonly spec: FieldMapping | undefined;
  readonly doubts: readonly Doubt[];
}

export interface Proposal {
  readonly feed: string;
  readonly format: LineFormat;
  readonly join: { readonly name: string; readonly format: LineFormat; readonly key: JoinGuess } | undefined;
  readonly fields: readonly ProposedField[];
  readonly tables: readonly ProposedTable[];
  /** Columns that tell who people are; columns that no field asks for. */
  readonly identity: readonly string[];
  readonly unknown: readonly string[];
}

/** Undefined: two samples that have no column in common. */
export function propose(given: {
  readonly feed: string;
  readonly vocabulary: Vocabulary;
  readonly samples: readonly Sample[];
  readonly facility: string | undefined;
}): Proposal | undefined {
  const { vocabulary } = given;
  const [main, second] = ordered(given.samples, vocabulary);
  if (main === undefined) return undefined;
  const own = profiles(main);
  const others = second === undefined ? [] : profiles(second);
  const key = second === undefined ? undefined : joinKey(own, others, vocabulary);
  if (second !== undefined && key === undefined) return undefined;
  const prefixed = others.map((profile) => ({
    ...profile,
    column: `${joinName}.${profile.column}`,
    position: profile.position + own.length,
  }));
  const all = [...own, ...prefixed];
  // What places a record and names it must stand in the export that comes first.
  const mainOnly = { ...vocabulary, fields: vocabulary.fields.filter(({ field }) => isMainOnly(field)) };
  const first = guessColumns(mainOnly, own);
  const taken = new Set(first.flatMap(({ columns }) => columns.map(({ column }) => column)));
  const rest = { ...vocabulary, fields: vocabulary.fields.filter(({ field }) => !isMainOnly(field)) };
  const guesses =
    second === undefined
      ? guessColumns(vocabulary, own)
      : [
          ...first,
          ...guessColumns(
            rest,
            all.filter(({ column }) => !taken.has(column)),
          ),
        ];
  return build({ ...given, main, second, key, guesses, all });
}

const joinName = 'adm';

/** The visit number both know; else who came when. */
function joinKey(
  main: readonly ColumnProfile[],
  joined: readonly ColumnProfile[],
  vocabulary: Vocabulary,
): JoinGuess | undefined {
  const person = (profiles: readonly ColumnProfile[]): readonly FieldMapping[] | undefined => {
    const guesses = guessColumns(vocabulary, profiles);
    const parts = ['birthDate', 'arrivedAt'].map((name) => guesses.find(({ words }) => words.field === name));
    const specs = parts.flatMap((guess) => (guess === undefined ? [] : [specOf(guess, undefined).spec]));
    return specs.length === parts.length ? specs : undefined;
  };
  return (
    guessJoin(main, joined) ??
    guessJoinByPerson({ profiles: main, key: person(main) }, { profiles: joined, key: person(joined) })
  );
}

function isMainOnly(field: string): boolean {
  return field === 'facility' || field === 'visitId';
}

function profiles({ columns, rows }: Sample): readonly ColumnProfile[] {
  return columns.map((column, index) =>
    profileColumn(
      column,
      index,
      rows.map((row) => row[index] ?? ''),
    ),
  );
}

/** The export that holds the moment of arrival is the main one; the first given when both or none do. */
function ordered(samples: readonly Sample[], vocabulary: Vocabulary): readonly Sample[] {
  const [first, second] = samples;
  if (first === undefined || second === undefined) return samples;
  return arrival(second, vocabulary) > arrival(first, vocabulary) ? [second, first] : samples;
}

function arrival(sample: Sample, vocabulary: Vocabulary): number {
  const moments = guessColumns(vocabulary, profiles(sample)).filter(
    ({ words }) => words.content === 'moment',
  );
  return Math.max(0, ...moments.map(({ confidence }) => confidence));
}

interface Found {
  readonly feed: string;
  readonly vocabulary: Vocabulary;
  readonly facility: string | undefined;
  readonly main: Sample;
  readonly second: Sample | undefined;
  readonly key: JoinGuess | undefined;
  readonly guesses: readonly ColumnGuess[];
  readonly all: readonly ColumnProfile[];
}

function build(found: Found): Proposal {
  const { vocabulary, all, key, second } = found;
  const guesses = found.guesses.filter((guess) => !isOtherFacility(guess, found.facility));
  const guessOf = new Map(guesses.map((guess) => [guess.words.field, guess]));
  const usable = new Set(guesses.flatMap(({ columns }) => columns));
  const free = all.filter((profile) => !usable.has(profile));
  const identity = free.filter(({ column }) => isIdentity(column, vocabulary));
  const keys =
    key === undefined
      ? []
      : [
          ...key.main.flatMap(columnsOf),
          ...key.joined.flatMap(columnsOf).map((column) => `${joinName}.${column}`),
        ];
  const unknown = free.filter((profile) => !identity.includes(profile) && !keys.includes(profile.column));
  const tables: ProposedTable[] = [];
  const fields = vocabulary.fields.map((words): ProposedField => {
    const guess = guessOf.get(words.field);
    if (words.field === 'facility' && guess === undefined) return facilityField(found.facility, words);
    if (guess === undefined) {
      const following = followingSpec(words, guessOf);
      if (following?.table !== undefined) {
        tables.push(following.table);
        return { name: words.field, spec: following.spec, doubts: following.doubts };
      }
      if (words.coded !== undefined) tables.push(emptyTable(words.field, words.coded));
      return { name: words.field, spec: undefined, doubts: [notFound(words, unknown)] };
    }
    const { spec, doubts, table } = specOf(guess, borrowedFor(words, guessOf));
    if (table !== undefined) tables.push(table);
    return { name: words.field, spec, doubts };
  });
  if (fields.some(({ spec }) => spec?.table === nothingTable)) tables.unshift(nothingEntries([...usable]));
  return {
    feed: found.feed,
    format: found.main.format,
    join:
      key === undefined || second === undefined ? undefined : { name: joinName, format: second.format, key },
    fields,
    tables,
    identity: identity.map(({ column }) => column),
    unknown: unknown.map(({ column }) => column),
  };
}

/** A column of FINESS numbers that are not the one that was given: another site's, or the legal entity's. */
function isOtherFacility({ words, columns }: ColumnGuess, facility: string | undefined): boolean {
  if (words.field !== 'facility' || facility === undefined) return false;
  return columns.some(({ filled }) => filled.some((text) => normaliseFiness(text) !== facility));
}

function facilityField(facility: string | undefined, { field }: FieldWords): ProposedField {
  return facility === undefined
    ? { name: field, spec: undefined, doubts: [{ kind: 'facility-setting' }] }
    : { name: field, spec: { const: facility }, doubts: [] };
}

/** To be completed by whoever finds the column. */
function emptyTable(name: string, { codes }: CodeWords): ProposedTable {
  return { name, column: undefined, allowed: [...codes], entries: [], hidden: 0 };
}

/** Columns of few codes that nothing explains might hold a coded field; times of another zone hold no moment. */
function notFound({ coded, content }: FieldWords, unknown: readonly ColumnProfile[]): Doubt {
  const elsewhere = content === 'moment' ? unknown.filter(({ filled }) => isElsewhere(filled)) : [];
  if (elsewhere.length > 0) return { kind: 'elsewhere', columns: elsewhere.map(({ column }) => column) };
  const candidates = coded === undefined ? [] : unknown.filter(holdsCodes);
  return { kind: 'not-found', columns: candidates.map(({ column }) => column) };
}

function holdsCodes({ distinct, filled }: ColumnProfile): boolean {
  return (
    distinct.size > 0 &&
    distinct.size <= 15 &&
    filled.length >= distinct.size * 3 &&
    [...distinct.keys()].every((text) => text.length <= 8)
  );
}

function isIdentity(column: string, { identity }: Vocabulary): boolean {
  return likeness(wordsOf(column), identity) >= 0.6;
}
