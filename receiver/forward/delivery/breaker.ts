import { backoffMs, type BackoffPolicy } from '../../../shared/runtime/backoff.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import type { DestinationRow } from '../../store/destination-tables.ts';

/**
 * The circuit breaker of a destination:
 *
 *   closed ── `opensAfter` faults in a row, or one that only a person can mend ──▶ open
 *   open ── its time has come: one file tries ──▶ half-open ── it passes ──▶ closed
 *                                                           └─ it fails ──▶ open, for longer
 */
export type Breaker = Pick<DestinationRow, 'breaker' | 'failures' | 'nextAttemptAt' | 'code' | 'since'>;

export const opensAfter = 3;

export const closedBreaker: Breaker = {
  ...{ breaker: 'closed', failures: 0, nextAttemptAt: 0, code: null, since: 0 },
};

/** No wait is longer, whoever asks for it. */
export const longestWaitMs = 86_400_000;

/** Left alone until its time; a time further off than any wait was written under a clock that was put right since. */
export function atRest({ nextAttemptAt }: Pick<Breaker, 'nextAttemptAt'>, now: number): boolean {
  return nextAttemptAt > now && nextAttemptAt <= now + longestWaitMs;
}

/** How many files may be tried now: none while it is open, one to try it. */
export function filesAllowed(breaker: Breaker, now: number, batch: number): number {
  if (atRest(breaker, now)) return 0;
  return breaker.breaker === 'closed' ? batch : 1;
}

export function trying(breaker: Breaker, now: number): Breaker {
  return breaker.breaker === 'open' ? { ...breaker, breaker: 'half-open', since: now } : breaker;
}

export function passed(breaker: Breaker, now: number): Breaker {
  if (breaker.breaker === 'closed' && breaker.failures === 0) return breaker;
  return { ...closedBreaker, since: now };
}

export interface Failure {
  readonly code: string;
  readonly permanent: boolean;
  /** Not sooner, says the peer. */
  readonly retryAfterMs?: number;
}

export function failed(
  breaker: Breaker,
  { code, permanent, retryAfterMs = 0 }: Failure,
  rule: BackoffPolicy,
  now: number,
  random: Random,
): Breaker {
  const failures = breaker.failures + 1;
  const ownMs = permanent ? rule.maxMs : backoffMs(rule, failures, random);
  const waitMs = Math.min(Math.max(retryAfterMs, ownMs), longestWaitMs);
  const opens = permanent || failures >= opensAfter || breaker.breaker !== 'closed';
  return {
    ...{ breaker: opens ? 'open' : 'closed', failures, nextAttemptAt: now + waitMs, code },
    since: opens === (breaker.breaker !== 'closed') ? breaker.since : now,
  };
}
