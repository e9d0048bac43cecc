import { dayToIso } from '../../shared/runtime/paris-time.ts';
import type { DispatchRow } from '../store/dispatch-table.ts';
import type { ExportRow } from '../store/export-tables.ts';
import type { EnvelopeRow, StoreTx } from '../store/store.ts';

/** What the region knows of an export: ids, counts and times; never a value. */
export interface Trail {
  readonly records: readonly TracedRecord[];
  readonly envelopes: readonly EnvelopeRow[];
  readonly exports: readonly ExportRow[];
  readonly dispatches: readonly TracedDispatch[];
  readonly receipts: readonly unknown[];
}

export interface TracedRecord {
  readonly facility: string;
  readonly feed: string;
  readonly part: string;
  readonly day: string;
  readonly key: string;
  readonly rank: number;
  readonly export: string;
  readonly record: number;
  readonly line: number;
}

export type TracedDispatch = Omit<DispatchRow, 'from' | 'to'> & {
  readonly from: string;
  readonly to: string;
};

const maxRecords = 20;
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The way of an export, found by its id, by one of its envelopes, by a dispatch's name, or by the start of a record's key. */
export async function followTrail(tx: StoreTx, id: string): Promise<Trail> {
  if (uuidForm.test(id)) {
    const envelope = await tx.inbox.byId(id);
    const row = await tx.exports.get(envelope?.export ?? id);
    if (row !== undefined) return trailOfExports(tx, [row], []);
    return { ...nothing, envelopes: envelope === undefined ? [] : [envelope] };
  }
  const dispatches = await tx.dispatches.byName(id);
  if (dispatches.length > 0) return ofDispatches(tx, dispatches);
  if (/^[0-9a-f]{8,32}$/i.test(id)) return ofKey(tx, id.toLowerCase());
  return nothing;
}

const nothing: Trail = { records: [], envelopes: [], exports: [], dispatches: [], receipts: [] };

export async function trailOfExports(
  tx: StoreTx,
  exports: readonly ExportRow[],
  records: readonly TracedRecord[],
): Promise<Trail> {
  const envelopes: EnvelopeRow[] = [];
  const dispatches = new Map<number, DispatchRow>();
  const receipts: unknown[] = [];
  for (const { id } of exports) {
    const ofExport = await tx.inbox.ofExport(id);
    envelopes.push(...ofExport);
    for (const row of await tx.dispatches.ofExport(id)) dispatches.set(row.id, row);
    for (const envelope of ofExport) {
      const stored = await tx.receipts.stored(envelope.id);
      if (stored !== undefined) receipts.push(JSON.parse(stored.text));
    }
    for (const { text } of await tx.receipts.ofExport(id)) receipts.push(JSON.parse(text));
  }
  return { records, envelopes, exports, dispatches: [...dispatches.values()].map(readable), receipts };
}

async function ofDispatches(tx: StoreTx, dispatches: readonly DispatchRow[]): Promise<Trail> {
  const ids = new Set(dispatches.flatMap((row) => (row.export === null ? [] : [row.export])));
  const exports: ExportRow[] = [];
  for (const id of ids) {
    const row = await tx.exports.get(id);
    if (row !== undefined) exports.push(row);
  }
  const found = await trailOfExports(tx, exports, []);
  return { ...found, dispatches: dispatches.map(readable) };
}

async function ofKey(tx: StoreTx, prefix: string): Promise<Trail> {
  const held = await tx.records.findByKeyPrefix(prefix, maxRecords);
  const exports = new Map<string, ExportRow>();
  const dispatches = new Map<number, DispatchRow>();
  for (const { export: id, facility, feed, day } of held) {
    const row = await tx.exports.get(id);
    if (row !== undefined) exports.set(id, row);
    for (const each of await tx.dispatches.inForce(facility, feed, [day])) dispatches.set(each.id, each);
  }
  const records = held.map(({ facility, feed, part, day, key, rank, export: id, record, line }) => ({
    ...{ facility, feed, part, rank, export: id, record, line },
    day: dayToIso(day),
    key: key.toString('hex'),
  }));
  const found = await trailOfExports(tx, [...exports.values()], records);
  return { ...found, dispatches: [...dispatches.values()].map(readable) };
}

function readable(row: DispatchRow): TracedDispatch {
  return { ...row, from: dayToIso(row.from), to: dayToIso(row.to) };
}
