import { permanent } from '../../../shared/runtime/errors.ts';
import { countUnknownEscapes, unescapeText } from './escapes.ts';
import { readSeparators, type Separators } from './separators.ts';

/** One message, HL7 v2 ER7. Segments are cut at once, fields when they are asked for. */
export interface Hl7Message {
  readonly separators: Separators;
  readonly segments: readonly Hl7Segment[];
  /**
   * Text of `SEG-field[.component[.subcomponent]]` in the first segment of that name, unescaped; component and subcomponent are
   * 1 where not given, and so is `repetition`. '' = not said; `deleted` = the sender wants it emptied.
   */
  get(path: string, repetition?: number): string;
  /** The field between its separators, as sent: for echoes. */
  raw(path: string): string;
  /** How many repetitions the field has; 0 = it is empty or absent. */
  repetitions(path: string): number;
  has(segment: string): boolean;
  /** Escape sequences that are kept as they came because nothing here knows them. */
  unknownEscapes(): number;
}

export interface Hl7Segment {
  readonly name: string;
  /** As sent, without its end and trailing blanks. */
  readonly text: string;
}

/** HL7's word for "make it empty"; an empty field says nothing. */
export const deleted = '""';

export interface Hl7Limits {
  /** Characters of one message. */
  readonly messageChars: number;
  readonly segments: number;
  /** Fields of one segment. */
  readonly fields: number;
}

export const defaultHl7Limits: Hl7Limits = { messageChars: 1_048_576, segments: 2000, fields: 500 };

/**
 * Cuts a message into segments: at CR, LF or CRLF; blank lines and the signs of an MLLP frame are passed over. A line that does not begin like
 * a segment goes on with the last field of the one before (free text with a bare line break).
 * Throws `hl7-header-missing`, `hl7-separators-unreadable`, `hl7-message-too-long`, `hl7-too-many-segments`, `hl7-too-many-fields`.
 */
export function parseMessage(text: string, limits: Hl7Limits = defaultHl7Limits): Hl7Message {
  if (text.length > limits.messageChars)
    throw permanent('hl7-message-too-long', { facts: { limit: limits.messageChars } });
  const lines = segmentLines(text, limits);
  const separators = readSeparators(lines[0] ?? '');
  const segments: Hl7Segment[] = [];
  for (const line of lines) {
    const name = segmentName(line, separators);
    const before = segments.at(-1);
    if (name !== undefined) segments.push({ name, text: line });
    else if (before !== undefined)
      segments[segments.length - 1] = { name: before.name, text: `${before.text}\n${line}` };
  }
  for (const segment of segments) refuseManyFields(segment, separators, limits);
  return messageOf(separators, segments);
}

function segmentLines(text: string, limits: Hl7Limits): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = lineEnd(text, start);
    const line = withoutBlanks(text, start, end);
    if (line !== '') lines.push(line);
    if (lines.length > limits.segments)
      throw permanent('hl7-too-many-segments', { facts: { limit: limits.segments } });
    start = end + 1;
  }
  return lines;
}

function lineEnd(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 13 || code === 10) return index;
  }
  return text.length;
}

/** Without frame signs and marks in front, and without blanks and frame signs behind. */
function withoutBlanks(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && '\u000b\u001c\ufeff'.includes(text.charAt(start))) start += 1;
  while (end > start && '\u001c\u000b \t'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function segmentName(line: string, separators: Separators): string | undefined {
  const after = line.charAt(3);
  return /^[A-Z][A-Z0-9]{2}/.test(line) && (after === '' || after === separators.field)
    ? line.slice(0, 3)
    : undefined;
}

function refuseManyFields(segment: Hl7Segment, separators: Separators, limits: Hl7Limits): void {
  let fields = 0;
  let index = segment.text.indexOf(separators.field);
  for (; index !== -1; index = segment.text.indexOf(separators.field, index + 1)) fields += 1;
  if (fields > limits.fields)
    throw permanent('hl7-too-many-fields', { facts: { segment: segment.name, limit: limits.fields } });
}

function messageOf(separators: Separators, segments: readonly Hl7Segment[]): Hl7Message {
  const cut = new Map<string, readonly string[]>();
  const fieldsOf = (name: string): readonly string[] => {
    const known = cut.get(name);
    if (known !== undefined) return known;
    const text = segments.find((segment) => segment.name === name)?.text ?? '';
    const fields = text.split(separators.field);
    // MSH-1 is the separator itself, and so lies between no two others.
    if (name === 'MSH') fields.splice(1, 0, separators.field);
    cut.set(name, fields);
    return fields;
  };
  const rawOf = (place: Place): string => fieldsOf(place.segment)[place.field] ?? '';
  // Kept: asking for one after the other of very many must not cut them all again each time.
  const repeated = new Map<string, readonly string[]>();
  const repetitionsOf = (place: Place): readonly string[] => {
    const text = rawOf(place);
    if (isSeparators(place) || !text.includes(separators.repetition)) return [text];
    const key = `${place.segment}-${place.field}`;
    const repetitions = repeated.get(key) ?? text.split(separators.repetition);
    repeated.set(key, repetitions);
    return repetitions;
  };
  return {
    separators,
    segments,
    get: (path, repetition = 1) => {
      const place = placeOf(path);
      return valueAt(repetitionsOf(place)[repetition - 1] ?? '', place, separators);
    },
    raw: (path) => rawOf(placeOf(path)),
    repetitions: (path) => {
      const place = placeOf(path);
      return rawOf(place) === '' ? 0 : repetitionsOf(place).length;
    },
    has: (segment) => segments.some(({ name }) => name === segment),
    unknownEscapes: () =>
      segments
        .filter(({ name }) => name !== 'MSH')
        .reduce((sum, { text }) => sum + countUnknownEscapes(text, separators), 0),
  };
}

/** All 1-based. */
interface Place {
  readonly segment: string;
  readonly field: number;
  readonly component: number;
  readonly subcomponent: number;
}

/** Paths are few and read from every message: taking them apart each time was a quarter of the cost of reading one. */
const places = new Map<string, Place>();
const placesKept = 1000;

function placeOf(path: string): Place {
  const known = places.get(path);
  if (known !== undefined) return known;
  const [segment = '', numbers = ''] = path.split('-');
  const [field = '', component = '1', subcomponent = '1'] = numbers.split('.');
  const place = {
    segment,
    field: Number(field),
    component: Number(component),
    subcomponent: Number(subcomponent),
  };
  if (places.size < placesKept) places.set(path, place);
  return place;
}

function isSeparators({ segment, field }: Place): boolean {
  return segment === 'MSH' && field <= 2;
}

function valueAt(repetition: string, place: Place, separators: Separators): string {
  if (isSeparators(place)) return repetition;
  const component = partAt(repetition, separators.component, place.component);
  return unescapeText(partAt(component, separators.subcomponent, place.subcomponent), separators);
}

function partAt(text: string, separator: string, index: number): string {
  if (separator === '') return index === 1 ? text : '';
  if (index === 1 && !text.includes(separator)) return text;
  return text.split(separator)[index - 1] ?? '';
}
