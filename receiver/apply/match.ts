import type { HeldRecord } from '../store/store.ts';
import type { Incoming } from './content.ts';
import type { RecordKeys } from './record-keys.ts';

/** An incoming record with its content hash; key and visit are computed only when something asks for them. */
export interface Hashed {
  readonly incoming: Incoming;
  readonly hash: Buffer;
}

export interface Pair extends Hashed {
  readonly held: HeldRecord;
}

export interface DayMatch {
  /** Same content. */
  readonly unchanged: readonly Pair[];
  /** Same visit or natural key, other content. */
  readonly changed: readonly Pair[];
  readonly newcomers: readonly Hashed[];
  /** Held and not in the export. */
  readonly absent: readonly HeldRecord[];
}

/**
 * Rule 3, inside one day: identical content first; then by visit id where both sides have one; then by natural key where
 * at least one side has none. Equal keys pair in file order against rank order. `incoming` in file order, `held` in
 * order of key and rank.
 */
export function matchDay(
  incoming: readonly Hashed[],
  held: readonly HeldRecord[],
  keys: RecordKeys,
): DayMatch {
  if (held.length === 0) return { unchanged: [], changed: [], newcomers: incoming, absent: [] };
  const free = new Set(held);
  const unchanged: Pair[] = [];
  const identical = take(
    incoming,
    index(free, ({ hash }) => text(hash)),
    free,
    ({ hash }) => text(hash),
  );
  for (const pair of identical.pairs) unchanged.push(pair);

  const visitOf = ({ incoming: { visitId } }: Hashed): string | undefined =>
    visitId === undefined ? undefined : text(keys.visit(visitId));
  const byVisit = index(free, ({ visit }) => (visit === null ? undefined : text(visit)));
  const visits = take(identical.rest, byVisit, free, visitOf);

  const byKey = index(free, ({ key }) => text(key));
  const naturals = take(
    visits.rest,
    byKey,
    free,
    ({ incoming: { naturalKey } }) => (free.size === 0 ? undefined : text(keys.key(naturalKey))),
    (one, other) => one.incoming.visitId === undefined || other.visit === null,
  );
  return {
    unchanged,
    changed: [...visits.pairs, ...naturals.pairs],
    newcomers: naturals.rest,
    absent: held.filter((one) => free.has(one)),
  };
}

function index(
  held: Iterable<HeldRecord>,
  nameOf: (held: HeldRecord) => string | undefined,
): Map<string, HeldRecord[]> {
  const lists = new Map<string, HeldRecord[]>();
  for (const one of held) {
    const name = nameOf(one);
    if (name === undefined) continue;
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [one]);
    else list.push(one);
  }
  return lists;
}

/** Pairs each record with the first free one of its name, in order. */
function take(
  incoming: readonly Hashed[],
  lists: ReadonlyMap<string, HeldRecord[]>,
  free: Set<HeldRecord>,
  nameOf: (one: Hashed) => string | undefined,
  mayPair: (one: Hashed, held: HeldRecord) => boolean = () => true,
): { readonly pairs: readonly Pair[]; readonly rest: readonly Hashed[] } {
  if (lists.size === 0) return { pairs: [], rest: incoming };
  const pairs: Pair[] = [];
  const rest: Hashed[] = [];
  for (const one of incoming) {
    const name = nameOf(one);
    const list = name === undefined ? undefined : lists.get(name);
    const at = list?.findIndex((held) => mayPair(one, held)) ?? -1;
    const held = at === -1 ? undefined : list?.splice(at, 1)[0];
    if (held === undefined) rest.push(one);
    else {
      free.delete(held);
      pairs.push({ ...one, held });
    }
  }
  return { pairs, rest };
}

function text(bytes: Buffer): string {
  return bytes.toString('latin1');
}
