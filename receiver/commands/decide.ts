import { asFault, permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso } from '../../shared/runtime/paris-time.ts';
import type { Decision, DecisionTarget } from '../apply/carry-out.ts';
import { createDecider, type DecisionResult } from '../apply/decide.ts';
import { propose } from '../apply/proposals.ts';
import { dispatchTargets } from '../forward/targets.ts';
import type { ProposalRow } from '../store/proposal-tables.ts';
import type { Store } from '../store/store.ts';
import { receiptSigner, say, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { commandActor } from './command-actor.ts';
import { proposedLines } from './proposal.ts';

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A person's word on what was held: an export by its id, or one day of a part as `facility:part:yyyy-mm-dd`. What one
 * person may not remove alone becomes a proposal when a reason is given; exit code 1, for nothing is removed yet.
 */
export async function decide(
  { config, language, clock, random }: CommandContext,
  {
    target,
    decision,
    reason,
  }: { readonly target: string; readonly decision: string; readonly reason?: string },
): Promise<CommandAnswer> {
  if (decision !== 'confirm' && decision !== 'keep')
    throw permanent('command-invalid', { facts: { detail: `confirm | keep (${decision})` } });
  const sign = await receiptSigner(config, clock);
  const word = { actor: commandActor(), reason };
  const { taken, proposed } = await withStore(config, async (store) => {
    const deps = { store, clock, random, sign, targets: await dispatchTargets(config.destinations) };
    const decider = createDecider(deps);
    const done: DecisionResult[] = [];
    const proposals: ProposalRow[] = [];
    for (const each of await targetsOf(store, target)) {
      const result = await decider.decide(each, decision, word).catch((error: unknown) => {
        if (reason === undefined || asFault(error).code !== 'decision-second-person') throw error;
        return undefined;
      });
      if (result !== undefined) done.push(result);
      else
        proposals.push(await propose(deps, { ...proposal(each, decision), ...word, reason: reason ?? '' }));
    }
    return { taken: done, proposed: proposals };
  });
  const sum = (count: (result: DecisionResult) => number): number =>
    taken.reduce((total, result) => total + count(result), 0);
  const facts = {
    count: taken.length,
    removed: sum(({ removed }) => removed),
    dispatches: sum(({ dispatches }) => dispatches.length),
  };
  return {
    document: { decision, target, results: taken, proposals: proposed },
    lines: [
      ...(taken.length > 0 ? [say(language, 'decided', facts)] : []),
      ...proposed.flatMap((row) => proposedLines(row, language)),
    ],
    exitCode: proposed.length > 0 ? 1 : 0,
  };
}

function proposal(target: DecisionTarget, decision: Decision) {
  return { target, decision, origin: 'region' as const };
}

/** A day names no feed: it means every open decision of that part and day. */
async function targetsOf(store: Store, target: string): Promise<readonly DecisionTarget[]> {
  if (uuidForm.test(target)) return [{ export: target.toLowerCase() }];
  const [facility, part, dayText, ...rest] = target.split(':');
  const day = dayFromIso(dayText ?? '');
  if (facility === undefined || part === undefined || day === undefined || rest.length > 0)
    throw permanent('command-invalid', { facts: { detail: 'EXPORT | FINESS:PART:YYYY-MM-DD' } });
  const open = await store.read((tx) => tx.removals.open());
  const found = open.filter((each) => each.facility === facility && each.part === part && each.day === day);
  if (found.length === 0) throw permanent('decision-not-open', { facts: { target } });
  return found.map(({ feed }) => ({ facility, feed, part, day }));
}
