import {
  isCcam,
  isIcd10,
  isPostalCode,
  isThesaurusReason,
  withoutDots,
} from '../../shared/feeds/code-lists.ts';
import { isFiness, normaliseFiness } from '../../shared/feeds/facility.ts';
import { seenDates, seenDateTimes, seenTimes, type SeenFormats } from './guess-formats.ts';
import { codeOfLabel } from './guess-labels.ts';
import type { CodeWords, ContentKind, FieldWords } from './guess-vocabulary.ts';

/** What the values of one column of a sample look like. Holds values: it never leaves the guessing. */
export interface ColumnProfile {
  readonly column: string;
  readonly position: number;
  readonly rows: number;
  /** One a row, trimmed; blank where there is nothing. */
  readonly values: readonly string[];
  /** Those that are not blank. */
  readonly filled: readonly string[];
  readonly distinct: ReadonlyMap<string, number>;
  readonly dates: SeenFormats;
  readonly dateTimes: SeenFormats;
  readonly times: SeenFormats;
}

export function profileColumn(column: string, position: number, texts: readonly string[]): ColumnProfile {
  const values = texts.map((text) => text.trim());
  const filled = values.filter((text) => text !== '');
  const distinct = new Map<string, number>();
  for (const text of filled) distinct.set(text, (distinct.get(text) ?? 0) + 1);
  const digits = filled.slice(0, 500);
  return {
    column,
    position,
    rows: values.length,
    values,
    filled,
    distinct,
    dates: seenDates(digits),
    dateTimes: seenDateTimes(digits),
    times: seenTimes(digits),
  };
}

/** Share of the filled values that fit what a field holds, 0 to 1; undefined when its content says nothing. */
export function fits(profile: ColumnProfile, { content, coded }: FieldWords): number | undefined {
  const { filled } = profile;
  if (filled.length === 0) return undefined;
  switch (content) {
    case 'finess':
      return share(filled, (text) => isFiness(normaliseFiness(text)));
    case 'visit-number':
      // An export may show a visit twice: 1 only when every row has its own.
      return share(filled, isIdentifier) === 1 ? profile.distinct.size / filled.length : 0;
    case 'postal-code':
      return share(filled, (text) => isPostalCode(text.padStart(5, '0')) && text.length >= 4);
    case 'place':
      return share(filled, (text) => /\p{L}{2}/u.test(text)) * (share(filled, isCodeLike) > 0.9 ? 0.2 : 1);
    case 'birth-date':
      return profile.dates.share * (spansYears(profile) ? 1 : 0.3);
    case 'moment':
      return Math.max(profile.dateTimes.share, profile.dates.share, profile.times.share);
    case 'codes':
      return coded === undefined ? undefined : knownCodes(profile, coded);
    case 'reason':
      return share(filled, (text) => isThesaurusReason(text)) > 0.8 ? 1 : undefined;
    case 'diagnosis':
      return share(filled, (text) => isIcd10(withoutDots(text)));
    case 'diagnoses':
      return share(filled, (text) => listOf(text).every((item) => isIcd10(withoutDots(item))));
    case 'procedures':
      return share(filled, (text) => listOf(text).every(isCcam));
    case 'any':
      return undefined;
  }
}

/** More distinct values than this are no codes. */
export const mostCodes = 40;

function knownCodes({ distinct, filled }: ColumnProfile, coded: CodeWords): number {
  if (distinct.size > mostCodes) return 0;
  let known = 0;
  for (const [text, count] of distinct) if (codeOfLabel(text, coded).kind !== 'unknown') known += count;
  return known / filled.length;
}

/** Kinds whose values are known by their form alone, even when the column has no name. */
export const tellingKinds: ReadonlySet<ContentKind> = new Set<ContentKind>([
  'finess',
  'postal-code',
  'birth-date',
  'moment',
  'diagnosis',
  'diagnoses',
  'procedures',
]);

/** Reasons in codes of the thesaurus that are no ICD-10: diagnoses look like the others. */
export function isThesaurusColumn({ filled }: ColumnProfile): boolean {
  const reasons = share(filled, isThesaurusReason);
  return (
    reasons > 0.9 && share(filled, (text) => isThesaurusReason(text) && !isIcd10(withoutDots(text))) > 0.5
  );
}

/** Words in capitals that come again and again, and are no codes: towns, when the column has no name to say otherwise. */
export function looksLikePlaces({ filled, distinct }: ColumnProfile): boolean {
  const repeated = distinct.size >= 5 && distinct.size <= filled.length * 0.5;
  return (
    repeated &&
    share(filled, (text) => /^\p{Lu}[\p{Lu}\d '’./()-]{2,}$/u.test(text) && text.length >= 4) > 0.95 &&
    share(filled, (text) => /\d/.test(text)) < 0.2
  );
}

/** The separator of lists in a column, when some value holds several items. */
export function separatorOf(profile: ColumnProfile): string | undefined {
  const several = profile.filled.filter((text) => listOf(text).length > 1);
  return listSeparators.find(
    (separator) => several.filter((text) => text.includes(separator)).length > several.length / 2,
  );
}

const listSeparators = [';', ',', '|', '~', '/', '^', '+ ', '-', ' '];

function listOf(text: string): readonly string[] {
  return text.split(/\s*[;,|~/^\s]\s*|-(?=[A-Z])/).filter((item) => item !== '');
}

function spansYears({ dates, filled }: ColumnProfile): boolean {
  const [format] = dates.formats;
  if (format === undefined) return false;
  const at = format.indexOf('y');
  const length = format.lastIndexOf('y') - at + 1;
  return new Set(filled.map((text) => text.slice(at, at + length))).size >= 5;
}

function isIdentifier(text: string): boolean {
  return /^[A-Za-z\d][A-Za-z\d ._/-]{2,29}$/.test(text) && /\d{3}/.test(text);
}

function isCodeLike(text: string): boolean {
  return text.length <= 5 && !/\p{Ll}/u.test(text);
}

export function share(values: readonly string[], holds: (text: string) => boolean): number {
  return values.length === 0 ? 0 : values.filter(holds).length / values.length;
}
