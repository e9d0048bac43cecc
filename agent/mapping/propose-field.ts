import type { FieldMapping, Step } from './field-schema.ts';
import { sureFrom, type ColumnGuess } from './guess-columns.ts';
import { isDiagnosis, readList, type ColumnProfile } from './guess-content.ts';
import { codeOfLabel } from './guess-labels.ts';
import { readLabelled } from './guess-readings.ts';
import { guessTable, type TableGuess } from './guess-tables.ts';
import type { CodeWords, FieldWords } from './guess-vocabulary.ts';

/** Why a line of the proposal needs a person's eye. */
export type Doubt =
  | {
      readonly kind:
        | 'by-content'
        | 'number-by-content'
        | 'by-name'
        | 'no-values'
        | 'table-guessed'
        | 'free-text'
        | 'shared-column'
        | 'day-only'
        | 'nothing-blanked';
    }
  | { readonly kind: 'alternatives'; readonly columns: readonly string[] }
  | { readonly kind: 'dates-left'; readonly percent: number }
  | { readonly kind: 'derived'; readonly column: string }
  | { readonly kind: 'elsewhere'; readonly columns: readonly string[] }
  | { readonly kind: 'not-found'; readonly columns: readonly string[] }
  | { readonly kind: 'facility-setting' };

export interface ProposedTable extends TableGuess {
  readonly name: string;
  /** Undefined: no column was found, or it serves several. */
  readonly column: string | undefined;
  /** Codes that the field allows. */
  readonly allowed: readonly string[];
}

/** A column of another field, and the words of that field. */
export interface Borrowed {
  readonly profile: ColumnProfile;
  readonly words: CodeWords;
}

/** Some softwares say how a patient left in one column only: a second look into the column of another field. */
export function borrowedFor(
  words: FieldWords,
  guessOf: ReadonlyMap<string, ColumnGuess>,
): Borrowed | undefined {
  const lender = words.alsoIn === undefined ? undefined : guessOf.get(words.alsoIn);
  const [profile] = lender?.columns ?? [];
  const { coded } = words;
  if (lender?.words.coded === undefined || profile === undefined || coded === undefined) return undefined;
  const met = [...profile.distinct.keys()].filter((text) =>
    ['same', 'sure'].includes(codeOfLabel(text, coded).kind),
  );
  return met.length >= 2 ? { profile, words: lender.words.coded } : undefined;
}

export interface Specified {
  readonly spec: FieldMapping;
  readonly doubts: readonly Doubt[];
  readonly table?: ProposedTable;
}

/** The field as the mapping would write it, what is doubtful about it, and its table of codes. */
export function specOf(guess: ColumnGuess, borrowed: Borrowed | undefined): Specified {
  const { content } = guess.words;
  const specified = plainSpec(guess, borrowed);
  if (!guess.columns.some(({ nothings }) => nothings.size > 0) || content === 'codes') return specified;
  const { spec, doubts } = specified;
  if (spec.do?.includes('digits') === true) return specified;
  if (spec.date !== undefined || spec.dateTime !== undefined)
    return { spec: { ...spec, otherwise: 'blank' }, doubts: [...doubts, { kind: 'nothing-blanked' }] };
  return { spec: { ...spec, table: nothingTable }, doubts };
}

/** The table of what stands for nothing. */
export const nothingTable = 'nothing';

function plainSpec(guess: ColumnGuess, borrowed: Borrowed | undefined): Specified {
  const { words, columns } = guess;
  const [profile, time] = columns;
  if (profile === undefined) return { spec: {}, doubts: [] };
  const doubts = doubtsOf(guess);
  const from = profile.column;
  switch (words.content) {
    case 'birth-date': {
      const { formats, steps, share } = profile.dates;
      return {
        spec: { from, ...stepped(steps), date: [...formats] },
        doubts: [...doubts, ...datesLeft(share)],
      };
    }
    case 'moment':
      return momentSpec(profile, time, doubts);
    case 'codes':
      return codedSpec(guess, profile, borrowed, doubts);
    case 'diagnosis':
      return { spec: { from, ...stepped(readLabelled(profile.filled, isDiagnosis).steps) }, doubts };
    case 'diagnoses':
    case 'procedures':
      return { spec: listSpec(columns, words.content), doubts };
    case 'postal-code':
      if (!profile.filled.some((text) => text.length === 4)) return { spec: { from }, doubts };
      // Zeros before NULL would make a code of it.
      return {
        spec: { from, do: profile.nothings.size > 0 ? ['digits', { pad: 5 }] : [{ pad: 5 }] },
        doubts,
      };
    case 'reason':
      return profile.filled.some((text) => /\s/.test(text))
        ? { spec: { from }, doubts: [...doubts, { kind: 'free-text' }] }
        : { spec: { from }, doubts };
    case 'finess':
    case 'visit-number':
    case 'place':
    case 'any':
      return { spec: { from }, doubts };
  }
}

