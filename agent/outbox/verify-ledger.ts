import type { KeyObject } from 'node:crypto';
import { parseEnvelope, verifyEnvelope } from '../../shared/envelope/open.ts';
import type { ReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import type { Receipt } from '../../shared/protocol/receipts.ts';
import type { Backlog, FeedBacklog } from './backlog.ts';
import type { AgentDatabase } from './database.ts';
import type { ExportBook } from './export-book.ts';
import { envelopeSql } from './queries.ts';
import type { EnvelopeRow } from './rows.ts';
import type { LedgerFault } from './ledger-fault.ts';
import { lostCode } from './lost-code.ts';
import { verifyOutcomes } from './verify-outcomes.ts';

export interface LedgerProof {
  readonly envelopes: number;
  readonly receipts: number;
  /** Retained contents whose digest and signature were computed again. */
  readonly contents: number;
  readonly faults: readonly LedgerFault[];
}

const page = 500;

/**
 * Proves with public keys alone that no envelope is missing, altered or added: per feed and epoch, sequences follow without a
 * gap, each names the digest before it, every accepted one has a receipt signed by the region, and the head is the receiver's.
 */
export async function verifyLedgers(deps: {
  readonly database: AgentDatabase;
  readonly backlog: Backlog;
  readonly exports: ExportBook;
  readonly verifyReceipt: ReceiptVerifier['verify'];
  /** Of the seal certificate with this fingerprint, in force now or once. */
  readonly sealKey: (fingerprint: string) => KeyObject | undefined;
}): Promise<LedgerProof> {
  const faults: LedgerFault[] = [];
  const counts = { envelopes: 0, receipts: 0, contents: 0 };
  const heads = new Map(deps.backlog.byFeed().map((ledger) => [ledger.feed, ledger]));
  for (const { feed, epoch, prev, first } of deps.backlog.epochs()) {
    const head = heads.get(feed);
    const current = head?.epoch === epoch ? head : undefined;
    const found = await verifyEpoch(deps, { feed, epoch, prev, first }, current, counts);
    faults.push(...found);
  }
  for (const { feed, epoch } of deps.database.all<{ feed: string; epoch: number }>(envelopeSql.unknownEpochs))
    faults.push({ feed, epoch, seq: 0, code: 'epoch-unknown' });
  // A receipt proves that its envelope was there.
  const orphans = deps.database.get<{ n: number }>(envelopeSql.receiptsWithoutEnvelope)?.n ?? 0;
  if (orphans > 0) faults.push({ feed: '', epoch: 0, seq: orphans, code: 'envelope-missing' });
  const outcomes = await verifyOutcomes({ ...deps, prove: (text, jws) => proven(deps, text, jws) });
  counts.receipts += outcomes.receipts;
  faults.push(...outcomes.faults);
  return { ...counts, faults };
}

async function verifyEpoch(
  deps: Parameters<typeof verifyLedgers>[0],
  start: { readonly feed: string; readonly epoch: number; readonly prev: string; readonly first: number },
  head: FeedBacklog | undefined,
  counts: { envelopes: number; receipts: number; contents: number },
): Promise<readonly LedgerFault[]> {
  const { feed, epoch } = start;
  const faults: LedgerFault[] = [];
  const fault = (seq: number, code: LedgerFault['code']): void =>
    void faults.push({ feed, epoch, seq, code });
  let last = { seq: start.first - 1, digest: start.prev };
  for (;;) {
    const rows = deps.database.all<EnvelopeRow>(envelopeSql.ledgerPage, feed, epoch, last.seq, page);
    for (const row of rows) {
      counts.envelopes += 1;
      if (row.seq !== last.seq + 1) fault(last.seq + 1, 'sequence-gap');
      else if (row.prev !== last.digest) fault(row.seq, 'chain-broken');
      if (head?.receiverSeq === row.seq && head.receiverDigest !== row.digest)
        fault(row.seq, 'receiver-head-differs');
      if (!(await contentHolds(deps, row, counts))) fault(row.seq, 'content-altered');
      if (row.state === 'accepted') {
        const receipt = await receiptFault(deps, row, counts);
        if (receipt !== undefined) fault(row.seq, receipt);
      }
      last = row;
    }
    if (rows.length < page) break;
  }
  if (head !== undefined && (head.seq !== last.seq || head.digest !== last.digest))
    fault(last.seq + 1, 'tail-missing');
  return faults;
}

async function contentHolds(
  deps: Parameters<typeof verifyLedgers>[0],
  row: EnvelopeRow,
  counts: { contents: number },
): Promise<boolean> {
  const content = deps.database.get<{ content: Buffer }>(envelopeSql.content, row.n)?.content;
  if (content === undefined)
    return (
      // A place declared lost by a repair is explained by its tombstone.
      (row.state === 'accepted' || (row.state === 'dead' && row.code === lostCode)) &&
      deps.database.get<{ purged: number }>(envelopeSql.isPurged, row.n)?.purged === 1
    );
  counts.contents += 1;
  try {
    const parsed = parseEnvelope(content);
    const { id, seq, prev, signer } = parsed.header;
    const sealKey = deps.sealKey(signer);
    if (parsed.digest !== row.digest || id !== row.id || seq !== row.seq || prev !== row.prev) return false;
    return sealKey !== undefined && (await verifyEnvelope(parsed, sealKey));
  } catch {
    return false;
  }
}

async function receiptFault(
  deps: Parameters<typeof verifyLedgers>[0],
  row: EnvelopeRow,
  counts: { receipts: number },
): Promise<LedgerFault['code'] | undefined> {
  const kept = deps.exports.storedReceipt(row.id);
  if (kept === undefined) return 'receipt-missing';
  counts.receipts += 1;
  const receipt = await proven(deps, kept.text, kept.jws);
  return receipt?.kind === 'stored' &&
    receipt.envelope === row.id &&
    receipt.digest === row.digest &&
    receipt.seq === row.seq &&
    receipt.epoch === row.epoch
    ? undefined
    : 'receipt-invalid';
}

async function proven(
  { verifyReceipt }: Parameters<typeof verifyLedgers>[0],
  text: string,
  jws: string,
): Promise<Receipt | undefined> {
  try {
    return await verifyReceipt(text, jws);
  } catch {
    return undefined;
  }
}
