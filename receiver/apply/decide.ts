import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Composed } from '../forward/compose.ts';
import type { Actor } from '../accounts/actor.ts';
import type { ProposalRow } from '../store/proposal-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import {
  carryOut,
  nameOfDay,
  openTarget,
  type CarryOutDeps,
  type CarriedOut,
  type Decision,
  type DecisionTarget,
  type Open,
} from './carry-out.ts';
import { targetOf } from './proposals.ts';
import { issueReceipts, type SignReceipts } from './receipts.ts';
import { changed, checkRemovals, mustBeAnother, printOf } from './second-person.ts';

export interface DecisionResult {
  readonly decision: Decision;
  /** Records removed now. */
  readonly removed: number;
  /** Pending removals dropped: kept by decision, or written by something newer. */
  readonly kept: number;
  readonly exports: readonly string[];
  readonly dispatches: readonly Composed[];
}

export interface DeciderDeps extends CarryOutDeps {
  readonly store: Store;
  readonly sign: SignReceipts;
}

/** Who decides, and why. */
export interface Word {
  readonly actor: Actor;
  readonly reason?: string | undefined;
  /** How many removals the person saw; refused with `proposal-count` when it is another number by now. */
  readonly seen?: number | undefined;
}

export interface Decider {
  /**
   * Rule 7, on one person's word. Throws `decision-export-unknown`, `decision-not-open`, and `decision-second-person` when
   * more would be removed than one person may have removed of an export.
   */
  decide(target: DecisionTarget, decision: Decision, word: Word): Promise<DecisionResult>;
  /**
   * What another proposed, exactly as it was proposed. Throws `proposal-unknown`, `proposal-not-open`, `proposal-changed`,
   * `proposal-same-person`, `proposal-page-only`.
   */
  confirm(proposal: string, word: Word): Promise<DecisionResult>;
}

/** Decision, signed receipts, audit and the proposal's end are one transaction. */
export function createDecider(deps: DeciderDeps): Decider {
  return {
    decide: (target, decision, word) =>
      deps.store.transaction(async (tx) =>
        decideNow(tx, deps, await openTarget(tx, target), { decision, word }),
      ),
    confirm: (id, word) =>
      deps.store.transaction(async (tx) => {
        const proposal = await openProposal(tx, id, deps.clock);
        await mustBeAnother(tx, proposal, word.actor);
        const open = await openTarget(tx, targetOf(proposal)).catch(() => undefined);
        if (open === undefined || (await printOf(tx, open)) !== proposal.print)
          throw changed(proposal, await pendingOf(tx, open));
        const { decision } = proposal;
        const given = word.reason ?? '';
        const reason = given === '' ? proposal.reason : given;
        return decideNow(tx, deps, open, { decision, word: { ...word, reason }, proposal });
      }),
  };
}

/** Throws `proposal-unknown`, `proposal-not-open`. */
export async function openProposal(tx: StoreTx, id: string, clock: Clock): Promise<ProposalRow> {
  const proposal = await tx.audit.proposals.get(id);
  if (proposal === undefined) throw permanent('proposal-unknown', { facts: { proposal: id } });
  if (proposal.state !== 'open' || proposal.expiresAt <= clock.now())
    throw permanent('proposal-not-open', { facts: { proposal: id } });
  return proposal;
}

async function pendingOf(tx: StoreTx, open: Open | undefined): Promise<number> {
  if (open?.kind !== 'days') return 0;
  let count = 0;
  for (const { day, ...scope } of open.days) count += (await tx.removals.ofDay(scope, day)).length;
  return count;
}

async function decideNow(
  tx: StoreTx,
  deps: DeciderDeps,
  open: Open,
  taken: { readonly decision: Decision; readonly word: Word; readonly proposal?: ProposalRow },
): Promise<DecisionResult> {
  const { decision, word, proposal } = taken;
  const done = await carryOut(tx, deps, open, decision);
  const count = decision === 'confirm' ? done.removed : done.kept;
  if (word.seen !== undefined && word.seen !== count)
    throw permanent('proposal-count', { facts: { typed: word.seen, count } });
  await checkRemovals(tx, done, proposal);
  await issueReceipts(tx, done.drafts, deps.sign);
  await closeProposals(tx, open, done, { word, proposal, now: deps.clock.now() });
  await writeDown(tx, deps.clock, open, done, { word, proposal });
  const { removed, kept, removedBy, dispatches } = done;
  return { decision, removed, kept, exports: [...removedBy.keys()], dispatches };
}

/** Nothing stays proposed about what is settled. */
async function closeProposals(
  tx: StoreTx,
  open: Open,
  { removedBy }: CarriedOut,
  by: { readonly word: Word; readonly proposal: ProposalRow | undefined; readonly now: number },
): Promise<void> {
  const { proposals } = tx.audit;
  const person = { name: by.word.actor.name, at: by.now };
  if (by.proposal !== undefined && !(await proposals.close(by.proposal.id, 'confirmed', person)))
    throw permanent('proposal-not-open', { facts: { proposal: by.proposal.id } });
  const settled: string[] = open.kind === 'days' ? open.days.map(nameOfDay) : [];
  for (const id of removedBy.keys()) if ((await tx.exports.get(id))?.state !== 'held') settled.push(id);
  for (const subject of settled)
    for (const { id, state } of await proposals.ofSubject(subject, 20))
      if (state === 'open') await proposals.close(id, 'withdrawn', person);
}

async function writeDown(
  tx: StoreTx,
  clock: Clock,
  open: Open,
  { decision, removed, kept, removedBy }: CarriedOut,
  { word, proposal }: { readonly word: Word; readonly proposal: ProposalRow | undefined },
): Promise<void> {
  const days = open.kind === 'days' ? open.days.map(({ day }) => day) : [];
  const facility = open.kind === 'days' ? open.days[0]?.facility : open.row.facility;
  const span: Record<string, string> =
    days.length === 0
      ? {}
      : { from: dayToIso(days.reduce(earlier)), to: dayToIso(days.reduce(later)), days: String(days.length) };
  await appendAudit(tx, clock, word.actor, {
    action: `removals.${decision}`,
    subject: [...removedBy.keys()][0] ?? '',
    ...(facility === undefined ? {} : { facility }),
    ...(word.reason === undefined ? {} : { reason: word.reason }),
    facts: {
      ...{ visits: decision === 'confirm' ? removed : kept, removed, kept, ...span },
      ...(proposal === undefined ? {} : { proposal: proposal.id, proposer: proposal.proposerName }),
    },
  });
}

const earlier = <Value extends number>(a: Value, b: Value): Value => (a < b ? a : b);
const later = <Value extends number>(a: Value, b: Value): Value => (a > b ? a : b);
