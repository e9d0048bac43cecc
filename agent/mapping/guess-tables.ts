import type { ColumnProfile } from './guess-content.ts';
import { codeOfLabel, isOfVocabulary, type LabelGuess } from './guess-labels.ts';
import type { CodeWords } from './guess-vocabulary.ts';

/** One text of a source and the national code proposed for it. */
export interface TableEntry {
  readonly text: string;
  readonly count: number;
  /** Undefined: nobody knows. */
  readonly code: string | undefined;
  readonly sure: boolean;
}

/** A code table for a column whose codes are not the national ones. */
export interface TableGuess {
  readonly entries: readonly TableEntry[];
  /** Texts too rare or too long to be written down: they might be more than codes. */
  readonly hidden: number;
}

/** Undefined when every text is a national code already. */
export function guessTable({ distinct, nothings }: ColumnProfile, coded: CodeWords): TableGuess | undefined {
  const guesses = [...distinct].map(([text, count]) => ({ text, count, guess: codeOfLabel(text, coded) }));
  if (nothings.size === 0 && guesses.every(({ guess }) => guess.kind === 'same')) return undefined;
  const entries: TableEntry[] = [];
  let hidden = 0;
  for (const { text, count, guess } of guesses.sort((a, b) => b.count - a.count)) {
    if (!maySay(text, { count, distinct: distinct.size }, guess, coded)) hidden += 1;
    else
      entries.push({
        text,
        count,
        code: guess.kind === 'unknown' ? undefined : guess.code,
        sure: guess.kind === 'same' || guess.kind === 'sure',
      });
  }
  const blanks = [...nothings].map(([text, count]) => ({ text, count, code: '', sure: true }));
  return { entries: [...entries, ...blanks], hidden };
}

/**
 * Samples hold patients. A text is written down or shown only when all its words are of the national vocabulary, or when
 * it is a short text of a small set that comes again and again: never a date, a long number, a text met once.
 */
function maySay(text: string, met: Met, guess: LabelGuess, coded: CodeWords): boolean {
  if (guess.kind === 'same' || guess.kind === 'sure') return true;
  return (guess.kind === 'likely' && isOfVocabulary(text, coded)) || isShowable(text, met);
}

interface Met {
  readonly count: number;
  readonly distinct: number;
}

export function isShowable(text: string, { count, distinct }: Met): boolean {
  return (
    distinct <= mostShown &&
    count >= leastMet &&
    text.length <= longestShown &&
    !/\d{4}/.test(text) &&
    !/\d[/.:-]\d/.test(text)
  );
}

const mostShown = 20;
const leastMet = 3;
const longestShown = 40;
