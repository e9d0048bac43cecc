import type { Receipt } from '../../shared/protocol/receipts.ts';
import type { AgentDatabase } from './database.ts';
import { exportSql } from './queries.ts';
import type { LedgerFault } from './ledger-fault.ts';

const page = 500;

interface KeptRow {
  readonly cursor: number;
  readonly export: string | null;
  readonly kind: string;
  readonly text: string;
  readonly jws: string;
}

/**
 * Every receipt kept is proven by its signature and says what its row says; every outcome that only a receipt can give, and
 * every delivery, still has its receipt.
 */
export async function verifyOutcomes(deps: {
  readonly database: AgentDatabase;
  /** Undefined when the signature does not hold. */
  prove(text: string, jws: string): Promise<Receipt | undefined>;
}): Promise<{ readonly receipts: number; readonly faults: readonly LedgerFault[] }> {
  const { all } = deps.database;
  const delivered = new Set<string>();
  let receipts = 0;
  let unproven = 0;
  for (let after = 0; ;) {
    const rows = all<KeptRow>(exportSql.provenPage, after, page);
    for (const row of rows) {
      receipts += 1;
      after = row.cursor;
      const receipt = await deps.prove(row.text, row.jws);
      if (receipt === undefined || !isOf(receipt, row)) unproven += 1;
      else if ('dispatch' in receipt)
        delivered.add(`${receipt.dispatch} ${receipt.destination} ${receipt.kind}`);
    }
    if (rows.length < page) break;
  }
  const deliveries = all<{ dispatch: string; destination: string; kind: string }>(exportSql.deliveries);
  unproven += deliveries.filter(
    ({ dispatch, destination, kind }) => !delivered.has(`${dispatch} ${destination} ${kind}`),
  ).length;
  unproven += all(exportSql.unproven).length;
  const fault: LedgerFault = { feed: '', epoch: 0, seq: unproven, code: 'outcome-unproven' };
  return { receipts, faults: unproven === 0 ? [] : [fault] };
}

function isOf(receipt: Receipt, row: KeptRow): boolean {
  if (receipt.kind !== row.kind) return false;
  // A rejected envelope that could not be opened names no export: the row has the one it was sealed from.
  return !('export' in receipt) || receipt.export === null || receipt.export === row.export;
}
