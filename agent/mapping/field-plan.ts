import type { Row, Value } from './compiled-mapping.ts';
import { dateReader, dateTimeReader, defaultDateOptions, type DateReader } from './date-format.ts';
import type { FieldMapping, Otherwise, When } from './field-schema.ts';
import { planSteps } from './text-steps.ts';

/** What one field makes of a row; `refused` and `replaced` name a text that its table or date did not know. */
export interface FieldResult {
  readonly value: Value;
  readonly fault?: 'refused' | 'replaced';
}

export type FieldPlan = (row: Row) => FieldResult;

/** Position of a column in the rows of this export; -1 when it has none. */
export type Locate = (column: string) => number;

/** The source column a field stands for in findings. */
export function sourceColumn(field: FieldMapping): string | null {
  if (field.from !== undefined) return typeof field.from === 'string' ? field.from : (field.from[0] ?? null);
  const first = field.concat?.find((piece) => 'column' in piece);
  return first === undefined ? null : first.column;
}

/** True when the field only copies one column: the reader's text goes through untouched. */
export function isCopy(field: FieldMapping): field is FieldMapping & { readonly from: string } {
  return (
    typeof field.from === 'string' && Object.values(field).filter((part) => part !== undefined).length === 1
  );
}

export interface FieldContext {
  readonly tables: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly locate: Locate;
  /** The year of the reading: what two digits of a year mean. */
  readonly latestYear?: number | undefined;
}

/** Compiles one field for the columns of one export. Formats and tables have been checked before. */
export function planField(field: FieldMapping, context: FieldContext): FieldPlan {
  const read = planSource(field, context.locate);
  const applies = planWhen(field.when, context.locate);
  const change = planText(field, context);
  return (row) => {
    const source = applies(row) ? read(row) : undefined;
    let fault: FieldResult['fault'];
    const texts: string[] = [];
    for (const text of splitTexts(source, field.split)) {
      const changed = change(text);
      if (!isBlank(changed.text)) texts.push(changed.text);
      if (changed.fault !== undefined) fault = fault === 'refused' ? fault : changed.fault;
    }
    const [only] = texts;
    const value = texts.length > 1 ? texts : (only ?? field.default);
    return fault === undefined ? { value } : { value, fault };
  };
}

function planSource(field: FieldMapping, locate: Locate): (row: Row) => Value {
  if (field.const !== undefined) {
    const text = field.const;
    return () => text;
  }
  if (field.concat !== undefined) {
    const pieces = field.concat.map((piece) => {
      if ('text' in piece) return piece.text;
      const [slot, change] = [locate(piece.column), planSteps(piece.do)];
      return (row: Row): string => change(firstText(row[slot]));
    });
    // A sentence of separators alone says nothing: blank when no column holds a text.
    return (row) => {
      const texts = pieces.map((piece) => (typeof piece === 'string' ? piece : piece(row)));
      const isFilled = texts.some((text, index) => typeof pieces[index] !== 'string' && !isBlank(text));
      return isFilled ? texts.join('') : undefined;
    };
  }
  const columns = typeof field.from === 'string' ? [field.from] : (field.from ?? []);
  const slots = columns.map(locate);
  return (row) => {
    for (const slot of slots) {
      const value = row[slot];
      if (typeof value === 'string' ? !isBlank(value) : value !== undefined) return value;
    }
    return undefined;
  };
}

function planWhen(when: When | undefined, locate: Locate): (row: Row) => boolean {
  if (when === undefined) return () => true;
  const slot = locate(when.column);
  const textOf = (row: Row): string => firstText(row[slot]).trim();
  if ('equals' in when) return (row) => textOf(row) === when.equals;
  if ('in' in when) return (row) => when.in.includes(textOf(row));
  return (row) => isBlank(textOf(row)) === (when.empty === 'yes');
}

interface ChangedText {
  readonly text: string;
  readonly fault?: 'refused' | 'replaced';
}

function planText(field: FieldMapping, { tables, latestYear }: FieldContext): (text: string) => ChangedText {
  const apply = planSteps(field.do);
  const options = {
    latestYear: latestYear ?? defaultDateOptions.latestYear,
    allow24: field.allow24 === 'yes',
  };
  const table = field.table === undefined ? undefined : new Map(Object.entries(tables[field.table] ?? {}));
  const readers = [
    ...(field.date ?? []).map((format) => dateReader(format, options)),
    ...(field.dateTime ?? []).map((format) => dateTimeReader(format, options)),
  ].filter((reader): reader is DateReader => reader !== undefined);
  const known = (text: string): string | undefined => {
    const coded = table === undefined ? text : table.get(text.trim());
    if (coded === undefined || readers.length === 0) return coded;
    for (const reader of readers) {
      const printed = reader(coded.trim());
      if (printed !== undefined) return printed;
    }
    return undefined;
  };
  return (source) => {
    const text = apply(source);
    if (isBlank(text)) return { text: '' };
    const result = known(text);
    return result === undefined ? fallback(field.otherwise ?? 'keep', text) : { text: result };
  };
}

/** `keep` says nothing: the feed's own checks see what was kept. */
function fallback(otherwise: Otherwise, text: string): ChangedText {
  if (otherwise === 'keep') return { text };
  if (otherwise === 'reject') return { text: '', fault: 'refused' };
  return { text: otherwise === 'blank' ? '' : otherwise.const, fault: 'replaced' };
}

function splitTexts(value: Value, separator: string | undefined): readonly string[] {
  if (value === undefined) return [];
  const texts = typeof value === 'string' ? [value] : value;
  if (separator === undefined) return texts;
  // ", " and "," are the same separator: blanks around an item mean nothing.
  const mark = separator.trim() === '' ? separator : separator.trim();
  return texts.flatMap((text) => text.split(mark).map((item) => item.trim()));
}

function firstText(value: Value): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
