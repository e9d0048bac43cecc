import { permanent } from '../../../shared/runtime/errors.ts';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import type { AgencyAnswer } from '../destination.ts';
import { stateFacts } from '../find-dispatch.ts';
import { recordAnswers, type AnswerDeps } from './record-answers.ts';

/**
 * An agency's person answers on a page: the answer, its signed receipts and its line in the audit log, all or nothing. The
 * same answer again changes and tells nothing. Throws `dispatch-not-sent` for a file that never left.
 */
export async function answerByHand(
  { store, clock, random, sign }: AnswerDeps,
  actor: Actor,
  { destination, name, facility, records, digest }: DispatchRow,
  said: AgencyAnswer,
): Promise<{ readonly changed: boolean }> {
  return store.transaction(async (tx) => {
    const now = clock.now();
    const { receipts, changed, unknown } = await recordAnswers(tx, destination, [{ name, ...said }], {
      now,
      random,
    });
    if (unknown.length > 0)
      throw permanent('dispatch-not-sent', { facts: { destination, file: name, ...stateFacts('waiting') } });
    if (receipts.length > 0) await tx.receipts.put(await sign(receipts.map(({ text }) => text)), receipts);
    if (changed.length > 0)
      await appendAudit(tx, clock, actor, {
        action: said.verdict === 'acknowledged' ? 'delivery.acknowledge' : 'delivery.refuse',
        ...{ subject: name, destination, facility },
        ...(said.code === null ? {} : { reason: said.code }),
        facts: { records, digest },
      });
    return { changed: changed.length > 0 };
  });
}
