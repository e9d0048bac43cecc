import type { Side } from '../../mapping/columns.ts';
import type { Value } from '../../mapping/compiled-mapping.ts';
import type { Half, HalfBook, Paired } from '../../reader/join.ts';

type Row = Pick<Paired, 'record' | 'line' | 'key' | 'own'>;

/** Halves of records for as long as a trial lasts, in memory: never on disk. */
export function createTrialBook(): HalfBook {
  const known: Record<Side, Map<string, Half | 'several'>> = { main: new Map(), joined: new Map() };
  return {
    open: (_mapping, side, columns) => {
      const rows: Row[] = [];
      const own = known[side];
      const other = known[side === 'main' ? 'joined' : 'main'];
      return {
        put: ({ record, line, key, values }) => {
          const half = { values: copied(values), columns };
          rows.push({ record, line, key, own: half });
          if (key !== undefined) own.set(key, own.has(key) ? 'several' : half);
        },
        flush: () => undefined,
        pairs: () => rows.map((row) => ({ ...row, other: otherOf(row, own, other) })),
      };
    },
  };
}

function otherOf(
  { key }: Row,
  own: ReadonlyMap<string, Half | 'several'>,
  other: ReadonlyMap<string, Half | 'several'>,
): Paired['other'] {
  if (key === undefined) return 'missing';
  if (own.get(key) === 'several') return 'several-here';
  const found = other.get(key) ?? 'missing';
  return found === 'several' ? 'several-there' : found;
}

/** A reader may use its row again. */
function copied(values: readonly Value[]): readonly Value[] {
  return [...values];
}
