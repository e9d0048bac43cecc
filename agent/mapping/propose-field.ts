import type { FieldMapping } from './field-schema.ts';
import { sureFrom, type ColumnGuess } from './guess-columns.ts';
import { separatorOf, type ColumnProfile } from './guess-content.ts';
import { codeOfLabel } from './guess-labels.ts';
import { guessTable, type TableGuess } from './guess-tables.ts';
import type { FieldWords } from './guess-vocabulary.ts';

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
        | 'day-only';
    }
  | { readonly kind: 'alternatives'; readonly columns: readonly string[] }
  | { readonly kind: 'dates-left'; readonly percent: number }
  | { readonly kind: 'not-found'; readonly columns: readonly string[] }
  | { readonly kind: 'facility-setting' };

export interface ProposedTable extends TableGuess {
  readonly name: string;
  /** Undefined: no column was found. */
  readonly column: string | undefined;
  /** Codes that the field allows. */
  readonly allowed: readonly string[];
}

/** Some softwares say how a patient left in one column only: a second look into the column of another field. */
export function borrowedFor(
  words: FieldWords,
  guessOf: ReadonlyMap<string, ColumnGuess>,
): ColumnProfile | undefined {
  const lender = words.alsoIn === undefined ? undefined : guessOf.get(words.alsoIn)?.columns[0];
  const { coded } = words;
  if (lender === undefined || coded === undefined) return undefined;
  const met = [...lender.distinct.keys()].filter((text) => codeOfLabel(text, coded).kind === 'sure');
  return met.length >= 2 ? lender : undefined;
}

export interface Specified {
  readonly spec: FieldMapping;
  readonly doubts: readonly Doubt[];
  readonly table?: ProposedTable;
}

/** The field as the mapping would write it, what is doubtful about it, and its table of codes. */
export function specOf(guess: ColumnGuess, borrowed: ColumnProfile | undefined): Specified {
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

function doubtsOf({ words, by, confidence, alternatives, columns }: ColumnGuess): readonly Doubt[] {
  const doubts: Doubt[] = [];
  if (columns.some(({ filled }) => filled.length === 0)) doubts.push({ kind: 'no-values' });
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
