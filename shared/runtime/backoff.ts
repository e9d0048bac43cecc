import type { Random } from './random.ts';

export interface BackoffPolicy {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Exponential with full jitter on the upper half: attempt 1 waits between firstMs/2 and firstMs, doubling up to maxMs. */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: Random): number {
  const ceiling = Math.min(policy.maxMs, policy.firstMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.round(ceiling / 2 + (ceiling / 2) * random.fraction());
}
