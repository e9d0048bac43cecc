import { reaches, type Reach } from '../../accounts/profile.ts';
import { composedName } from '../../forward/parcel.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import type { ExportRow } from '../../store/export-tables.ts';
import type { StoreTx } from '../../store/store.ts';

/** What a search finds within a reach; one thing alone is gone to at once. */
export interface BatchSearch {
  readonly batches: readonly FoundBatch[];
  readonly facilities: readonly { readonly finess: string; readonly name: string }[];
  /** More of either than are listed. */
  readonly more: boolean;
}

export type FoundBatch = Pick<ExportRow, 'id' | 'facility' | 'receivedAt' | 'state'>;

const most = 20;
const longest = 200;

/** Never a pattern of the text's own making: it is compared, not interpreted. */
export async function findBatches(tx: StoreTx, reach: Reach, text: string): Promise<BatchSearch> {
  const wanted = text.trim().slice(0, longest);
  if (wanted === '') return { batches: [], facilities: [], more: false };
  const batches = await batchesNamed(tx, reach, wanted);
  const facilities = (await tx.facilities.list())
    .filter(({ finess }) => reaches(reach, finess))
    .filter(
      ({ finess, name }) => finess === wanted.replace(/\s/g, '') || plain(name).includes(plain(wanted)),
    );
  return {
    batches: batches.slice(0, most),
    facilities: facilities.slice(0, most).map(({ finess, name }) => ({ finess, name })),
    more: batches.length > most || facilities.length > most,
  };
}

/** Small letters without accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[’]/g, "'").toLowerCase();
}

async function batchesNamed(tx: StoreTx, reach: Reach, wanted: string): Promise<readonly FoundBatch[]> {
  const ids = new Set<string>();
  const id = wanted.toLowerCase();
  if (/^[0-9a-f][0-9a-f-]{5,35}$/.test(id)) {
    for (const row of await tx.listings.exportsByPrefix(id, most + 1)) ids.add(row.id);
    for (const row of await tx.listings.exportsOfEnvelopes(id, most + 1)) ids.add(row);
  }
  const dispatches = [
    ...(await tx.dispatches.byName(wanted)),
    ...(composedName(wanted) === wanted ? [] : await tx.dispatches.byName(composedName(wanted))),
  ];
  for (const row of dispatches) for (const source of await sourcesOf(tx, row)) ids.add(source);
  const found: FoundBatch[] = [];
  for (const each of ids) {
    const row = await tx.exports.get(each);
    if (row !== undefined && reaches(reach, row.facility)) found.push(row);
  }
  return found;
}

async function sourcesOf(tx: StoreTx, row: DispatchRow): Promise<readonly string[]> {
  return row.export === null ? tx.dispatches.sources(row.id) : [row.export];
}
