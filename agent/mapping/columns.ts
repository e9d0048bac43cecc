import type { FieldMapping } from './field-schema.ts';
import type { MappingFile } from './schema.ts';

/** Which columns a mapping looks at, and on which side of a join they stand. */
export type Side = 'main' | 'joined';

/** Every column a field looks at. */
export function columnsOf(field: FieldMapping): readonly string[] {
  const from = field.from === undefined ? [] : typeof field.from === 'string' ? [field.from] : field.from;
  const pieces = (field.concat ?? []).flatMap((piece) => ('column' in piece ? [piece.column] : []));
  return [...from, ...pieces, ...(field.when === undefined ? [] : [field.when.column])];
}

/** Every column that fields and extensions read, in order of first use; those of a joined export with their prefix. */
export function readColumns(mapping: MappingFile): readonly string[] {
  return unique([...Object.values(mapping.fields).flatMap(columnsOf), ...Object.values(mapping.extensions)]);
}

/** The columns that fields and extensions read of one side, as that export names them. */
export function columnsOfSide(mapping: MappingFile, side: Side): readonly string[] {
  return readColumns(mapping).flatMap((column) => {
    const own = withoutPrefix(mapping, column);
    if (own === undefined) return side === 'main' ? [column] : [];
    return side === 'joined' ? [own] : [];
  });
}

/** `adm.NUM` of the joined export `adm` as that export names it; undefined for a column of the main one. */
export function withoutPrefix({ join }: MappingFile, column: string): string | undefined {
  const prefix = join === undefined ? undefined : `${join.name}.`;
  return prefix !== undefined && column.toLowerCase().startsWith(prefix)
    ? column.slice(prefix.length)
    : undefined;
}

export function sameColumn(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function unique(columns: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return columns.filter((column) => {
    const key = column.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
