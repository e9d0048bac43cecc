import { hash } from 'node:crypto';
import type { ReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import type { Store } from '../store/store.ts';
import { deletionRecord, firstPrev } from './deletion-record.ts';

export interface DeletionsVerdict {
  /** Records that hold, from the first. */
  readonly records: number;
  /** The first that does not: missing, altered, or not signed by the region. */
  readonly broken: number | null;
}

const page = 500;

/** Every record of a deletion, with public keys only: signed, and none missing between the first and the last. */
export async function verifyDeletions(
  store: Store,
  verifier: Pick<ReceiptVerifier, 'covers'>,
): Promise<DeletionsVerdict> {
  let [records, prev] = [0, firstPrev];
  for (;;) {
    const after = records;
    const rows = await store.read((tx) => tx.retention.deletions(after, page));
    for (const { seq, text, proof } of rows) {
      const said = deletionRecord.safeParse(parsed(text));
      const isNext = seq === records + 1 && said.success && said.data.seq === seq && said.data.prev === prev;
      if (!isNext || !(await verifier.covers(text, proof))) return { records, broken: records + 1 };
      records = seq;
      prev = hash('sha256', text, 'hex');
    }
    if (rows.length < page) return { records, broken: null };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
