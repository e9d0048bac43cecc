import { describeCode, errorTexts, type Described } from './errors.ts';
import type { Language } from './texts.ts';

/** Faults whose `file` is the dispatch; that of the others is a file of the settings: a key, a password. */
const ofDispatch: ReadonlySet<string> = new Set([
  'delivery-name-taken',
  'delivery-digest-differs',
  'delivery-vanished',
  'delivery-already-there',
  'upload-answer-incomplete',
  'answer-reference-unknown',
  'agency-content-gone',
]);

/**
 * A code kept in the store, without the facts it was thrown with: what its text says of them is left out. `dispatch` is the
 * file it was met with. A code of the agency's own has no text here.
 */
export function describeStored(
  code: string,
  language: Language,
  { dispatch, ...facts }: Readonly<Record<string, string | number>>,
): Described {
  if (errorTexts[code] === undefined) return { code, message: code, hint: '' };
  const file = dispatch === undefined || !ofDispatch.has(code) ? {} : { file: dispatch };
  const { message, hint } = describeCode(code, language, { ...file, ...facts });
  return { code, message: withoutGaps(message), hint: withoutGaps(hint) };
}

function withoutGaps(text: string): string {
  return text.replace(/ ?\(\{\w+\}\)/g, '').replace(/\{\w+\}/g, '…');
}
