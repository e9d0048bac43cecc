import type { DeliveryReceipt } from '../../../shared/protocol/receipts.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import type { ExportRow } from '../../store/export-tables.ts';
import type { StoreTx } from '../../store/store.ts';
import { latestOfParts } from '../latest-of-parts.ts';

/** A receipt about to be signed, as the receipt table takes it. */
export interface SignedFor {
  readonly agent: string;
  readonly text: string;
  readonly kind: string;
  readonly export: string;
  readonly envelope: null;
}

/**
 * Who hears what became of a dispatch: the agent of the export that made it; for one made by the calendar or a replay,
 * the agents of the exports whose records it shows; for one made by a decision, the agent of each part of the facility, under
 * the export that was the part's latest when it was composed. `code` is the agency's own.
 */
export async function deliveryReceipts(
  tx: StoreTx,
  dispatch: DispatchRow,
  kind: DeliveryReceipt['kind'],
  code: string | null,
  at: number,
  random: Random,
): Promise<readonly SignedFor[]> {
  return (await exportsConcerned(tx, dispatch)).map((row) => {
    const claims: DeliveryReceipt = {
      ...{ v: 1, id: random.uuid(at), agent: row.agent, at, kind },
      ...{ export: row.id, feed: row.feed, facility: row.facility, part: row.part },
      ...{ dispatch: dispatch.name, from: dayToIso(dispatch.from), to: dayToIso(dispatch.to) },
      ...{ destination: dispatch.destination, code },
    };
    return { agent: row.agent, text: JSON.stringify(claims), kind, export: row.id, envelope: null };
  });
}

async function exportsConcerned(tx: StoreTx, dispatch: DispatchRow): Promise<readonly ExportRow[]> {
  if (dispatch.export !== null) return known(tx, [dispatch.export]);
  const sources = await tx.dispatches.sources(dispatch.id);
  return sources.length > 0 ? known(tx, sources) : latestOfParts(tx, dispatch);
}

async function known(tx: StoreTx, ids: readonly string[]): Promise<readonly ExportRow[]> {
  const rows: ExportRow[] = [];
  for (const id of ids) {
    const row = await tx.exports.get(id);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}
