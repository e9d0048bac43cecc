import { decidedDraft, type Draft, type ReceiptPaper } from './receipts.ts';
import type { StoreTx } from '../store/store.ts';

/** An export whose pending removals are all gone waits for nobody any more. */
export async function settleSuperseded(
  tx: StoreTx,
  exports: ReadonlySet<string>,
  paper: ReceiptPaper,
): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  for (const id of exports) {
    const row = await tx.exports.get(id);
    if (row?.state !== 'held' || (await tx.removals.ofExport(id)).length > 0) continue;
    await tx.exports.update(id, { state: 'processed' });
    drafts.push(decidedDraft(paper, row, { decision: 'superseded', removed: 0, pending: 0, dispatches: [] }));
  }
  return drafts;
}
