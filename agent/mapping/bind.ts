import type { Breach } from '../../shared/feeds/feed.ts';
import type { BindOptions, BoundMapping, Row, Value } from './compiled-mapping.ts';
import { isCopy, planField, sourceColumn, type FieldPlan } from './field-plan.ts';
import type { MappingFile } from './schema.ts';

interface Planned {
  readonly name: string;
  readonly column: string | null;
  readonly plan: FieldPlan;
}

/**
 * Ties a mapping to the columns of one export (names compared without regard to case). Fields that only copy a column,
 * nearly all of a national export, are kept apart: they cost one assignment each.
 */
export function bindMapping(
  mapping: MappingFile,
  columns: readonly string[],
  options: BindOptions & {
    /** Fields that only go as far as they are codes. */
    readonly guarded: readonly string[];
    /** Columns that something else reads. */
    readonly elsewhere: readonly string[];
  },
): BoundMapping {
  const { locate, used } = createLocator(columns);

  const copies: { readonly name: string; readonly slot: number }[] = [];
  const planned: Planned[] = [];
  for (const [name, field] of Object.entries(mapping.fields)) {
    if (isCopy(field) && name !== localField) copies.push({ name, slot: locate(field.from) });
    else
      planned.push({
        name,
        column: sourceColumn(field),
        plan: planField(field, { tables: mapping.tables, locate, latestYear: options.latestYear }),
      });
  }
  const named = Object.entries(mapping.extensions).map(([name, column]) => ({ name, slot: locate(column) }));
  for (const column of [...mapping.ignore, ...options.elsewhere]) locate(column);
  const withhold = planWithholding(mapping, options.guarded);
  const unknown = columns.flatMap((column, slot) =>
    used.has(slot) || column.trim() === '' ? [] : [{ column, slot }],
  );
  const kept = [
    ...named,
    ...(mapping.unknownColumns === 'keep' ? unknown.map(({ column, slot }) => ({ name: column, slot })) : []),
  ];
  // Cloned for every record: objects of one shape are what makes reading them fast.
  const blank: Readonly<Record<string, Value>> = Object.fromEntries(
    ['facility', localField, ...Object.keys(mapping.fields)].map((name) => [name, undefined]),
  );

  return {
    unknownColumns: mapping.unknownColumns === 'warn' ? unknown.map(({ column }) => column) : [],
    map: (row, extensions) => {
      const values: Record<string, Value> = { ...blank };
      for (const { name, slot } of copies) values[name] = row[slot];
      let localId: string | undefined;
      let breaches = none;
      for (const { name, column, plan } of planned) {
        const { value, fault } = plan(row);
        if (fault === 'refused')
          return { kind: 'rejected', breach: { rule: 'mapping-value-refused', field: column } };
        if (fault === 'replaced') breaches = [...breaches, { rule: 'mapping-value-replaced', field: column }];
        if (name === localField) localId = textOf(value);
        else values[name] = value;
      }
      if (withhold !== undefined) breaches = [...breaches, ...withhold(values)];
      const all = kept.length === 0 ? extensions : extended(kept, row, extensions);
      const fields = all === undefined ? { values } : { values, extensions: all };
      return { kind: 'fields', fields, localId, breaches };
    },
  };
}

/** The source's own visit number: kept apart, because it must be hashed. */
const localField = 'visitId';
const none: readonly Breach[] = [];

/** Positions of columns by name, in any case; -1 = this export has none. */
export function createLocator(columns: readonly string[]): {
  readonly locate: (column: string) => number;
  readonly used: ReadonlySet<number>;
} {
  const positions = new Map<string, number>();
  columns.forEach((column, index) => {
    const key = column.toLowerCase();
    if (!positions.has(key)) positions.set(key, index);
  });
  const used = new Set<number>();
  return {
    used,
    locate: (column) => {
      const position = positions.get(column.toLowerCase()) ?? -1;
      used.add(position);
      return position;
    },
  };
}

/** Takes out of the fields what is text and not a code, and says of which column; undefined = there is nothing to guard. */
function planWithholding(
  mapping: MappingFile,
  guarded: readonly string[],
): ((values: Record<string, Value>) => readonly Breach[]) | undefined {
  const fields = guarded.flatMap((name) => {
    const field = mapping.fields[name];
    return field === undefined ? [] : [{ name, column: sourceColumn(field) }];
  });
  if (fields.length === 0) return undefined;
  return (values) =>
    fields.flatMap(({ name, column }) => {
      const value = values[name];
      const texts = typeof value === 'string' ? [value] : (value ?? []);
      const codes = texts.filter((text) => text.trim() === '' || isCode(text.trim()));
      if (codes.length === texts.length) return [];
      values[name] = codes;
      return [{ rule: 'free-text-withheld', field: column }];
    });
}

/** As ICD-10 and the thesauri of reasons write them: R06.0, GASTRO04, 101. A word, a date or a telephone number is none. */
function isCode(text: string): boolean {
  return /^(?:[A-Z]{1,10}\d{1,4}(?:[.+*-]?[\dA-Z+*]{1,4})?|\d{1,4}(?:\.\d{1,2})?)$/i.test(text);
}

function textOf(value: Value): string | undefined {
  const text = typeof value === 'string' ? value : value?.[0];
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

function extended(
  kept: readonly { readonly name: string; readonly slot: number }[],
  row: Row,
  extensions: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  const entries: [string, string][] = Object.entries(extensions ?? {});
  for (const { name, slot } of kept) {
    const text = textOf(row[slot]);
    if (text !== undefined) entries.push([name, text]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
