/** Chance that repeats: the same seed words give the same draws, on every machine. */
export interface Draw {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** Integer in [0, below). */
  whole(below: number): number;
  chance(probability: number): boolean;
  one<T>(choices: readonly [T, ...T[]]): T;
  /** Draws by weight. */
  weighted<T>(choices: Weighted<T>): T;
}

export type Weighted<T> = readonly [readonly [T, number], ...(readonly [T, number])[]];

export function createDraw(...seed: readonly (string | number)[]): Draw {
  let state = mix(seed.join('\u0000'));
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (below: number): number => Math.floor(fraction() * below);
  return {
    fraction,
    whole,
    chance: (probability) => fraction() < probability,
    one: (choices) => choices[whole(choices.length)] ?? choices[0],
    weighted: (choices) => {
      const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
      let left = fraction() * total;
      for (const [value, weight] of choices) {
        left -= weight;
        if (left < 0) return value;
      }
      return choices[0][0];
    },
  };
}

function mix(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}
