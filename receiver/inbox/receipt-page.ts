import type { ReceiptPage } from '../../shared/protocol/receipts.ts';
import type { Store } from '../store/store.ts';

const pageReceipts = 200;
const pageBytes = 2 * 1024 * 1024;

/** What an agent has not seen yet of the receipts written for it, a page at a time, with the proofs that cover them. */
export function receiptsAfter(store: Store, agent: string, after: number): Promise<ReceiptPage> {
  return store.read(async (tx) => {
    const found = await tx.receipts.after(agent, after, pageReceipts + 1);
    const receipts: ReceiptPage['receipts'] = [];
    let bytes = 0;
    for (const each of found.slice(0, pageReceipts)) {
      bytes += each.text.length;
      if (receipts.length > 0 && bytes > pageBytes) break;
      receipts.push(each);
    }
    const proofs = await tx.receipts.proofs([...new Set(receipts.map(({ proof }) => proof))]);
    return {
      receipts,
      proofs: [...proofs],
      cursor: receipts.at(-1)?.cursor ?? after,
      more: receipts.length < found.length,
    };
  });
}
