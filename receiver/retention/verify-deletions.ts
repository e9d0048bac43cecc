import { hash } from 'node:crypto';
import { z } from 'zod';
import type { ReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import type { Store, StoreTx } from '../store/store.ts';
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
    if (rows.length < page) break;
  }
  // The journal has a line for each: those at the end cannot be taken away alone.
  const told = await store.read(lastTold);
  return { records, broken: told > records ? records + 1 : null };
}

const tellingActions = ['retention.purge', 'visit.erase'];
const facts = z.object({ record: z.int() });

/** The last record that the journal tells of; 0: none. */
async function lastTold(tx: StoreTx): Promise<number> {
  let last = 0;
  for (const action of tellingActions)
    for (const line of await tx.audit.find({ action }, Number.MAX_SAFE_INTEGER, 1)) {
      const said = facts.safeParse(parsed(line.facts));
      if (said.success) last = Math.max(last, said.data.record);
    }
  return last;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
