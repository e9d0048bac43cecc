/** Round steps 1, 2, 5 times a power of ten, at most `most` of them above zero, so that the last one reaches `highest`. */
export function ticksUpTo(highest: number, most = 4): readonly number[] {
  const top = Number.isFinite(highest) ? Math.max(1, highest) : 1;
  let power = 10 ** Math.floor(Math.log10(top / most));
  if (power < 1) power = 1;
  for (;;) {
    for (const part of [1, 2, 5]) {
      const step = part * power;
      if (step * most >= top)
        return Array.from({ length: Math.ceil(top / step) + 1 }, (_none, n) => n * step);
    }
    power *= 10;
  }
}

/** A length inside [0, size] in proportion; what is no number is 0. */
export function within(value: number, highest: number, size: number): number {
  if (!Number.isFinite(value) || !Number.isFinite(highest) || highest <= 0) return 0;
  return Math.min(size, Math.max(0, (value / highest) * size));
}

/** One decimal, without a superfluous zero: an attribute of a drawing. */
export function short(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return String(Number.isFinite(rounded) ? (rounded === 0 ? 0 : rounded) : 0);
}

/** A line through the points; it starts anew after each gap. */
export function lineThrough(points: readonly ({ readonly x: number; readonly y: number } | null)[]): string {
  let out = '';
  let open = false;
  for (const point of points) {
    if (point !== null) out += `${open ? 'L' : 'M'}${short(point.x)} ${short(point.y)}`;
    open = point !== null;
  }
  return out;
}
