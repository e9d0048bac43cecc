import { manifest } from '../../../shared/protocol/slice.ts';
import { processedReceipt } from '../../../shared/protocol/receipts.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { DeliveryState } from '../../store/dispatch-table.ts';
import type { ExportRow, ExportState } from '../../store/export-tables.ts';
import type { StoreTx } from '../../store/store.ts';

/** One export of a facility, in counts. */
export interface SeenExport {
  readonly id: string;
  readonly part: string;
  readonly receivedAt: number;
  readonly state: ExportState;
  /** Undefined until it is applied. */
  readonly result: 'applied' | 'held' | 'duplicate' | undefined;
  readonly from: Day | undefined;
  readonly to: Day | undefined;
  readonly records: number | undefined;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly flagged: number;
  /** Of the files composed of it. */
  readonly deliveries: readonly DeliveryState[];
}

/** Rows read at once, and how often: a feed that comes every minute must not make the page long. */
const [rowsAtOnce, mostPages] = [200, 5] as const;

/** Of one feed, received in [from, to), the latest first, as far as `enough` says. */
export async function readExports(
  tx: StoreTx,
  { facility, feed, from, to }: { facility: string; feed: string; from: number; to: number },
  limit: number,
): Promise<readonly ExportRow[]> {
  const found: ExportRow[] = [];
  let after: { readonly receivedAt: number; readonly reception: number } | undefined;
  for (let page = 0; page < mostPages && found.length < limit; page += 1) {
    const query = { facilities: [facility], from, to, after, limit: rowsAtOnce };
    const rows = await tx.listings.exports(query);
    found.push(...rows.filter((row) => row.feed === feed));
    after = rows.at(-1);
    if (rows.length < rowsAtOnce) break;
  }
  return found.slice(0, limit);
}

export async function seenExport(tx: StoreTx, row: ExportRow): Promise<SeenExport> {
  const outcome = row.outcome === null ? undefined : processedReceipt.safeParse(JSON.parse(row.outcome)).data;
  const { totals } = await tx.exports.findings(row.id);
  const { from, to, records } = windowOf(row);
  return {
    ...{ id: row.id, part: row.part, receivedAt: row.receivedAt, state: row.state, from, to },
    ...{ result: outcome?.result, records: outcome?.accepted ?? records },
    ...{ added: outcome?.added ?? 0, updated: outcome?.updated ?? 0, removed: outcome?.removed ?? 0 },
    flagged: Object.values(totals).reduce((sum, count) => sum + count, 0),
    deliveries: (await tx.dispatches.ofExport(row.id)).map(({ state }) => state),
  };
}

/** The days that its header declares; none in a file without one. */
export function windowOf({ manifest: text }: ExportRow): {
  readonly from: Day | undefined;
  readonly to: Day | undefined;
  readonly records: number | undefined;
} {
  const read = text === null ? undefined : manifest.safeParse(JSON.parse(text)).data;
  return {
    from: dayFromIso(read?.window?.from ?? ''),
    to: dayFromIso(read?.window?.to ?? ''),
    records: read?.records,
  };
}
