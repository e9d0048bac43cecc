import { coversGroup, matcherOf, type SyndromicGroup } from '../../shared/feeds/syndromic-groups.ts';
import { smallWithin } from './small-numbers.ts';

/**
 * Which counts of syndromic groups are told. A visit may be in several, so that no sum gives a hidden one away, but a
 * difference may: of two groups one of which holds the other, of all visits with a diagnosis and the groups among them, of two
 * versions of a group. Every group that ever was in force is looked at in the order in which it came, and is told only when
 * neither it nor what it would leave of an earlier one, nor what earlier ones leave of it, is small: what was told before is
 * never given away by what came after.
 */
export interface GroupLattice {
  /** Place 0: at least one diagnosis, the denominator of shares. Then every group that differs, the oldest first. */
  readonly size: number;
  /** By place: those that hold all of it, by their definition. */
  readonly holders: readonly ReadonlySet<number>[];
  /** Place of a group, whichever version it is of. */
  placeOf(group: SyndromicGroup): number;
  /** Of a visit with a diagnosis; one bit a place. `age` in years. */
  maskOf(principal: string | undefined, associated: readonly string[], age: number | undefined): bigint;
}

/** `groups`: of all versions, the oldest version first. */
export function groupLattice(groups: readonly SyndromicGroup[]): GroupLattice {
  const kept: SyndromicGroup[] = [];
  const isSame = (one: SyndromicGroup, other: SyndromicGroup): boolean =>
    coversGroup(one, other) && coversGroup(other, one);
  const places = new Map<SyndromicGroup, number>();
  for (const group of groups) {
    const known = kept.findIndex((each) => isSame(each, group));
    places.set(group, (known < 0 ? kept.push(group) - 1 : known) + 1);
  }
  const holders = kept.map(
    (group) =>
      new Set([
        0,
        ...kept.flatMap((each, place) => (each !== group && coversGroup(each, group) ? [place + 1] : [])),
      ]),
  );
  const match = matcherOf(kept);
  return {
    ...{ size: kept.length + 1, holders: [new Set(), ...holders] },
    placeOf: (group) => places.get(group) ?? 0,
    maskOf: (principal, associated, age) =>
      match(principal, associated, age).reduce((mask, place) => mask | (1n << BigInt(place + 1)), 1n),
  };
}

/** Visits by what they are in; those without a diagnosis under 0. */
export type GroupMasks = ReadonlyMap<bigint, number>;

/** By place, the count, or null where it is not told. `audience`: the threshold of those who are told. */
export function tellGroups(
  lattice: Pick<GroupLattice, 'size' | 'holders'>,
  masks: GroupMasks,
  audience: number,
): readonly (number | null)[] {
  const within = shownPlaces(lattice, masks, smallWithin, undefined);
  const shown = audience === smallWithin ? within : shownPlaces(lattice, masks, audience, within);
  return Array.from({ length: lattice.size }, (_none, place) =>
    shown.has(place) ? countOf(masks, 1n << BigInt(place), 0n) : null,
  );
}

function shownPlaces(
  { size, holders }: Pick<GroupLattice, 'size' | 'holders'>,
  masks: GroupMasks,
  threshold: number,
  among: ReadonlySet<number> | undefined,
): ReadonlySet<number> {
  const shown = new Set<number>();
  const rest = (place: number | 'all', inside: ReadonlySet<number>): number => {
    const within = [...inside].filter((each) => place === 'all' || holders[each]?.has(place) === true);
    const out = within.reduce((mask, each) => mask | (1n << BigInt(each)), 0n);
    return countOf(masks, place === 'all' ? undefined : 1n << BigInt(place), out);
  };
  for (let place = 0; place < size; place += 1) {
    if (among?.has(place) === false) continue;
    const then = new Set([...shown, place]);
    const touched = [place, ...[...(holders[place] ?? [])].filter((each) => shown.has(each))];
    const isSafe = touched.every((each) => rest(each, then) >= threshold) && rest('all', then) >= threshold;
    if (isSafe) shown.add(place);
  }
  return shown;
}

/** Visits that are in one (undefined: any visit) and in none of the others. */
function countOf(masks: GroupMasks, one: bigint | undefined, others: bigint): number {
  let sum = 0;
  for (const [mask, count] of masks)
    if ((one === undefined || (mask & one) !== 0n) && (mask & others) === 0n) sum += count;
  return sum;
}
