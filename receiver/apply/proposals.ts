import { z } from 'zod';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from '../accounts/actor.ts';
import type { ProposalRow } from '../store/proposal-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import {
  carryOut,
  nameOfDay,
  openTarget,
  type CarryOutDeps,
  type Decision,
  type DecisionTarget,
} from './carry-out.ts';
import { printOf } from './second-person.ts';

/** A proposal that nobody confirms is over after three days. */
const openMs = 72 * 3_600_000;
const longestReason = 500;

export interface ProposerDeps extends CarryOutDeps {
  readonly store: Store;
}

export interface Proposal {
  readonly target: DecisionTarget;
  readonly decision: Decision;
  /** region: somebody who could decide alone if it were less. facility: the hospital suggests. */
  readonly origin: ProposalRow['origin'];
  readonly actor: Actor;
  readonly reason: string;
  /** What the person saw when deciding; refused when it is another number by now. */
  readonly seen?: number | undefined;
}

/**
 * Writes down what a second person may confirm within 72 hours. Throws `reason-missing`, `proposal-open` (one is open
 * already), `proposal-count` (the number typed is not what it would do), and what an undecided target throws.
 */
export async function propose(deps: ProposerDeps, proposal: Proposal): Promise<ProposalRow> {
  const { target, decision, origin, actor, seen } = proposal;
  const reason = reasonOf(proposal.reason);
  const { store, clock, random } = deps;
  return store.transaction(async (tx) => {
    const now = clock.now();
    await tx.audit.proposals.expire(now);
    const open = await openTarget(tx, target);
    const subject = 'export' in target ? target.export : nameOfDay(target);
    const facility = 'export' in target ? ((await tx.exports.get(subject))?.facility ?? '') : target.facility;
    const before = await tx.audit.proposals.ofSubject(subject, 20);
    if (before.some((each) => each.state === 'open' && each.origin === origin))
      throw permanent('proposal-open', { facts: { target: subject } });
    // Done and undone: nothing else says exactly what it would do.
    const done = await tx.savepoint(
      () => carryOut(tx, deps, open, decision),
      () => true,
    );
    const count = decision === 'confirm' ? done.removed : done.kept;
    if (seen !== undefined && seen !== count)
      throw permanent('proposal-count', { facts: { typed: seen, count } });
    const row: ProposalRow = {
      ...{ id: random.uuid(now), kind: 'removals', subject, origin, decision, facility, count, reason },
      ...{ target: JSON.stringify(target), print: await printOf(tx, open) },
      ...{ proposerKind: actor.kind, proposerId: actor.id, proposerName: actor.name },
      ...{ proposedAt: now, expiresAt: now + openMs, state: 'open', deciderName: null, decidedAt: null },
    };
    await tx.audit.proposals.put(row);
    await appendAudit(tx, clock, actor, {
      ...{ action: `removals.propose-${decision}`, subject, facility, reason },
      facts: { visits: count, proposal: row.id },
    });
    return row;
  });
}

/** What it would do now, exactly: done and undone. `before`: what one person alone had removed of these exports. */
export async function previewDecision(
  { store, ...deps }: ProposerDeps,
  target: DecisionTarget,
  decision: Decision,
): Promise<{ readonly count: number; readonly before: number }> {
  return store.transaction(async (tx) => {
    const open = await openTarget(tx, target);
    const done = await tx.savepoint(
      () => carryOut(tx, deps, open, decision),
      () => true,
    );
    let before = 0;
    for (const [id, count] of done.removedBy)
      if (count > 0) before += await tx.audit.proposals.removedAlone(id);
    return { count: decision === 'confirm' ? done.removed : done.kept, before };
  });
}

/** Taken back by whoever proposed it, or by somebody of the region. */
export async function withdrawProposal(
  tx: StoreTx,
  clock: ProposerDeps['clock'],
  { id, subject, facility, count }: ProposalRow,
  { actor, reason }: { readonly actor: Actor; readonly reason: string },
): Promise<void> {
  const words = reasonOf(reason);
  if (!(await tx.audit.proposals.close(id, 'withdrawn', { name: actor.name, at: clock.now() })))
    throw permanent('proposal-not-open', { facts: { proposal: id } });
  await appendAudit(tx, clock, actor, {
    ...{ action: 'removals.withdraw', subject, facility, reason: words },
    facts: { visits: count, proposal: id },
  });
}

/** Trimmed, in words, and not too many. Throws `reason-missing`, `reason-long`. */
export function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason === '') throw permanent('reason-missing');
  if (reason.length > longestReason) throw permanent('reason-long', { facts: { longest: longestReason } });
  return reason;
}

/** What this program itself wrote. */
export function targetOf({ target }: ProposalRow): DecisionTarget {
  return written.parse(JSON.parse(target));
}

const day = z.int().transform((value) => value as Day);
const written = z.union([
  z.strictObject({ export: z.string(), days: z.array(day).exactOptional() }),
  z.strictObject({ facility: z.string(), feed: z.string(), part: z.string(), day }),
]);
