import {
  fits,
  isThesaurusColumn,
  looksLikePlaces,
  mostCodes,
  share,
  tellingKinds,
  type ColumnProfile,
} from './guess-content.ts';
import { likeness, wordsOf } from './guess-names.ts';
import { numberedSiblings } from './guess-siblings.ts';
import type { FieldWords, Vocabulary } from './guess-vocabulary.ts';

/** Why a column was taken for a field. `unsure`: a person looks at it. */
export interface ColumnGuess {
  readonly words: FieldWords;
  /** One column; for a moment perhaps two, day and time of day. */
  readonly columns: readonly ColumnProfile[];
  readonly confidence: number;
  readonly by: 'name' | 'content';
  /** Other columns that could be meant, best first. */
  readonly alternatives: readonly string[];
}

interface Candidate {
  readonly slot: Slot;
  readonly profile: ColumnProfile;
  readonly score: number;
  readonly by: 'name' | 'content';
}

/** A field, or the part of a moment that one column holds. */
interface Slot {
  readonly words: FieldWords;
  readonly part: 'whole' | 'day' | 'time';
}

/**
 * Gives columns to fields, the surest first, each column once. A name alone may be wrong and a content alone may be
 * anybody's: only both together are sure.
 */
export function guessColumns(
  vocabulary: Vocabulary,
  profiles: readonly ColumnProfile[],
): readonly ColumnGuess[] {
  const slots = vocabulary.fields.flatMap(slotsOf);
  const candidates = slots
    .flatMap((slot, rank) =>
      profiles.flatMap((profile) => {
        const found = judge(slot, profile);
        return found.score < leastScore ? [] : [{ slot, profile, rank, ...found }];
      }),
    )
    .sort((a, b) => b.score - a.score || a.rank - b.rank || a.profile.position - b.profile.position);
  const taken = new Map<Slot, Candidate>();
  const used = new Set<ColumnProfile>();
  for (const candidate of candidates) {
    if (taken.has(candidate.slot) || used.has(candidate.profile)) continue;
    if (isSecondHalf(candidate, taken)) continue;
    taken.set(candidate.slot, candidate);
    used.add(candidate.profile);
  }
  for (const slot of slots) {
    const beside = taken.has(slot)
      ? undefined
      : findBeside(
          slot,
          taken,
          profiles.filter((one) => !used.has(one)),
        );
    if (beside === undefined) continue;
    taken.set(slot, beside);
    used.add(beside.profile);
  }
  const assembled = vocabulary.fields.flatMap((words) => {
    const guess = assemble(words, taken);
    const whole = guess === undefined ? undefined : withSiblings(guess, profiles, used);
    for (const profile of whole?.columns ?? []) used.add(profile);
    return whole === undefined ? [] : [whole];
  });
  return assembled.map((guess) => {
    const { words } = guess;
    const alternatives = candidates
      .filter(
        ({ slot, profile, score, by }) =>
          slot.words === words && by === guess.by && !used.has(profile) && score >= guess.confidence - 0.25,
      )
      .map(({ profile }) => profile.column);
    return { ...guess, alternatives: [...new Set(alternatives)].slice(0, 3) };
  });
}

/** Scores from here on need no question. */
export const sureFrom = 0.7;
const leastScore = 0.2;

function slotsOf(words: FieldWords): readonly Slot[] {
  return words.content === 'moment'
    ? (['whole', 'day', 'time'] as const).map((part) => ({ words, part }))
    : [{ words, part: 'whole' }];
}

function judge(slot: Slot, profile: ColumnProfile): Pick<Candidate, 'score' | 'by'> {
  const { words } = slot;
  const named = nameScore(words, profile);
  const content = contentOf(slot, profile);
  if (named > 0) {
    if (content === undefined) return { score: named * 0.75, by: 'name' };
    if (isStrict(words) && content < 0.5) return nothing;
    if (words.coded !== undefined && profile.distinct.size > mostCodes) return nothing;
    const weight = words.coded === undefined ? 0.5 : 0.35;
    return { score: named * (1 - weight) + content * weight, by: 'name' };
  }
  if (content === undefined || words.not.some((word) => wordsOf(profile.column).includes(word)))
    return nothing;
  if (words.coded !== undefined) return { score: isTypical(profile, words) ? 0.35 : 0, by: 'content' };
  return { score: byContentAlone(words, profile, content), by: 'content' };
}

function byContentAlone(words: FieldWords, profile: ColumnProfile, content: number): number {
  if (tellingKinds.has(words.content)) return content > 0.9 ? 0.4 * content : 0;
  if (words.content === 'reason') return isThesaurusColumn(profile) ? 0.4 : 0;
  // A name that says something else is believed; a column without a name may be anything.
  if (!isNumbered(profile)) return 0;
  if (words.content === 'place') return looksLikePlaces(profile) ? 0.3 : 0;
  if (words.content === 'visit-number') return content === 1 && isLongNumber(profile) ? 0.25 : 0;
  return 0;
}

