import { describe, expect, it } from 'vitest';
import {
  closedBreaker,
  failed,
  filesAllowed,
  opensAfter,
  passed,
  trying,
  type Breaker,
} from '../../../receiver/forward/delivery/breaker.ts';
import { systemRandom, type Random } from '../../../shared/runtime/random.ts';

const least: Random = { ...systemRandom, fraction: () => 0 };
const rule = { firstMs: 1000, maxMs: 60_000 };
const unreachable = { code: 'delivery-unavailable', permanent: false };

function failTimes(count: number, breaker: Breaker = closedBreaker): Breaker {
  let now = 0;
  let state = breaker;
  for (let index = 0; index < count; index += 1) {
    now = Math.max(now, state.nextAttemptAt);
    state = failed(trying(state, now), unreachable, rule, now, least);
  }
  return state;
}

describe('a circuit breaker', () => {
  it('stays closed over a fault or two, and makes them wait all the same', () => {
    const once = failTimes(1);
    expect(once).toMatchObject({ breaker: 'closed', failures: 1, nextAttemptAt: 500 });
    expect([filesAllowed(once, 499, 32), filesAllowed(once, 500, 32)]).toEqual([0, 32]);
  });

  it('opens after faults in a row, and lets one file try when its time comes', () => {
    const open = failTimes(opensAfter);
    expect(open.breaker).toBe('open');
    expect(filesAllowed(open, open.nextAttemptAt - 1, 32)).toBe(0);
    expect(filesAllowed(open, open.nextAttemptAt, 32)).toBe(1);
    const half = trying(open, open.nextAttemptAt);
    expect(half.breaker).toBe('half-open');
    expect(filesAllowed(half, open.nextAttemptAt, 32)).toBe(1);
  });

  it('does not wait for a clock that was once ahead, nor longer than a day', () => {
    const year = 365 * 86_400_000;
    const ahead = failed(failTimes(opensAfter), unreachable, rule, year, least);
    expect(filesAllowed(ahead, 0, 32)).toBe(1);
    const asked = failed(closedBreaker, { ...unreachable, retryAfterMs: year }, rule, 0, least);
    expect(asked.nextAttemptAt).toBe(86_400_000);
    expect([filesAllowed(asked, 1, 32), filesAllowed(asked, 86_400_000, 32)]).toEqual([0, 32]);
  });

  it('waits longer after each failed try, up to its limit', () => {
    const waits = Array.from({ length: 10 }, (_, index) => {
      const before = failTimes(index);
      const after = failed(before, unreachable, rule, before.nextAttemptAt, least);
      return after.nextAttemptAt - before.nextAttemptAt;
    });
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  });

  it('says since when it is open, however often it is tried', () => {
    const open = failTimes(opensAfter);
    const later = failed(open, unreachable, rule, open.nextAttemptAt, least);
    expect(later.since).toBe(open.since);
    expect(later.since).toBeGreaterThan(0);
  });

  it('opens at once, for the longest wait, at what only a person can mend', () => {
    const refused = failed(closedBreaker, { code: 'peer-login-refused', permanent: true }, rule, 7, least);
    expect(refused).toMatchObject({ breaker: 'open', nextAttemptAt: 60_007, since: 7 });
  });

  it('leaves the peer alone for as long as it asks', () => {
    const busy = failed(closedBreaker, { ...unreachable, retryAfterMs: 90_000 }, rule, 0, least);
    expect(busy.nextAttemptAt).toBe(90_000);
  });

  it('closes when a file passes', () => {
    const open = failTimes(opensAfter);
    expect(passed(trying(open, open.nextAttemptAt), 9000)).toEqual({ ...closedBreaker, since: 9000 });
    expect(passed(closedBreaker, 9000)).toBe(closedBreaker);
  });
});
