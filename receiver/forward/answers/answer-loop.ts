import { asFault } from '../../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import type { AgencyReply, AnswerSource, AwaitedDispatch } from './answer-source.ts';
import { commitAnswers, type AnswerDeps, type CommittedAnswers } from './record-answers.ts';

/**
 * Brings the answers of one agency home: asks its source for the dispatches that await one, writes what it says down with
 * the receipts, and only then lets the source forget it. Dying in between repeats, which changes nothing. A source that
 * fails is told of once and asked again; delivery goes on meanwhile.
 */
export interface AnswerLoopDeps extends AnswerDeps {
  readonly destination: string;
  readonly source: AnswerSource;
  readonly logger: Logger;
  /** Receipts of these agents have been committed. */
  readonly onReceipts: (agents: ReadonlySet<string>) => void;
}

/** Dispatches asked about at once. */
const pageRows = 500;
/** A source has its own patience for each of its steps; this is for all of them. */
const roundMs = 600_000;

export interface AnswerLoop {
  readonly loop: Loop;
  /** One page; true when there may be more to do at once. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

export function createAnswerLoop(deps: AnswerLoopDeps): AnswerLoop {
  const { destination, source, logger } = deps;
  let after = 0;
  let unknownBefore = 0;

  // Each tells of its own faults: answers that may be read and not removed come back at every look.
  const asking = createAsking(destination, logger);
  const forgetting = createAsking(destination, logger);

  const step = async (stopping: AbortSignal): Promise<boolean> => {
    const { awaited, last, spokenTo } = await lookUp(deps, after);
    // Without a dispatch that awaits one, an agency may still change an answer it gave.
    if (!spokenTo || (awaited.length === 0 && after > 0)) {
      after = 0;
      return false;
    }
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(roundMs)]);
    const replies = await asking(() => source.collect(awaited, signal), stopping);
    if (stopping.aborted) return false;
    if (replies === undefined) {
      after = 0;
      return false;
    }
    if (replies.length > 0) await take(replies, signal, stopping);
    after = awaited.length === pageRows ? last : 0;
    return after > 0;
  };

  const take = async (
    replies: readonly AgencyReply[],
    signal: AbortSignal,
    stopping: AbortSignal,
  ): Promise<void> => {
    const committed = await commitAnswers(deps, destination, replies);
    if (committed.agents.size > 0) deps.onReceipts(committed.agents);
    tell(committed);
    // What answers nothing of ours may be somebody else's: it stays where it is.
    const settled = replies.filter((reply) => !committed.unknown.includes(reply));
    if (settled.length > 0) await forgetting(() => source.forget(settled, signal), stopping);
  };

  const tell = ({ changed, unknown }: CommittedAnswers): void => {
    const refused = changed.filter(({ reply }) => reply.verdict === 'refused');
    for (const { before, reply } of refused)
      logger.error({ destination, dispatch: before.name, code: reply.code }, 'dispatch-refused');
    if (changed.length > refused.length)
      logger.info({ destination, dispatches: changed.length - refused.length }, 'dispatches-acknowledged');
    if (unknown.length > unknownBefore)
      logger.warn({ destination, answers: unknown.length }, 'answers-unknown');
    unknownBefore = unknown.length;
  };

  const idleMs = source.everySeconds * 1000;
  return { step, loop: createLoop({ name: `answers-${destination}`, idleMs, logger, step }) };
}

/** Undefined when it failed, which is told once a change; what our own stopping cut short is no fault of the agency's. */
function createAsking(
  destination: string,
  logger: Logger,
): <T>(work: () => Promise<T>, stopping: AbortSignal) => Promise<T | undefined> {
  let failing: string | undefined;
  return async (work, stopping) => {
    try {
      const result = await work();
      if (failing !== undefined) logger.info({ destination }, 'answers-back');
      failing = undefined;
      return result;
    } catch (error) {
      if (stopping.aborted) return undefined;
      const fault = asFault(error);
      if (failing !== fault.code) logger.warn({ err: fault, destination }, 'answers-failed');
      failing = fault.code;
      return undefined;
    }
  };
}

interface Looked {
  readonly awaited: readonly AwaitedDispatch[];
  /** The id of the last one. */
  readonly last: number;
  /** Whether the agency was ever sent anything. */
  readonly spokenTo: boolean;
}

function lookUp({ store, destination }: AnswerLoopDeps, after: number): Promise<Looked> {
  return store.read(async (tx) => {
    const { sent, acknowledged, refused } = await tx.dispatches.countsOf(destination);
    const rows = await tx.dispatches.inDelivery(destination, 'sent', after, pageRows);
    const awaited: AwaitedDispatch[] = [];
    for (const row of rows) awaited.push(awaitedOf(row, await tx.dispatches.sealedAs(row.id)));
    return { awaited, last: rows.at(-1)?.id ?? 0, spokenTo: sent + acknowledged + refused > 0 };
  });
}

function awaitedOf(
  { name, digest, reference }: DispatchRow,
  sealed: { readonly name: string; readonly digest: string } | undefined,
): AwaitedDispatch {
  return { name, sealedName: sealed?.name ?? name, digest: sealed?.digest ?? digest, reference };
}
