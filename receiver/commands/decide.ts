import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso } from '../../shared/runtime/paris-time.ts';
import { createDecider, type DecisionResult, type DecisionTarget } from '../apply/decide.ts';
import { dispatchTargets } from '../forward/targets.ts';
import type { Store } from '../store/store.ts';
import { receiptSigner, say, withStore, type CommandAnswer, type CommandContext } from './command.ts';

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A person's word on what was held: an export by its id, or one day of a part as `facility:part:yyyy-mm-dd`. */
export async function decide(
  { config, language, clock, random }: CommandContext,
  { target, decision }: { readonly target: string; readonly decision: string },
): Promise<CommandAnswer> {
  if (decision !== 'confirm' && decision !== 'keep')
    throw permanent('command-invalid', { facts: { detail: `confirm | keep (${decision})` } });
  const sign = await receiptSigner(config, clock);
  const results = await withStore(config, async (store) => {
    const decider = createDecider({
      ...{ store, clock, random, sign, targets: await dispatchTargets(config.destinations) },
    });
    const taken: DecisionResult[] = [];
    for (const each of await targetsOf(store, target)) taken.push(await decider.decide(each, decision));
    return taken;
  });
  const sum = (count: (result: DecisionResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const facts = {
    count: results.length,
    removed: sum(({ removed }) => removed),
    dispatches: sum(({ dispatches }) => dispatches.length),
  };
  return { document: { decision, target, results }, lines: [say(language, 'decided', facts)] };
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
