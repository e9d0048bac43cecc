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
import { saysNothing } from './guess-nothing.ts';
import { readLabelled, type CodeReading } from './guess-readings.ts';
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
  /** Texts that stand for nothing, such as NULL: blank in `values`. */
  readonly nothings: ReadonlyMap<string, number>;
  readonly dates: SeenFormats;
  readonly dateTimes: SeenFormats;
  readonly times: SeenFormats;
}

export function profileColumn(column: string, position: number, texts: readonly string[]): ColumnProfile {
  const nothings = new Map<string, number>();
  const values = texts.map((padded) => {
    const text = padded.trim();
    if (!saysNothing(text)) return text;
    nothings.set(text, (nothings.get(text) ?? 0) + 1);
    return '';
  });
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
    nothings,
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
      return readLabelled(filled, isDiagnosis).share;
    case 'diagnoses':
    case 'procedures':
      return readList(profile, content).share;
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

/** How the items of a list stand in a column: bare ones first, then those with a label. */
export function readList({ filled }: ColumnProfile, content: 'diagnoses' | 'procedures'): CodeReading {
  const isCode = content === 'diagnoses' ? isDiagnosis : isCcam;
  const bare = share(filled, (text) => listOf(text).every(isCode));
  if (bare >= 0.9) return { steps: [], split: separatorOf(filled), share: bare };
  const labelled = readLabelled(filled, isCode, labelSeparators);
  return labelled.share > bare ? labelled : { steps: [], split: separatorOf(filled), share: bare };
}

export function isDiagnosis(text: string): boolean {
  return isIcd10(withoutDots(text));
}

/** The separator of bare codes, when some value holds several. */
function separatorOf(filled: readonly string[]): string | undefined {
  const several = filled.filter((text) => listOf(text).length > 1);
  return listSeparators.find(
    (separator) => several.filter((text) => text.includes(separator)).length > several.length / 2,
  );
}

const listSeparators = [';', ',', '|', '~', '/', '^', '+ ', '-', ' '];
/** Labels hold blanks, commas and hyphens of their own. */
const labelSeparators = [';', '|', '~', '/', '^', ','];

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
