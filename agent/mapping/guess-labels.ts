import { fold } from './guess-names.ts';
import type { CodeWords } from './guess-vocabulary.ts';

/** What a source's text stands for. `likely`: by convention or by part of the text: a person looks at it. */
export type LabelGuess =
  { readonly kind: 'same' | 'sure' | 'likely'; readonly code: string } | { readonly kind: 'unknown' };

/** The national code of what a software prints: the code itself, a label, or a code before its label. */
export function codeOfLabel(text: string, { codes, labels }: CodeWords): LabelGuess {
  const trimmed = text.trim();
  if (codes.has(trimmed)) return { kind: 'same', code: trimmed };
  const upper = trimmed.toUpperCase();
  if (codes.has(upper)) return { kind: 'sure', code: upper };
  // Numbers are the source's own: what they mean is at best a convention (1 = man, 2 = woman).
  if (/^\d+$/.test(trimmed)) return byConvention(String(Number(trimmed)), labels);
  const words = labelWords(trimmed);
  // "CCMU 2", "2 - stable", "Classe P": one word is the code, and the words around it say nothing else.
  const led = words.find((word) => codes.has(word.toUpperCase()))?.toUpperCase();
  const named = bestLabel(words, labels);
  if (named !== undefined && named.exact) return { kind: 'sure', code: named.code };
  if (led !== undefined && words.every((word) => word.toUpperCase() === led || carriers.has(word)))
    return { kind: 'sure', code: led };
  if (led !== undefined && words[0]?.toUpperCase() === led) return { kind: 'likely', code: led };
  return named === undefined ? unknown : { kind: 'likely', code: named.code };
}

/** Words around a code that only say what kind of code it is. */
const carriers = new Set('ccmu classe niveau code type grade stade n'.split(' '));
const unknown: LabelGuess = { kind: 'unknown' };

function byConvention(number: string, labels: CodeWords['labels']): LabelGuess {
  const code = Object.keys(labels).find((one) => labels[one]?.includes(number) === true);
  return code === undefined ? unknown : { kind: 'likely', code };
}

/** The longest phrase found in the words; undefined when none is, or when two codes claim it equally. */
function bestLabel(
  words: readonly string[],
  labels: CodeWords['labels'],
): { readonly code: string; readonly exact: boolean } | undefined {
  const hits = Object.entries(labels)
    .map(([code, phrases]) => ({ code, length: longest(words, phrases) }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length);
  const [first, second] = hits;
  if (first === undefined || first.length === second?.length) return undefined;
  return { code: first.code, exact: first.length === words.length };
}

function longest(words: readonly string[], phrases: readonly string[]): number {
  return Math.max(
    0,
    ...phrases.map((phrase) => {
      const wanted = phrase.split(' ');
      return wanted.every((word) => words.includes(word)) ? wanted.length : 0;
    }),
  );
}

/** True when a text of several words says nothing but words that the labels of these codes are made of: no name, no number. */
export function isOfVocabulary(text: string, { labels }: CodeWords): boolean {
  const known = new Set(Object.values(labels).flatMap((phrases) => phrases.flatMap((one) => one.split(' '))));
  const words = labelWords(text);
  return words.length > 0 && words.every((word) => known.has(word) && !/\d/.test(word));
}

function labelWords(text: string): readonly string[] {
  return fold(text)
    .replace(glued, '$1 ')
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '' && !articles.has(word));
}

/** "CCMU2", "CCMUP" */
const glued = /\b(ccmu)(?=[\dpd]\b)/g;
const articles = new Set('a au aux d de des du e en et l la le les par pour un une vers'.split(' '));
