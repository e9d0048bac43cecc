import type { Dimension } from '../../shared/feeds/feed.ts';

/**
 * Which counts are told. A small one never is, zero included: that something happened to nobody tells as much as that it
 * happened to one. Inside the region's authority (operators, hospitals, readers, auditors) a count under 5 is small; for
 * everybody else, one under 11.
 */
export const smallWithin = 5;
export const smallOutside = 11;

export interface HideRules {
  /** Counts below it are small. */
  readonly threshold: number;
  /** The least that a count can be: 1 where those that are 0 are known not to be there. */
  readonly least?: number;
  /** Hidden whatever they count, because others are not told them; of those that are not small, the smallest. */
  readonly also?: ReadonlySet<number>;
}

/**
 * Which classes of a whole are hidden when their sum is known: each small count, then the smallest of the others until
 * every small one could have all but one of the values that small counts have, and until what is hidden is not itself
 * small. Undefined: not even the sum can be told.
 */
export function hide(counts: readonly number[], rules: HideRules): ReadonlySet<number> | undefined {
  const { threshold, also = new Set() } = rules;
  const hidden = new Set([...small(counts, threshold), ...also]);
  if (hidden.size === 0) return hidden;
  const others = counts
    .map((count, index) => ({ count, index }))
    .filter(({ index }) => !hidden.has(index))
    .sort((one, other) => one.count - other.count || one.index - other.index);
  for (;;) {
    if (isDoubtful(counts, hidden, rules)) return hidden;
    const next = others.shift();
    if (next === undefined) return undefined;
    hidden.add(next.index);
  }
}

/** What is told outside is told inside too: two people who put their answers together know what the one inside knew. */
export function hideFrom(
  audience: number,
  counts: readonly number[],
  least = 0,
): ReadonlySet<number> | undefined {
  const within = hide(counts, { threshold: smallWithin, least });
  if (within === undefined || audience === smallWithin) return within;
  return hide(counts, { threshold: audience, least, also: within });
}

/**
 * Of one week: by classification in which each visit has one class, the classes that are hidden. Undefined: not even the week's
 * sum is told, by any of them, because one of them must not tell it.
 */
export function hiddenClasses(
  dimensions: readonly Dimension[],
  {
    total,
    classes,
  }: { readonly total: number; readonly classes: Readonly<Record<string, readonly number[]>> },
  audience: number,
): ReadonlyMap<string, ReadonlySet<number>> | undefined {
  const found = new Map<string, ReadonlySet<number>>();
  for (const { name, kind } of dimensions) {
    if (kind === 'many') continue;
    const hidden = hideFrom(audience, classes[name] ?? []);
    if (hidden === undefined) return undefined;
    found.set(name, hidden);
  }
  return total < audience ? undefined : found;
}

function small(counts: readonly number[], threshold: number): readonly number[] {
  return counts.flatMap((count, index) => (count < threshold ? [index] : []));
}

/** As one would reckon who knows these rules: bounds of each small count from the sum and from the others' bounds. */
function isDoubtful(
  counts: readonly number[],
  hidden: ReadonlySet<number>,
  { threshold, least = 0 }: HideRules,
): boolean {
  const shown = counts.filter((_count, index) => !hidden.has(index));
  const smallestShown = shown.length === 0 ? Infinity : Math.min(...shown);
  const sum = [...hidden].reduce((all, index) => all + (counts[index] ?? 0), 0);
  const bounds = [...hidden].map((index) =>
    (counts[index] ?? 0) < threshold
      ? { isSmall: true, low: least, high: threshold - 1 }
      : { isSmall: false, low: threshold, high: smallestShown },
  );
  const lows = bounds.reduce((all, { low }) => all + low, 0);
  const highs = bounds.reduce((all, { high }) => all + high, 0);
  return (
    sum >= threshold &&
    bounds
      .filter(({ isSmall }) => isSmall)
      .every(({ low, high }) => {
        const lowest = Math.max(low, sum - (highs - high));
        const highest = Math.min(high, sum - (lows - low));
        return highest - lowest >= threshold - 2;
      })
  );
}
