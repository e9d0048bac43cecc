import { createLocator } from './bind.ts';
import { columnsOf, columnsOfSide, withoutPrefix } from './columns.ts';
import type { BindOptions, CompiledJoin, LineLayout, Row } from './compiled-mapping.ts';
import { planField, type FieldResult } from './field-plan.ts';
import type { FieldMapping } from './field-schema.ts';
import type { JoinMapping, MappingFile } from './schema.ts';

/** How two exports are put together. A time counts to the minute, whatever precision either side writes. */
export function compileJoin(mapping: MappingFile, join: JoinMapping, layout: LineLayout): CompiledJoin {
  return {
    name: join.name,
    layout,
    remembered: (side) => columnsOfSide(mapping, side),
    bindKey: (side, columns, options) => bindKey(mapping, join.key[side], columns, options),
    fields: new Set(
      Object.entries(mapping.fields).flatMap(([name, field]) =>
        columnsOf(field).some((column) => withoutPrefix(mapping, column) !== undefined) ? [name] : [],
      ),
    ),
  };
}

/** The columns its keys read, as the joined mapping's columns are named everywhere else. */
export function keyColumns({ key, name }: JoinMapping): readonly string[] {
  return [
    ...key.main.flatMap(columnsOf),
    ...key.joined.flatMap(columnsOf).map((column) => `${name}.${column}`),
  ];
}

function bindKey(
  { tables }: MappingFile,
  pieces: readonly FieldMapping[],
  columns: readonly string[],
  options: BindOptions | undefined,
): (row: Row) => string | undefined {
  const { locate } = createLocator(columns);
  const plans = pieces.map((piece) =>
    // What is no date cannot be compared: blank, and the row has no key.
    planField({ otherwise: 'blank', ...piece }, { tables, locate, latestYear: options?.latestYear }),
  );
  return (row) => {
    const texts: string[] = [];
    for (const [index, plan] of plans.entries()) {
      const text = textOf(plan(row), pieces[index]?.dateTime !== undefined);
      if (text === undefined) return undefined;
      texts.push(text);
    }
    return texts.join('\u001f');
  };
}

const minuteChars = 'dd/MM/yyyy HH:mm'.length;

function textOf({ value, fault }: FieldResult, isTime: boolean): string | undefined {
  const text = (typeof value === 'string' ? value : value?.[0])?.trim() ?? '';
  if (text === '' || fault === 'refused') return undefined;
  return isTime ? text.slice(0, minuteChars) : text.toUpperCase();
}