function stepped(steps: readonly Step[]): { do?: Step[] } {
  return steps.length === 0 ? {} : { do: [...steps] };
}

/** A list in one column, or an item in each of several. */
function listSpec(columns: readonly ColumnProfile[], content: 'diagnoses' | 'procedures'): FieldMapping {
  const [first, ...others] = columns;
  if (first === undefined) return {};
  const { steps, split } = readList(first, content);
  const origin =
    others.length === 0
      ? { from: first.column, ...(split === undefined ? {} : { split }) }
      : {
          concat: columns.flatMap(({ column }, index) => [
            ...(index === 0 ? [] : [{ text: split ?? between }]),
            { column },
          ]),
          split: split ?? between,
        };
  return { ...origin, ...stepped(steps) };
}

const between = ';';

function doubtsOf({ words, by, confidence, alternatives, columns }: ColumnGuess): readonly Doubt[] {
  const doubts: Doubt[] = [];
  // The last columns of a list may well be blank; day and time of a moment may not.
  const blanks = columns.filter(({ filled }) => filled.length === 0).length;
  if (blanks > 0 && (words.content === 'moment' || blanks === columns.length))
    doubts.push({ kind: 'no-values' });
  else if (by === 'content')
    doubts.push({ kind: words.content === 'visit-number' ? 'number-by-content' : 'by-content' });
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
        spec: { from: column, ...stepped(dateTimes.steps), dateTime: [...dateTimes.formats] },
        doubts: [...doubts, ...datesLeft(dateTimes.share)],
      };
    return {
      spec: {
        concat: [{ column, ...stepped(dates.steps) }, { text: ' 00:00' }],
        dateTime: dates.formats.map((date) => `${date} HH:mm`),
      },
      doubts: [...doubts, { kind: 'day-only' }, ...datesLeft(dates.share)],
    };
  }
  const formats = profile.dates.formats.flatMap((date) =>
    time.times.formats.map((part) => `${date} ${part}`),
  );
  return {
    spec: {
      concat: [
        { column: profile.column, ...stepped(profile.dates.steps) },
        { text: ' ' },
        { column: time.column },
      ],
      dateTime: formats,
    },
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
  borrowed: Borrowed | undefined,
  doubts: readonly Doubt[],
): Specified {
  const { coded, field } = guess.words;
  if (coded === undefined) return { spec: { from: profile.column }, doubts };
  const table = guessTable(profile, coded);
  const lent = borrowed === undefined ? undefined : lentEntries(borrowed, coded);
  if (table === undefined && lent === undefined) return { spec: { from: profile.column }, doubts };
  const own = table ?? { entries: nationalEntries(profile), hidden: 0 };
  const also = lent?.entries ?? [];
  const entries = [
    ...own.entries,
    ...also.filter(({ text }) => !own.entries.some((one) => one.text === text)),
  ];
  const guessed = entries.some(({ sure }) => !sure);
  const from = borrowed === undefined ? profile.column : [profile.column, borrowed.profile.column];
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

/** What the other column says of its own field is no fault here: blank. */
function lentEntries({ profile, words }: Borrowed, coded: CodeWords): TableGuess | undefined {
  const lent = guessTable(profile, coded);
  const told = guessTable(profile, words);
  if (lent === undefined) return undefined;
  const sure = lent.entries.filter((entry) => entry.sure);
  const others = [...lent.entries, ...(told?.entries ?? [])].filter(
    ({ text }, index, all) =>
      !sure.some((one) => one.text === text) && all.findIndex((one) => one.text === text) === index,
  );
  return {
    entries: [...sure, ...others.map((entry) => ({ ...entry, code: '', sure: true }))],
    hidden: told?.hidden ?? 0,
  };
}

function nationalEntries({ distinct }: ColumnProfile): TableGuess['entries'] {
  return [...distinct].map(([text, count]) => ({ text, count, code: text, sure: true }));
}
