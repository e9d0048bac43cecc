import type { StoreTx } from '../store/store.ts';

/** Staged records and envelopes of an export that waits for nothing any more. */
export async function settleExport(tx: StoreTx, id: string): Promise<void> {
  await tx.exports.unstage(id);
  for (const envelope of await tx.inbox.ofExport(id)) {
    if (envelope.state === 'opened') await tx.inbox.setState(envelope.id, 'done');
  }
}
