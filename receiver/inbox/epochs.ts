import { permanent } from '../../shared/runtime/errors.ts';
import type { StoreTx } from '../store/store.ts';
import { headOf } from './intake.ts';

/** How many epochs a copy of the receiver may lack. */
const epochsForgotten = 1000;

/**
 * A restored agent cannot know what it had sent since its backup: it opens the next epoch, whose first envelope chains
 * from the receiver's head. Asking again before anything was sent in it is answered the same.
 */
export async function openEpoch(
  tx: StoreTx,
  agent: string,
  { feed, epoch }: { readonly feed: string; readonly epoch: number },
): Promise<{ readonly feed: string; readonly epoch: number; readonly prev: string }> {
  const head = await headOf(tx, agent, feed);
  if (epoch === head.epoch && head.seq === 0) return { feed, epoch, prev: head.digest };
  // Restored itself, the receiver may not know the last ones that the agent had opened.
  if (epoch <= head.epoch || epoch > head.epoch + epochsForgotten)
    throw permanent('ledger-epoch-refused', { facts: { epoch, open: head.epoch } });
  await tx.inbox.putHead({ agent, feed, epoch, seq: 0, digest: head.digest });
  return { feed, epoch, prev: head.digest };
}
