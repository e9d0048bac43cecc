/** Where time comes from. Nothing else in the product reads a clock, so that tests decide what time it is. */
export interface Clock {
  /** UTC instant, epoch milliseconds. */
  now(): number;
  /** Milliseconds on a clock that never goes back; only differences mean anything. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
