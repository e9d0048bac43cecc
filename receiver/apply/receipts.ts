import type { ProcessedReceipt, Receipt } from '../../shared/protocol/receipts.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { DispatchRow } from '../store/dispatch-table.ts';
import type { ExportRow } from '../store/export-tables.ts';
import type { StoreTx } from '../store/store.ts';

/** A receipt that waits for the signature of its group. */
export interface Draft {
  readonly agent: string;
  readonly kind: Receipt['kind'];
  readonly export: string | null;
  readonly envelope: string | null;
  readonly text: string;
}

export type SignReceipts = (texts: readonly string[]) => Promise<string>;

export interface ReceiptPaper {
  readonly random: Random;
  readonly now: number;
}

type Said<Kind extends Receipt['kind'], Given extends PropertyKey> = Omit<
  Extract<Receipt, { kind: Kind }>,
  'v' | 'id' | 'at' | 'agent' | 'kind' | Given
>;
type ExportNames = 'export' | 'feed' | 'facility' | 'part';

export function processedDraft(
  paper: ReceiptPaper,
  row: ExportRow,
  said: Said<'processed', ExportNames>,
): Draft {
  return draft(paper, row.agent, { kind: 'processed', ...namesOf(row), ...said }, row.id, null);
}

export function decidedDraft(paper: ReceiptPaper, row: ExportRow, said: Said<'decided', ExportNames>): Draft {
  return draft(paper, row.agent, { kind: 'decided', ...namesOf(row), ...said }, row.id, null);
}

export function rejectedDraft(paper: ReceiptPaper, agent: string, said: Said<'rejected', never>): Draft {
  return draft(paper, agent, { kind: 'rejected', ...said }, said.export, said.envelope);
}

function namesOf({ id, feed, facility, part }: ExportRow): Pick<ProcessedReceipt, ExportNames> {
  return { export: id, feed, facility, part };
}

function draft(
  { random, now }: ReceiptPaper,
  agent: string,
  said: { readonly kind: Receipt['kind'] },
  exportId: string | null,
  envelope: string | null,
): Draft {
  const text = JSON.stringify({ v: 1, id: random.uuid(now), agent, at: now, ...said });
  return { agent, kind: said.kind, export: exportId, envelope, text };
}

const listedDispatches = 2000;

export function dispatchesOnReceipt(
  rows: readonly Pick<DispatchRow, 'name' | 'from' | 'to' | 'destination'>[],
): ProcessedReceipt['dispatches'] {
  return rows.slice(-listedDispatches).map(({ name, from, to, destination }) => ({
    name,
    from: dayToIso(from),
    to: dayToIso(to),
    destination,
  }));
}

/** One signature for the whole group, inside the transaction that did what the receipts say. */
export async function issueReceipts(
  tx: StoreTx,
  drafts: readonly Draft[],
  sign: SignReceipts,
): Promise<void> {
  for (let from = 0; from < drafts.length; from += receiptsPerProof) {
    const group = drafts.slice(from, from + receiptsPerProof);
    await tx.receipts.put(await sign(group.map(({ text }) => text)), group);
  }
}

/** As many digests as a proof may carry. */
const receiptsPerProof = 4096;
