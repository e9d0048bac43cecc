import type { Breach } from '../../shared/feeds/feed.ts';
import type { BoundMapping, Row, Value } from './compiled-mapping.ts';
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
export function bindMapping(mapping: MappingFile, columns: readonly string[]): BoundMapping {
  const positions = new Map<string, number>();
  columns.forEach((column, index) => {
    const key = column.toLowerCase();
    if (!positions.has(key)) positions.set(key, index);
  });
  const used = new Set<number>();
  const locate = (column: string): number => {
    const position = positions.get(column.toLowerCase()) ?? -1;
    used.add(position);
    return position;
  };

  const copies: { readonly name: string; readonly slot: number }[] = [];
  const planned: Planned[] = [];
  for (const [name, field] of Object.entries(mapping.fields)) {
    if (isCopy(field) && name !== localField) copies.push({ name, slot: locate(field.from) });
    else planned.push({ name, column: sourceColumn(field), plan: planField(field, mapping.tables, locate) });
  }
  mapping.ignore.forEach(locate);
  const unknown = columns.flatMap((column, slot) =>
    used.has(slot) || column.trim() === '' ? [] : [{ column, slot }],
  );
  const kept = mapping.unknownColumns === 'keep' ? unknown : [];
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
      const all = kept.length === 0 ? extensions : extended(kept, row, extensions);
      const fields = all === undefined ? { values } : { values, extensions: all };
      return { kind: 'fields', fields, localId, breaches };
    },
  };
}

/** The source's own visit number: kept apart, because it must be hashed. */
const localField = 'visitId';
const none: readonly Breach[] = [];

function textOf(value: Value): string | undefined {
  const text = typeof value === 'string' ? value : value?.[0];
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

function extended(
  kept: readonly { readonly column: string; readonly slot: number }[],
  row: Row,
  extensions: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  const entries: [string, string][] = Object.entries(extensions ?? {});
  for (const { column, slot } of kept) {
    const text = textOf(row[slot]);
    if (text !== undefined) entries.push([column, text]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
