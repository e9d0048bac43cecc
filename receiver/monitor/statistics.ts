/** Of sorted or unsorted numbers; `share` 0 to 1, between neighbours in proportion. NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  // A typed array sorts numbers as numbers, several times faster than a comparison does.
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const [low = Number.NaN, high = low] = [sorted[below], sorted[below + 1]];
  return low + (high - low) * (place - below);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Spread that a few outliers do not move: on normal values, their standard deviation. */
export function robustSpread(values: readonly number[]): number {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}

/**
 * Counts of independent visits on a scale where their chance alone spreads by 1, whatever their mean (Anscombe): one rule
 * serves a unit of 20 visits a day and one of 250.
 */
export function toScale(count: number): number {
  return 2 * Math.sqrt(Math.max(0, count) + 3 / 8);
}

export function fromScale(value: number): number {
  return Math.max(0, (Math.max(0, value) / 2) ** 2 - 3 / 8);
}
