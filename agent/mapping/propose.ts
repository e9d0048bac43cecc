import { normaliseFiness } from '../../shared/feeds/facility.ts';
import { guessColumns, sureFrom, type ColumnGuess } from './guess-columns.ts';
import { profileColumn, separatorOf, type ColumnProfile } from './guess-content.ts';
import { guessJoin, type JoinGuess } from './guess-join.ts';
import { codeOfLabel } from './guess-labels.ts';
import { likeness, wordsOf } from './guess-names.ts';
import { guessTable, type TableGuess } from './guess-tables.ts';
import type { CodeWords, FieldWords, Vocabulary } from './guess-vocabulary.ts';
import type { FieldMapping } from './field-schema.ts';
import type { LineFormat } from './format-schema.ts';

/** The rows of one sample and what the file looks like from outside. Rows hold patients. */
export interface Sample {
  readonly format: LineFormat;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Why a line of the proposal needs a person's eye. */
export type Doubt =
  | {
      readonly kind:
        'by-content' | 'by-name' | 'no-values' | 'table-guessed' | 'free-text' | 'shared-column' | 'day-only';
    }
  | { readonly kind: 'alternatives'; readonly columns: readonly string[] }
  | { readonly kind: 'dates-left'; readonly percent: number }
  | { readonly kind: 'not-found'; readonly columns: readonly string[] }
  | { readonly kind: 'facility-setting' };

export interface ProposedField {
  readonly name: string;
  /** Undefined: nothing was found. */
  readonly spec: FieldMapping | undefined;
  readonly doubts: readonly Doubt[];
}

export interface ProposedTable extends TableGuess {
  readonly name: string;
  /** Undefined: no column was found. */
  readonly column: string | undefined;
  /** Codes that the field allows. */
  readonly allowed: readonly string[];
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
  const key = second === undefined ? undefined : guessJoin(own, others);
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
  const keys = key === undefined ? [] : [key.main, `${joinName}.${key.joined}`];
  const unknown = free.filter((profile) => !identity.includes(profile) && !keys.includes(profile.column));
  const tables: ProposedTable[] = [];
  const fields = vocabulary.fields.map((words): ProposedField => {
    const guess = guessOf.get(words.field);
    if (words.field === 'facility' && guess === undefined) return facilityField(found.facility, words);
    if (guess === undefined) {
      if (words.coded !== undefined) tables.push(emptyTable(words.field, words.coded));
      return { name: words.field, spec: undefined, doubts: [notFound(words, unknown)] };
    }
    const { spec, doubts, table } = specOf(guess, borrowedFor(words, guessOf));
    if (table !== undefined) tables.push(table);
    return { name: words.field, spec, doubts };
  });
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

/** Columns of few codes that nothing explains might hold a coded field. */
function notFound({ coded }: FieldWords, unknown: readonly ColumnProfile[]): Doubt {
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

/** Some softwares say how a patient left in one column only: a second look into the column of another field. */
function borrowedFor(
  words: FieldWords,
  guessOf: ReadonlyMap<string, ColumnGuess>,
): ColumnProfile | undefined {
  const lender = words.alsoIn === undefined ? undefined : guessOf.get(words.alsoIn)?.columns[0];
  const { coded } = words;
  if (lender === undefined || coded === undefined) return undefined;
  const met = [...lender.distinct.keys()].filter((text) => codeOfLabel(text, coded).kind === 'sure');
  return met.length >= 2 ? lender : undefined;
}

interface Specified {
  readonly spec: FieldMapping;
  readonly doubts: readonly Doubt[];
  readonly table?: ProposedTable;
}

function specOf(guess: ColumnGuess, borrowed: ColumnProfile | undefined): Specified {
  const { words, columns } = guess;
  const [profile, time] = columns;
  if (profile === undefined) return { spec: {}, doubts: [] };
  const doubts = doubtsOf(guess);
  const from = profile.column;
  switch (words.content) {
    case 'birth-date':
      return {
        spec: { from, date: [...profile.dates.formats] },
        doubts: [...doubts, ...datesLeft(profile.dates.share)],
      };
    case 'moment':
      return momentSpec(profile, time, doubts);
    case 'codes':
      return codedSpec(guess, profile, borrowed, doubts);
    case 'diagnoses':
    case 'procedures': {
      const split = separatorOf(profile);
      return { spec: split === undefined ? { from } : { from, split }, doubts };
    }
    case 'postal-code':
      return profile.filled.some((text) => text.length === 4)
        ? { spec: { from, do: [{ pad: 5 }] }, doubts }
        : { spec: { from }, doubts };
    case 'reason':
      return profile.filled.some((text) => /\s/.test(text))
        ? { spec: { from }, doubts: [...doubts, { kind: 'free-text' }] }
        : { spec: { from }, doubts };
    case 'finess':
    case 'diagnosis':
    case 'visit-number':
    case 'place':
    case 'any':
      return { spec: { from }, doubts };
  }
}

function doubtsOf({ by, confidence, alternatives, columns }: ColumnGuess): readonly Doubt[] {
  const doubts: Doubt[] = [];
  if (columns.some(({ filled }) => filled.length === 0)) doubts.push({ kind: 'no-values' });
  else if (by === 'content') doubts.push({ kind: 'by-content' });
  else if (confidence < sureFrom) doubts.push({ kind: 'by-name' });
  if (alternatives.length > 0) doubts.push({ kind: 'alternatives', columns: alternatives });
  return doubts;
}

function momentSpec(
  profile: ColumnProfile,
  time: ColumnProfile | undefined,
  doubts: readonly Doubt[],
): Specified {
  if (time === undefined) {
    const { dateTimes, dates, column } = profile;
    if (dateTimes.share >= dates.share)
      return {
        spec: { from: column, dateTime: [...dateTimes.formats] },
        doubts: [...doubts, ...datesLeft(dateTimes.share)],
      };
    return {
      spec: {
        concat: [{ column }, { text: ' 00:00' }],
        dateTime: dates.formats.map((date) => `${date} HH:mm`),
      },
      doubts: [...doubts, { kind: 'day-only' }, ...datesLeft(dates.share)],
    };
  }
  const formats = profile.dates.formats.flatMap((date) =>
    time.times.formats.map((part) => `${date} ${part}`),
  );
  return {
    spec: { concat: [{ column: profile.column }, { text: ' ' }, { column: time.column }], dateTime: formats },
    doubts: [...doubts, ...datesLeft(Math.min(profile.dates.share, time.times.share))],
  };
}

function datesLeft(share: number): readonly Doubt[] {
  const percent = Math.ceil((1 - share) * 100);
  return percent === 0 ? [] : [{ kind: 'dates-left', percent }];
}

function codedSpec(
  guess: ColumnGuess,
  profile: ColumnProfile,
  borrowed: ColumnProfile | undefined,
  doubts: readonly Doubt[],
): Specified {
  const { coded, field } = guess.words;
  if (coded === undefined) return { spec: { from: profile.column }, doubts };
  const table = guessTable(profile, coded);
  const lent = borrowed === undefined ? undefined : guessTable(borrowed, coded);
  if (table === undefined && lent === undefined) return { spec: { from: profile.column }, doubts };
  const own = table ?? { entries: nationalEntries(profile), hidden: 0 };
  // What the other column says of its own field is no fault here: blank.
  const also = (lent?.entries ?? []).map((entry) =>
    entry.sure ? entry : { ...entry, code: '', sure: true },
  );
  const entries = [
    ...own.entries,
    ...also.filter(({ text }) => !own.entries.some((one) => one.text === text)),
  ];
  const guessed = entries.some(({ sure }) => !sure);
  const from = borrowed === undefined ? profile.column : [profile.column, borrowed.column];
  return {
    spec: { from, table: field },
    doubts: [
      ...doubts,
      ...(guessed ? [{ kind: 'table-guessed' } as const] : []),
      ...(borrowed === undefined ? [] : [{ kind: 'shared-column' } as const]),
    ],
    table: {
      name: field,
      column: profile.column,
      allowed: [...coded.codes],
      entries,
      hidden: own.hidden + (lent?.hidden ?? 0),
    },
  };
}

function nationalEntries({ distinct }: ColumnProfile): TableGuess['entries'] {
  return [...distinct].map(([text, count]) => ({ text, count, code: text, sure: true }));
}
