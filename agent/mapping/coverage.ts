import type { Feed, FeedRecord } from '../../shared/feeds/feed.ts';
import { columnsOf } from './columns.ts';
import type { Row, Value } from './compiled-mapping.ts';
import { planField } from './field-plan.ts';
import { isShowable } from './guess-tables.ts';
import type { FieldMapping } from './field-schema.ts';
import type { MappingFile } from './schema.ts';
import type { Vocabulary } from './guess-vocabulary.ts';

/** How often a field is filled where it should be, against what the quality rules ask. Rates in percent. */
export interface FieldCoverage {
  readonly field: string;
  readonly label: string;
  /** Records in which the field is due. */
  readonly due: number;
  readonly filled: number;
  /** Null where no record needs it. */
  readonly rate: number | null;
  readonly target: number | null;
  readonly verdict: 'reached' | 'missed' | 'none';
}

/** A code that neither the mapping's table nor the national list knows. */
export interface UnknownCode {
  readonly field: string;
  readonly code: string;
  readonly count: number;
}

/** Unknown codes too rare to be shown: the field, and the first lines where they stand. */
export interface RareCodes {
  readonly field: string;
  readonly lines: readonly number[];
}

/** Counts fields record by record. */
export function createFieldCounter(feed: Feed): {
  add(record: FeedRecord): void;
  result(): readonly FieldCoverage[];
} {
  const counts = new Map(feed.fields.map(({ name }) => [name, { due: 0, filled: 0 }]));
  const targets = new Map((feed.targets ?? []).map((target) => [target.field, target]));
  return {
    add: (record) => {
      for (const [name, count] of counts) {
        const isFilled = record[name] !== undefined;
        if (!isFilled && targets.get(name)?.isDue(record) === false) continue;
        count.due += 1;
        if (isFilled) count.filled += 1;
      }
    },
    result: () =>
      feed.fields.map(({ name, tag }) => {
        const { due = 0, filled = 0 } = counts.get(name) ?? {};
        const target = targets.get(name)?.percent ?? null;
        const rate = due === 0 ? null : (filled / due) * 100;
        const verdict = target === null || rate === null ? 'none' : rate >= target ? 'reached' : 'missed';
        return { field: name, label: tag ?? name, due, filled, rate, target, verdict };
      }),
  };
}

/** Counts, over the rows of one export, what its columns hold and which codes nothing knows. */
export interface ColumnCounter {
  add(row: Row, line: number): void;
  readonly empty: () => readonly string[];
  readonly unmapped: readonly string[];
  readonly unknownCodes: () => {
    readonly codes: readonly UnknownCode[];
    readonly hidden: number;
    readonly rare: readonly RareCodes[];
  };
}

export function createColumnCounter(given: {
  readonly mapping: MappingFile;
  readonly vocabulary: Vocabulary;
  /** As the mapping names them: those of a joined export with their prefix. */
  readonly columns: readonly string[];
  readonly unmapped: readonly string[];
}): ColumnCounter {
  const { columns } = given;
  const filled = columns.map(() => 0);
  const coded = codedFields(given);
  return {
    unmapped: given.unmapped,
    add: (row, line) => {
      columns.forEach((_column, slot) => {
        if (textOf(row[slot]) !== '') filled[slot] = (filled[slot] ?? 0) + 1;
      });
      for (const field of coded) field.look(row, line);
    },
    empty: () => columns.filter((column, slot) => column.trim() !== '' && filled[slot] === 0),
    unknownCodes: () => {
      const all = coded.flatMap(({ name, met, distinct }) =>
        [...met].map(([code, found]) => ({ field: name, code, ...found, distinct: distinct.size })),
      );
      const shown = all.filter(({ code, ...facts }) => isShowable(code, facts));
      const rare = all.filter((one) => !shown.includes(one));
      return {
        codes: shown
          .map(({ field, code, count }) => ({ field, code, count }))
          .toSorted((a, b) => b.count - a.count),
        hidden: rare.length,
        rare: [...new Set(rare.map(({ field }) => field))].map((field) => ({
          field,
          lines: rare
            .filter((one) => one.field === field)
            .flatMap(({ lines }) => lines)
            .toSorted((a, b) => a - b)
            .slice(0, mostLines),
        })),
      };
    },
  };
}

interface CodedField {
  readonly name: string;
  /** Every text of its column, to know whether it is a column of codes at all. */
  readonly distinct: Set<string>;
  readonly met: Map<string, { readonly count: number; readonly lines: readonly number[] }>;
  look(row: Row, line: number): void;
}

const mostLines = 5;

/** Past this many, it is no set of codes. */
const mostDistinct = 100;

function codedFields({
  mapping,
  vocabulary,
  columns,
}: {
  readonly mapping: MappingFile;
  readonly vocabulary: Vocabulary;
  readonly columns: readonly string[];
}): readonly CodedField[] {
  const slots = new Map(columns.map((column, slot) => [column.toLowerCase(), slot]));
  const locate = (column: string): number => slots.get(column.toLowerCase()) ?? -1;
  return Object.entries(mapping.fields).flatMap(([name, field]) => {
    const codes = vocabulary.fields.find((words) => words.field === name)?.coded?.codes;
    if (codes === undefined || !columnsOf(field).some((column) => slots.has(column.toLowerCase()))) return [];
    const plans = { tables: mapping.tables, locate };
    const read = planField(only(field, ['from', 'const', 'concat', 'when', 'do']), plans);
    const steps = only(field, ['from', 'const', 'concat', 'when', 'do', 'table', 'split']);
    const known = planField(field.table === undefined ? steps : { ...steps, otherwise: 'reject' }, plans);
    const distinct = new Set<string>();
    const met: CodedField['met'] = new Map();
    const look = (row: Row, line: number): void => {
      const source = textOf(read(row).value);
      if (source === '') return;
      if (distinct.size <= mostDistinct) distinct.add(source);
      const { value, fault } = known(row);
      const code = textOf(value);
      if (fault === undefined && (code === '' || codes.has(code))) return;
      const { count, lines } = met.get(source) ?? { count: 0, lines: [] };
      if (count > 0 || met.size < mostDistinct)
        met.set(source, { count: count + 1, lines: count < mostLines ? [...lines, line] : lines });
    };
    return [{ name, distinct, met, look }];
  });
}

/** A field reduced to some of its steps. */
function only(field: FieldMapping, steps: readonly (keyof FieldMapping)[]): FieldMapping {
  return Object.fromEntries(Object.entries(field).filter(([step]) => steps.some((one) => one === step)));
}

function textOf(value: Value): string {
  return (typeof value === 'string' ? value : (value?.[0] ?? '')).trim();
}
