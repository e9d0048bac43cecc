import {
  processedReceipt,
  receipt,
  type ProcessedReceipt,
  type Receipt,
} from '../../../shared/protocol/receipts.ts';
import { manifest as manifestForm, type Manifest } from '../../../shared/protocol/slice.ts';
import type { Finding } from '../../../shared/feeds/feed.ts';
import { reaches } from '../../accounts/profile.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import type { DayChange, ExportCursor } from '../../store/listing-tables.ts';
import type { ExportRow, ExportState } from '../../store/export-tables.ts';
import type { EnvelopeRow, StoreTx } from '../../store/store.ts';
import { findBatches, type BatchSearch } from './batch-search.ts';
import type { ViewReach } from './reach.ts';

/** Batches of the facilities within the viewer's reach. */
export interface BatchReads {
  page(query: BatchQuery): Promise<BatchPage>;
  /** What a text names: an id or its start, a dispatch, a FINESS, a facility's name. */
  find(text: string): Promise<BatchSearch>;
  batch(id: string): Promise<BatchFacts | undefined>;
  /** Receipts as they were signed, with the proofs that cover them. */
  signedReceipts(id: string): Promise<SignedReceipts | undefined>;
  facilityNames(): Promise<ReadonlyMap<string, string>>;
}

export interface BatchQuery {
  readonly facility?: string | undefined;
  readonly state?: ExportState | undefined;
  /** Received in [from, to), epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly after?: ExportCursor | undefined;
  readonly limit: number;
}

export interface BatchPage {
  readonly batches: readonly BatchLine[];
  /** Undefined: these are the last ones. */
  readonly next: ExportCursor | undefined;
}

export interface BatchLine {
  readonly row: ExportRow;
  readonly facilityName: string | undefined;
  readonly manifest: Manifest | undefined;
  readonly outcome: ProcessedReceipt | undefined;
  readonly dispatches: readonly DispatchRow[];
}

export interface BatchFacts extends BatchLine {
  readonly agentName: string | undefined;
  readonly envelopes: readonly EnvelopeRow[];
  /** In the order of their signing. */
  readonly receipts: readonly { readonly cursor: number; readonly receipt: Receipt }[];
  /** It changed nothing, so that what was in force stays: `dispatches` are those. */
  readonly inForce: boolean;
  readonly findings: {
    readonly listed: readonly Finding[];
    readonly totals: Readonly<Record<string, number>>;
  };
  readonly changes: readonly DayChange[] | undefined;
  /** Removals that still wait for a decision, by day. */
  readonly pendingDays: number;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface SignedReceipts {
  readonly receipts: readonly { readonly cursor: number; readonly text: string; readonly proof: number }[];
  readonly proofs: readonly { readonly id: number; readonly jws: string }[];
}

const mostDispatches = 200;

export function createBatchReads(tx: StoreTx, { facilities }: ViewReach): BatchReads {
  const own = async (id: string): Promise<ExportRow | undefined> => {
    const row = await tx.exports.get(id);
    return row !== undefined && reaches(facilities, row.facility) ? row : undefined;
  };
  const names = async (): Promise<ReadonlyMap<string, string>> =>
    new Map(
      (await tx.facilities.list())
        .filter(({ finess }) => reaches(facilities, finess))
        .map(({ finess, name }) => [finess, name]),
    );
  return {
    facilityNames: names,
    page: async ({ facility, limit, ...query }) => {
      const known = await names();
      if (facility !== undefined && !reaches(facilities, facility)) return { batches: [], next: undefined };
      const wanted =
        facility === undefined ? (facilities === 'all' ? undefined : [...facilities]) : [facility];
      const rows = await tx.listings.exports({ ...query, facilities: wanted, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const batches: BatchLine[] = [];
      for (const row of shown) batches.push(await lineOf(tx, row, known.get(row.facility)));
      return { batches, next: rows.length > limit ? shown.at(-1) : undefined };
    },
    find: (text) => findBatches(tx, facilities, text),
    batch: async (id) => {
      const row = await own(id);
      if (row === undefined) return undefined;
      const name = (await tx.facilities.get(row.facility))?.name;
      return factsOf(tx, row, await lineOf(tx, row, name));
    },
    signedReceipts: async (id) => {
      const row = await own(id);
      return row === undefined ? undefined : signedOf(tx, row);
    },
  };
}

async function lineOf(tx: StoreTx, row: ExportRow, facilityName: string | undefined): Promise<BatchLine> {
  const manifest = row.manifest === null ? undefined : manifestForm.safeParse(JSON.parse(row.manifest)).data;
  const outcome = row.outcome === null ? undefined : processedReceipt.safeParse(JSON.parse(row.outcome)).data;
  return { row, facilityName, manifest, outcome, dispatches: await dispatchesOf(tx, row.id) };
}

/** Those it made, and those that a calendar, a decision or a resend made of its records since. */
async function dispatchesOf(tx: StoreTx, id: string): Promise<readonly DispatchRow[]> {
  const found = new Map<number, DispatchRow>();
  for (const each of await tx.dispatches.ofExport(id)) found.set(each.id, each);
  for (const each of await tx.listings.dispatchesFrom(id, mostDispatches)) found.set(each.id, each);
  return [...found.values()].sort((one, other) => one.id - other.id);
}

async function factsOf(tx: StoreTx, row: ExportRow, line: BatchLine): Promise<BatchFacts> {
  const envelopes = await tx.inbox.ofExport(row.id);
  const inForce = line.dispatches.length === 0;
  const dispatches = inForce ? await dispatchesNamed(tx, line.outcome) : line.dispatches;
  const pending = row.state === 'held' ? await tx.removals.ofExport(row.id) : [];
  return {
    ...{ ...line, dispatches, inForce, envelopes, pendingDays: pending.length },
    agentName: (await tx.agents.get(row.agent))?.name,
    receipts: (await tx.receipts.ofExport(row.id)).flatMap(({ cursor, text }) => {
      const { data } = receipt.safeParse(JSON.parse(text));
      return data === undefined ? [] : [{ cursor, receipt: data }];
    }),
    findings: await tx.exports.findings(row.id),
    changes: await tx.listings.changes(row.id),
    ...(await tx.listings.neighbours(row)),
  };
}

async function dispatchesNamed(
  tx: StoreTx,
  outcome: ProcessedReceipt | undefined,
): Promise<readonly DispatchRow[]> {
  const found: DispatchRow[] = [];
  for (const { destination, name } of (outcome?.dispatches ?? []).slice(0, mostDispatches)) {
    const row = await tx.dispatches.named(destination, name);
    if (row !== undefined) found.push(row);
  }
  return found;
}

async function signedOf(tx: StoreTx, { id, agent }: ExportRow): Promise<SignedReceipts> {
  const receipts: SignedReceipts['receipts'][number][] = [];
  for (const { cursor } of await tx.receipts.ofExport(id))
    receipts.push(...(await tx.receipts.after(agent, cursor - 1, 1)));
  const proofs = await tx.receipts.proofs([...new Set(receipts.map(({ proof }) => proof))]);
  return { receipts, proofs };
}