function isNumbered({ column }: ColumnProfile): boolean {
  return /(?:^|\.)C\d+$/.test(column);
}

function isLongNumber({ filled, rows }: ColumnProfile): boolean {
  return filled.length > rows * 0.95 && share(filled, (text) => /^[A-Z]{0,3}\d{5,}$/.test(text)) === 1;
}

const nothing = { score: 0, by: 'content' } as const;

function nameScore(words: FieldWords, profile: ColumnProfile): number {
  const isList = words.content === 'diagnoses' || words.content === 'procedures';
  const said = wordsOf(isList ? profile.column.replace(/[\s_.-]*\d$/, '') : profile.column);
  return words.not.some((word) => said.includes(word)) ? 0 : likeness(said, words.names);
}

function isStrict({ content }: FieldWords): boolean {
  return tellingKinds.has(content) || content === 'visit-number';
}

function contentOf({ words, part }: Slot, profile: ColumnProfile): number | undefined {
  if (words.content !== 'moment') return fits(profile, words);
  if (profile.filled.length === 0) return 0;
  if (part === 'whole') return profile.dateTimes.share;
  return part === 'day' ? profile.dates.share : profile.times.share;
}

/** Bare codes without a name: all of them national, several, and the commonest is the one that is common everywhere. */
function isTypical({ filled, distinct }: ColumnProfile, { coded }: FieldWords): boolean {
  if (coded?.typical === undefined || filled.length < 20 || distinct.size < 2) return false;
  const { codes, typical } = coded;
  return (
    share(filled, (text) => codes.has(text)) === 1 &&
    (distinct.get(typical.code) ?? 0) / filled.length >= typical.share
  );
}

/** A list may stand in several columns, an item in each. */
function withSiblings<T extends Pick<ColumnGuess, 'words' | 'columns'>>(
  guess: T,
  profiles: readonly ColumnProfile[],
  used: ReadonlySet<ColumnProfile>,
): T {
  const { words, columns } = guess;
  const [first] = columns;
  if (first === undefined || (words.content !== 'diagnoses' && words.content !== 'procedures')) return guess;
  const free = profiles.filter((profile) => !used.has(profile));
  return {
    ...guess,
    columns: numberedSiblings(first, free, (profile) => (fits(profile, words) ?? 0) > 0.9),
  };
}

/** A moment that one column holds whole needs no column of days or of times. */
function isSecondHalf({ slot }: Candidate, taken: ReadonlyMap<Slot, Candidate>): boolean {
  if (slot.words.content !== 'moment' || slot.part === 'whole') return false;
  return [...taken.keys()].some((other) => other.words === slot.words && other.part === 'whole');
}

/** A column of national codes that is filled only, and mostly, where another field has certain codes. */
function findBeside(
  slot: Slot,
  taken: ReadonlyMap<Slot, Candidate>,
  free: readonly ColumnProfile[],
): Candidate | undefined {
  const { onlyBeside, coded } = slot.words;
  if (onlyBeside === undefined || coded === undefined) return undefined;
  const other = [...taken].find(([{ words }]) => words.field === onlyBeside.field)?.[1].profile;
  if (other === undefined) return undefined;
  const wanted = other.values.map((code) => onlyBeside.codes.includes(code));
  const rows = wanted.filter(Boolean).length;
  const fitting = free.filter(({ values, filled }) => {
    const inPlace = values.filter((text, row) => text !== '' && wanted[row]).length;
    return (
      filled.length >= 10 &&
      share(filled, (text) => coded.codes.has(text)) === 1 &&
      inPlace >= filled.length * 0.98 &&
      inPlace >= rows * 0.7
    );
  });
  const [only] = fitting;
  return only === undefined || fitting.length > 1
    ? undefined
    : { slot, profile: only, score: 0.35, by: 'content' };
}

function assemble(
  words: FieldWords,
  taken: ReadonlyMap<Slot, Candidate>,
): Omit<ColumnGuess, 'alternatives'> | undefined {
  const parts = [...taken.values()].filter(({ slot }) => slot.words === words);
  const whole = parts.find(({ slot }) => slot.part === 'whole');
  const chosen =
    whole === undefined
      ? ['day', 'time'].flatMap((part) => parts.filter(({ slot }) => slot.part === part))
      : [whole];
  const [first] = chosen;
  // A time of day without its day says nothing.
  if (first === undefined || first.slot.part === 'time') return undefined;
  return {
    words,
    columns: chosen.map(({ profile }) => profile),
    confidence: Math.min(...chosen.map(({ score }) => score)),
    by: chosen.every(({ by }) => by === 'name') ? 'name' : 'content',
  };
}
