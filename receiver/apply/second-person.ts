import { hash } from 'node:crypto';
import { permanent } from '../../shared/runtime/errors.ts';
import { samePerson } from '../forward/protection/approvals.ts';
import type { Actor } from '../accounts/actor.ts';
import type { ProposalRow } from '../store/proposal-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { CarriedOut, Open } from './carry-out.ts';

/** One person alone has at most this many visits removed of an export, in however many decisions. */
export const removedAloneLimit = 50;

/**
 * Once the removals are made, and before they are committed: on one person's word only within the limit, on two people's
 * only what both saw. Throws `decision-second-person`, `proposal-changed`, and everything is undone.
 */
export async function checkRemovals(
  tx: StoreTx,
  { removedBy, removed, kept, decision }: CarriedOut,
  proposal: ProposalRow | undefined,
): Promise<void> {
  if (proposal !== undefined) {
    const now = decision === 'confirm' ? removed : kept;
    if (now !== proposal.count) throw changed(proposal, now);
    return;
  }
  if (removed === 0) return;
  let alone = 0;
  for (const [id, count] of removedBy) {
    if (count === 0) continue;
    alone += count + (await tx.audit.proposals.removedAlone(id));
    await tx.audit.proposals.addRemovedAlone(id, count);
  }
  if (alone > removedAloneLimit) {
    const facts = { count: removed, before: alone - removed, limit: removedAloneLimit };
    throw permanent('decision-second-person', { facts });
  }
}

export function changed({ id, count }: ProposalRow, now: number): Error {
  return permanent('proposal-changed', { facts: { proposal: id, count, now } });
}

/** Of exactly what is suspended: the same again only when nothing was added, superseded or decided. */
export async function printOf(tx: StoreTx, open: Open): Promise<string> {
  if (open.kind === 'export') return hash('sha256', `export ${open.row.id}`, 'hex');
  const lines: string[] = [];
  for (const { day, ...scope } of open.days)
    for (const { key, rank, extract, reception, export: id } of await tx.removals.ofDay(scope, day))
      lines.push(
        [scope.facility, scope.feed, scope.part, day, key.toString('hex'), rank, extract, reception, id].join(
          ' ',
        ),
      );
  return hash('sha256', lines.sort().join('\n'), 'hex');
}

/** What gives an account, or its password, to somebody: whoever does it could sign in as that person. */
const openings = [
  'account.create',
  'account.enable',
  'account.reset-password',
  'account.reset-second-factor',
];
/** Before the proposal. */
const openedLatelyMs = 7 * 24 * 3_600_000;
const looked = 500;

/**
 * Whoever proposed does not confirm, nor does an account that they opened themselves within the week before. Accounts are
 * told apart by their id; at the command line only by the system's account, which is little: what an account proposed is
 * not confirmed there. Throws `proposal-same-person`, `proposal-own-account`, `proposal-page-only`.
 */
export async function mustBeAnother(tx: StoreTx, proposal: ProposalRow, actor: Actor): Promise<void> {
  const { id, proposerKind, proposerId, proposerName, proposedAt } = proposal;
  const facts = { proposal: id, person: proposerName };
  if (proposerKind === 'account' && actor.kind !== 'account')
    throw permanent('proposal-page-only', { facts });
  const isSame =
    proposerKind === 'account'
      ? proposerId === actor.id
      : proposerId === actor.id || samePerson(proposerName) === samePerson(actor.name);
  if (isSame) throw permanent('proposal-same-person', { facts });
  const since = proposedAt - openedLatelyMs;
  for (const action of openings) {
    const lines = await tx.audit.find(
      { actor: proposerName, action, since },
      Number.MAX_SAFE_INTEGER,
      looked,
    );
    if (lines.some(({ actorId, subject }) => actorId === proposerId && subject === actor.id))
      throw permanent('proposal-own-account', { facts });
  }
}
