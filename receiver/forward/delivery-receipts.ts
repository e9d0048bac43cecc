import type { DeliveryReceipt } from '../../shared/protocol/receipts.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { DispatchRow, ExportRow, StoreTx } from '../store/store.ts';

/** A receipt about to be signed, as the receipt table takes it. */
export interface SignedFor {
  readonly agent: string;
  readonly text: string;
  readonly kind: string;
  readonly export: string;
  readonly envelope: null;
}

/**
 * Who hears that a dispatch left: the agent of the export that made it; for one composed by a person's decision, the
 * agent of each part it shows, under that part's latest export.
 */
export async function deliveryReceipts(
  tx: StoreTx,
  dispatch: DispatchRow,
  at: number,
  random: Random,
): Promise<readonly SignedFor[]> {
  return (await exportsConcerned(tx, dispatch)).map((row) => {
    const claims: DeliveryReceipt = {
      ...{ v: 1, id: random.uuid(at), agent: row.agent, at, kind: 'forwarded' },
      ...{ export: row.id, feed: row.feed, facility: row.facility, part: row.part },
      ...{ dispatch: dispatch.name, destination: dispatch.destination, code: null },
    };
    return {
      agent: row.agent,
      text: JSON.stringify(claims),
      kind: 'forwarded',
      export: row.id,
      envelope: null,
    };
  });
}

const recentExports = 1000;

async function exportsConcerned(tx: StoreTx, dispatch: DispatchRow): Promise<readonly ExportRow[]> {
  if (dispatch.export !== null) {
    const row = await tx.exports.get(dispatch.export);
    return row === undefined ? [] : [row];
  }
  const recent = await tx.exports.recent(recentExports);
  const latest = new Map<string, ExportRow>();
  for (const row of recent) {
    if (row.facility !== dispatch.facility || row.feed !== dispatch.feed || row.outcome === null) continue;
    const known = latest.get(row.part);
    if (known === undefined || known.reception < row.reception) latest.set(row.part, row);
  }
  return [...latest.values()];
}
