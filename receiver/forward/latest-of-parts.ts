import type { ExportRow } from '../store/export-tables.ts';
import type { StoreTx } from '../store/store.ts';

/** Of all facilities: beyond, a part has been silent for long. */
const recentExports = 1000;

/** The latest settled export of each part of a facility's feed. */
export async function latestOfParts(
  tx: StoreTx,
  { facility, feed }: { readonly facility: string; readonly feed: string },
): Promise<readonly ExportRow[]> {
  const latest = new Map<string, ExportRow>();
  for (const row of await tx.exports.recent(recentExports)) {
    if (row.facility !== facility || row.feed !== feed || row.outcome === null) continue;
    const found = latest.get(row.part);
    if (found === undefined || found.reception < row.reception) latest.set(row.part, row);
  }
  return [...latest.values()];
}
