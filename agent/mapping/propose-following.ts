import type { ColumnGuess } from './guess-columns.ts';
import type { ColumnProfile } from './guess-content.ts';
import { guessTable, type TableEntry } from './guess-tables.ts';
import type { FieldWords } from './guess-vocabulary.ts';
import { nothingTable, type ProposedTable, type Specified } from './propose-field.ts';

/**
 * A field without a column that follows from the code of another: a ward of medicine is a short stay. Undefined where that
 * other field was not found, or where none of its codes is known.
 */
export function followingSpec(
  { field, coded, follows }: FieldWords,
  guessOf: ReadonlyMap<string, ColumnGuess>,
): Specified | undefined {
  const other = follows === undefined ? undefined : guessOf.get(follows.field);
  const [profile] = other?.columns ?? [];
  if (
    coded === undefined ||
    follows === undefined ||
    other?.words.coded === undefined ||
    profile === undefined
  )
    return undefined;
  const own = guessTable(profile, other.words.coded);
  const met =
    own?.entries ?? [...profile.distinct].map(([text, count]) => ({ text, count, code: text, sure: true }));
  const entries = met.map((entry) =>
    entry.code === undefined ? entry : { ...entry, code: follows.codes[entry.code] ?? '' },
  );
  if (!entries.some(({ code }) => code !== undefined && code !== '')) return undefined;
  return {
    spec: { from: profile.column, table: field },
    doubts: [{ kind: 'derived', column: profile.column }],
    table: {
      name: field,
      column: profile.column,
      allowed: [...coded.codes],
      entries: [...entries, ...unmet(met, follows.codes)],
      hidden: own?.hidden ?? 0,
    },
  };
}

/** Where the column holds national codes, those that this sample does not show. */
function unmet(met: readonly TableEntry[], codes: Readonly<Record<string, string>>): readonly TableEntry[] {
  const national = met.filter(({ text }) => Object.hasOwn(codes, text)).length;
  if (national < met.length / 2) return [];
  return Object.entries(codes).flatMap(([text, code]) =>
    met.some((entry) => entry.text === text) ? [] : [{ text, count: 0, code, sure: true }],
  );
}

/** The one table of what stands for nothing, for all fields that are no codes. */
export function nothingEntries(profiles: readonly ColumnProfile[]): ProposedTable {
  const counts = new Map<string, number>();
  for (const { nothings } of profiles)
    for (const [text, count] of nothings) counts.set(text, (counts.get(text) ?? 0) + count);
  const entries = [...counts].map(([text, count]) => ({ text, count, code: '', sure: true }));
  return { name: nothingTable, column: undefined, allowed: [], entries, hidden: 0 };
}
