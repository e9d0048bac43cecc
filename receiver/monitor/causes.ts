import type { DayArrival, WatchCause, WatchState } from '../store/watch-tables.ts';
import type { Judgement } from './judge-day.ts';

/** What an agent last said of itself; `at` undefined = it never spoke. Epoch ms. */
export interface AgentSign {
  readonly agent: string;
  readonly at: number | undefined;
  readonly pending: number;
  readonly oldestPendingAt: number | null;
  /** Why it takes no export at present. */
  readonly paused: string | null;
}

export interface CauseEvidence {
  /** Those that feed this facility. */
  readonly signs: readonly AgentSign[];
  readonly arrivals: readonly DayArrival[];
  readonly deadline: number;
  /** A reject of this feed's exports since the day ended. */
  readonly rejected: boolean;
  /** Its dispatch waits for a destination that is down or paused. */
  readonly blocked: boolean;
  /** What was seen of this day before. */
  readonly before: WatchCause | null;
}

/** Heartbeats come every minute: fifteen missing are no accident. */
export const deadAfterMs = 15 * 60_000;

/** Why a day is as it is; null when nothing asks why. */
export function causeOf(
  { state, wholeAt }: Judgement,
  evidence: CauseEvidence,
  now: number,
): WatchCause | null {
  switch (state) {
    case 'held':
      return 'held-by-guard';
    case 'silent':
      return absence(evidence, now);
    case 'partial':
    case 'degraded':
      return wholeAt === null
        ? absence(evidence, now)
        : evidence.rejected
          ? 'exports-rejected'
          : 'export-short';
    case 'low':
      return evidence.rejected ? 'exports-rejected' : 'export-short';
    case 'late':
      return delay(evidence);
    case 'received':
      return evidence.blocked ? 'forward-blocked' : null;
    case 'closed':
    case 'not-connected':
    case null:
      return null;
  }
}

/** Nothing came, or nothing taken after the day's end. */
function absence({ signs, rejected }: CauseEvidence, now: number): WatchCause {
  if (rejected) return 'exports-rejected';
  const alive = signs.filter(({ at }) => at !== undefined && now - at <= deadAfterMs);
  const backlog = (alive.length === 0 ? signs : alive).some(
    ({ pending, oldestPendingAt }) =>
      pending > 0 && (alive.length === 0 || (oldestPendingAt ?? now) < now - deadAfterMs),
  );
  if (backlog) return 'network-cut';
  if (alive.length === 0) return 'agent-dead';
  return alive.some(({ paused }) => paused !== null) ? 'agent-paused' : 'source-silent';
}

const lasting: ReadonlySet<WatchCause> = new Set<WatchCause>([
  'agent-dead',
  'network-cut',
  'agent-paused',
  'source-silent',
  'exports-rejected',
  'held-by-guard',
]);

/** It came in the end: what kept it away is what was seen while it was missing, else what its own times tell. */
function delay({ before, arrivals, deadline }: CauseEvidence): WatchCause {
  if (before !== null && lasting.has(before)) return before;
  const taken = arrivals.map(({ settledExtract, firstAt }) => settledExtract ?? firstAt);
  return Math.max(...taken, 0) > deadline ? 'source-silent' : 'network-cut';
}

/** States that somebody should look into. */
export function isTrouble(state: WatchState | null): boolean {
  return state === 'silent' || state === 'partial' || state === 'low' || state === 'late' || state === 'held';
}
