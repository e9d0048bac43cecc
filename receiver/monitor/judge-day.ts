import type { Day } from '../../shared/runtime/paris-time.ts';
import type { DayArrival, WatchState } from '../store/watch-tables.ts';
import type { Expectation } from './expected-volume.ts';
import type { Stretch } from './missing-hours.ts';

/** What is known of one day of one feed of one facility. */
export interface DayEvidence {
  readonly day: Day;
  /** When it must be here, grace included; epoch ms. */
  readonly deadline: number;
  readonly count: number;
  readonly arrivals: readonly DayArrival[];
  /** Parts that usually send for each day. */
  readonly usualParts: readonly string[];
  /** Whether this facility usually sends an export taken after the day has ended. */
  readonly usuallySettled: boolean;
  readonly expected: Expectation | undefined;
  readonly stretches: readonly Stretch[];
  readonly held: boolean;
  readonly notice: 'closed' | 'degraded' | null;
  /** When the facility first sent anything; undefined = never. */
  readonly connectedAt: number | undefined;
}

export interface Judgement {
  /** null: not due yet, and nothing to say. */
  readonly state: WatchState | null;
  /** When it was whole; null = it is not. 0: before this was written down. */
  readonly wholeAt: number | null;
  readonly missingParts: readonly string[];
}

/** Worst first: held, silent, partial, low, late, received; a declared closure or a degraded running explains the rest. */
export function judgeDay(evidence: DayEvidence, now: number): Judgement {
  const { arrivals, usualParts, count, notice, deadline } = evidence;
  const missingParts = usualParts.filter((part) => !arrivals.some((each) => each.part === part));
  const wholeAt = missingParts.length === 0 ? settledAt(evidence) : null;
  const judged = (state: WatchState | null): Judgement => ({ state, wholeAt, missingParts });

  if (evidence.held) return judged('held');
  if (notice === 'closed' && count === 0) return judged('closed');
  if (evidence.connectedAt === undefined) return judged('not-connected');
  // Days of before the first export: what came of them came as history.
  if (deadline < evidence.connectedAt) return judged(arrivals.length === 0 ? 'not-connected' : 'received');
  if (now < deadline) return judged(wholeAt === null ? null : 'received');
  const state = dueState(evidence, wholeAt);
  if (state === 'received') return judged(state);
  if (notice === 'closed') return judged('received');
  return judged(notice === 'degraded' ? 'degraded' : state);
}

function dueState(
  { arrivals, count, expected, stretches, deadline }: DayEvidence,
  wholeAt: number | null,
): WatchState {
  if (arrivals.length === 0) return 'silent';
  if (wholeAt === null || stretches.length > 0) return 'partial';
  if (expected !== undefined && count < expected.floor) return 'low';
  return wholeAt > deadline ? 'late' : 'received';
}

function settledAt({ arrivals, usuallySettled }: DayEvidence): number | null {
  if (arrivals.length === 0) return null;
  const instants = arrivals.map((each) => each.settledAt ?? (usuallySettled ? null : each.firstAt));
  return instants.includes(null) ? null : Math.max(...instants.map((at) => at ?? 0));
}
