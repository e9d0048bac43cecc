import { asFault } from '../../shared/runtime/errors.ts';
import type { Side } from '../mapping/columns.ts';
import type { Value } from '../mapping/compiled-mapping.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import type { Half, HalfBook, Paired } from '../reader/join.ts';
import { joinSql } from './join-queries.ts';
import type { Vault } from './vault.ts';

/** Whose halves: the name under which both sides meet, the mapping, and the side of the export being read. */
export interface JoinPlace {
  readonly source: string;
  readonly mapping: string;
  readonly side: Side;
}

/** A row's place: a half put in another's place does not open. */
export interface RowPlace {
  /** The keyed hash it is found by; empty = the row has no key and meets nothing. */
  readonly index: Buffer;
  readonly read: number;
  readonly record: number;
}

export interface JoinLookup {
  index(key: string | undefined): Buffer;
  seal(place: RowPlace, half: SealedHalf): Buffer;
  /** Throws `vault-damaged`. */
  open(row: RowPlace & { readonly sealed: Buffer }): SealedHalf;
  /** What the other side has brought last under this key. */
  other(key: string | undefined): Half | 'missing' | 'several-there' | 'damaged';
}

export interface SealedHalf {
  readonly key: string | undefined;
  readonly values: Half['values'];
}

interface OtherRow {
  readonly read: number;
  readonly record: number;
  readonly sealed: Buffer;
  /** JSON. */
  readonly columns: string;
}

export interface JoinDeps {
  readonly database: AgentDatabase;
  readonly vault: Vault;
}

export function createJoinLookup({ database, vault }: JoinDeps, place: JoinPlace): JoinLookup {
  const { source, mapping, side } = place;
  const otherSide: Side = side === 'main' ? 'joined' : 'main';
  const name = (index: Buffer, read: number, record: number): string =>
    `join\0${index.toString('hex')}\0${read}\0${record}`;
  const indexOf = (of: Side, key: string): Buffer =>
    vault.index('join', [source, mapping, of, key].join('\0'));

  const lookup: JoinLookup = {
    index: (key) => (key === undefined ? noKey : indexOf(side, key)),
    seal: ({ index, read, record }, half) => vault.seal(name(index, read, record), JSON.stringify(half)),
    open: ({ index, read, record, sealed }) => {
      // JSON knows no undefined: a value that was none comes back as null.
      const { key, values } = JSON.parse(vault.open(name(index, read, record), sealed)) as {
        readonly key?: string;
        readonly values: readonly (Value | null)[];
      };
      return { key, values: values.map((value) => value ?? undefined) };
    },
    other: (key) => {
      if (key === undefined) return 'missing';
      const index = indexOf(otherSide, key);
      const [latest, second] = database.all<OtherRow>(joinSql.others, index);
      if (latest === undefined) return 'missing';
      if (latest.read === second?.read) return 'several-there';
      try {
        const { values } = lookup.open({ index, ...latest });
        return { values, columns: JSON.parse(latest.columns) as readonly string[] };
      } catch (error) {
        if (asFault(error).code === 'vault-damaged') return 'damaged';
        throw error;
      }
    },
  };
  return lookup;
}

const noKey = Buffer.alloc(0);

/** For commands that read an export again: its own rows are remembered nowhere, the other side's are those the agent has. */
export function createReadOnlyHalves(deps: JoinDeps, source: string): HalfBook {
  return {
    open: (mapping, side, columns) => {
      const lookup = createJoinLookup(deps, { source, mapping: mapping.name, side });
      const rows: Omit<Paired, 'other'>[] = [];
      const counts = new Map<string, number>();
      return {
        put: ({ record, line, key, values }) => {
          rows.push({ record, line, key, own: { values, columns } });
          if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
        },
        flush: () => undefined,
        *pairs() {
          for (const row of rows) {
            const isSeveral = row.key !== undefined && (counts.get(row.key) ?? 0) > 1;
            yield { ...row, other: isSeveral ? 'several-here' : lookup.other(row.key) };
          }
        },
      };
    },
  };
}
