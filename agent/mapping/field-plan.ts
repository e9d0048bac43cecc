import type { Row, Value } from './compiled-mapping.ts';
import { dateReader, dateTimeReader, type DateReader } from './date-format.ts';
import type { FieldMapping, Otherwise, Step, When } from './schema.ts';

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

/** Compiles one field for the columns of one export. Formats and tables have been checked before. */
export function planField(
  field: FieldMapping,
  tables: Readonly<Record<string, Readonly<Record<string, string>>>>,
  locate: Locate,
): FieldPlan {
  const read = planSource(field, locate);
  const applies = planWhen(field.when, locate);
  const change = planText(field, tables);
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
    const pieces = field.concat.map((piece) => ('text' in piece ? piece.text : locate(piece.column)));
    // A sentence of separators alone says nothing: blank when no column holds a text.
    return (row) => {
      if (pieces.every((piece) => typeof piece === 'string' || isBlank(firstText(row[piece]))))
        return undefined;
      return pieces.map((piece) => (typeof piece === 'string' ? piece : firstText(row[piece]))).join('');
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

function planText(
  field: FieldMapping,
  tables: Readonly<Record<string, Readonly<Record<string, string>>>>,
): (text: string) => ChangedText {
  const steps = (field.do ?? []).map(planStep);
  const table = field.table === undefined ? undefined : new Map(Object.entries(tables[field.table] ?? {}));
  const readers = [
    ...(field.date ?? []).map(dateReader),
    ...(field.dateTime ?? []).map(dateTimeReader),
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
    const text = steps.reduce((current, step) => step(current), source);
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

function planStep(step: Step): (text: string) => string {
  if (typeof step === 'object') {
    if ('pad' in step) return (text) => (isBlank(text) ? text : text.padStart(step.pad, '0'));
    const [start, length] = step.substring;
    return (text) => text.slice(start, start + length);
  }
  switch (step) {
    case 'trim':
      return (text) => text.trim();
    case 'upper':
      return (text) => text.toUpperCase();
    case 'lower':
      return (text) => text.toLowerCase();
    case 'digits':
      return (text) => text.replace(/\D/g, '');
    case 'removeDots':
      return (text) => text.replaceAll('.', '');
  }
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
