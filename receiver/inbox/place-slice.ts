import { manifest as manifestSchema, type Manifest } from '../../shared/protocol/slice.ts';
import { asFault, permanent, systemCode, type Fault } from '../../shared/runtime/errors.ts';
import { applyExport, type ApplyDeps, type ExportOutcome } from '../apply/apply-export.ts';
import { contentOf, stagedContent, type Incoming } from '../apply/content.ts';
import { settleExport } from '../apply/settle-export.ts';
import { rejectedDraft, type Draft } from '../apply/receipts.ts';
import { leaveOut } from '../retention/leave-out.ts';
import type { ExportRow } from '../store/export-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { OpenedSlice } from './open-slice.ts';

export interface PlaceDeps extends ApplyDeps {
  readonly now: number;
}

export interface Placed {
  readonly receipts: readonly Draft[];
  readonly outcome?: ExportOutcome;
  /** Why the envelope, or its whole export, was refused. */
  readonly refusal?: { readonly code: string; readonly export: string | null };
}

type Slice = Extract<OpenedSlice, { kind: 'slice' }>;

/**
 * Puts one opened envelope where it belongs: refused, staged until its export is complete, or applied with it. A fault in
 * one export undoes that export only, and the receipt says so; a fault of the store itself is thrown.
 */
export async function placeSlice(tx: StoreTx, opened: OpenedSlice, deps: PlaceDeps): Promise<Placed> {
  const current = await tx.inbox.byId(opened.row.id);
  if (current?.state !== 'stored') return { receipts: [] };
  if (opened.kind === 'fault') return refuse(tx, opened, opened.fault, opened.export, deps);
  const exportId = opened.slice.head.export;
  try {
    return await tx.savepoint(() => place(tx, opened, deps));
  } catch (error) {
    if (isStoreFault(error)) throw error;
    return refuse(tx, opened, asFault(error), exportId, deps);
  }
}

/** The disk or the database, not what came: the whole group must be tried again. */
function isStoreFault(error: unknown): boolean {
  const code = systemCode(error) ?? '';
  if (code.startsWith('SQLITE_')) return !code.startsWith('SQLITE_CONSTRAINT');
  return code === 'ENOSPC' || code === 'EDQUOT' || asFault(error).class !== 'permanent';
}

async function place(tx: StoreTx, opened: Slice, deps: PlaceDeps): Promise<Placed> {
  const { row, slice } = opened;
  const before = await exportOf(tx, opened);
  const manifest = slice.manifest ?? readManifest(before);
  await tx.inbox.setState(row.id, 'opened', { export: before.id, slice: slice.head.slice });
  const change = {
    slicesSeen: before.slicesSeen + 1,
    ...(slice.manifest === null
      ? {}
      : { manifest: JSON.stringify(slice.manifest), digest: slice.manifest.digest }),
  };
  const after = { ...before, ...change };
  await tx.exports.update(before.id, change);
  await addTotals(tx, before.id, opened.totals);
  const { export: id, facility } = slice.head;
  const records = await leaveOut(tx, {
    ...{ envelope: row.id, export: id, facility, feed: row.feed, records: opened.records, now: deps.now },
  });
  if (manifest?.slices === 1) return apply(tx, after, manifest, { ...opened, records }, deps);

  await tx.exports.stage(before.id, records);
  if (manifest === null || after.slicesSeen < manifest.slices) return { receipts: [] };
  return apply(tx, after, manifest, { ...opened, records: null }, deps);
}

/** The row of the slice's export: a new one, or the one it fits. */
async function exportOf(tx: StoreTx, { row, slice }: Slice): Promise<ExportRow> {
  const { export: id, facility, part, source, slice: number } = slice.head;
  const total = slice.manifest?.slices;
  // The manifest travels in the last slice, and only there.
  if (total !== undefined && total !== number) throw permanent('slice-does-not-fit');
  const known = await tx.exports.get(id);
  if (known === undefined) {
    const reception = await tx.exports.nextReception();
    const fresh: ExportRow = {
      ...{
        id,
        agent: row.agent,
        facility,
        feed: row.feed,
        part,
        source,
        receivedAt: row.receivedAt,
        reception,
      },
      ...{ slicesSeen: 0, manifest: null, digest: null, state: 'receiving', extract: null, outcome: null },
    };
    await tx.exports.put(fresh);
    return fresh;
  }
  const fits =
    known.agent === row.agent &&
    known.facility === facility &&
    known.feed === row.feed &&
    known.part === part &&
    known.source === source;
  if (!fits) throw permanent('slice-does-not-fit');
  if (known.state !== 'receiving') throw permanent('export-settled');
  const last = total ?? readManifest(known)?.slices;
  const others = (await tx.inbox.ofExport(id)).map((envelope) => envelope.slice ?? 0);
  if (others.includes(number)) throw permanent('slice-repeated');
  if (last !== undefined && Math.max(number, ...others) > last) throw permanent('slice-does-not-fit');
  return known;
}

export function readManifest({ manifest }: ExportRow): Manifest | null {
  return manifest === null ? null : manifestSchema.parse(JSON.parse(manifest));
}

async function addTotals(tx: StoreTx, id: string, totals: Readonly<Record<string, number>>): Promise<void> {
  const known = await tx.exports.findings(id);
  const sums: Record<string, number> = { ...known.totals };
  for (const [rule, count] of Object.entries(totals)) sums[rule] = (sums[rule] ?? 0) + count;
  await tx.exports.putFindings(id, known.listed, sums);
}

async function apply(
  tx: StoreTx,
  row: ExportRow,
  manifest: Manifest,
  { feed, records }: Pick<Slice, 'feed'> & { readonly records: readonly Incoming[] | null },
  deps: PlaceDeps,
): Promise<Placed> {
  const content = records === null ? await stagedContent(tx.exports, row.id, feed) : contentOf(records);
  const outcome = await applyExport(tx, { row, manifest, feed, content, now: deps.now }, deps);
  if (outcome.settled) await settleExport(tx, row.id);
  // It waits for a decision or a registration: what was in memory must be found again.
  else if (records !== null) await tx.exports.stage(row.id, records);
  return { receipts: outcome.receipts, outcome };
}

/** The envelope is refused, and with it the export it belongs to, as long as that was still being received. */
async function refuse(
  tx: StoreTx,
  { row }: OpenedSlice,
  { code }: Fault,
  exportId: string | null,
  { random, now }: PlaceDeps,
): Promise<Placed> {
  const paper = { random, now };
  const known = exportId === null ? undefined : await tx.exports.get(exportId);
  const isOwn = known !== undefined && known.agent === row.agent && known.state === 'receiving';
  await tx.inbox.setState(row.id, 'refused');
  if (known !== undefined && isOwn) {
    await tx.exports.unstage(known.id);
    for (const envelope of await tx.inbox.ofExport(known.id)) await tx.inbox.setState(envelope.id, 'refused');
    await tx.exports.update(known.id, { state: 'rejected' });
  }
  const said = { export: exportId, envelope: row.id, code };
  return { receipts: [rejectedDraft(paper, row.agent, said)], refusal: { code, export: exportId } };
}

/** Exports that waited for their facility, applied now that it is registered. Answers what came of each. */
export async function retryWaiting(
  tx: StoreTx,
  rows: readonly ExportRow[],
  feeds: (name: string) => Slice['feed'] | undefined,
  deps: PlaceDeps,
): Promise<readonly Placed[]> {
  const results: Placed[] = [];
  for (const row of rows) {
    const feed = feeds(row.feed);
    const manifest = readManifest(row);
    if (feed === undefined || manifest === null) continue;
    try {
      const placed = await tx.savepoint(
        () => apply(tx, row, manifest, { feed, records: null }, deps),
        ({ outcome }) => outcome?.state === 'waiting',
      );
      if (placed.outcome?.state !== 'waiting') results.push(placed);
    } catch (error) {
      if (isStoreFault(error)) throw error;
      const { code } = asFault(error);
      const envelope = (await tx.inbox.ofExport(row.id))[0]?.id;
      await tx.exports.update(row.id, { state: 'rejected' });
      await settleExport(tx, row.id);
      if (envelope === undefined) continue;
      const receipt = rejectedDraft(deps, row.agent, { export: row.id, envelope, code });
      results.push({ receipts: [receipt], refusal: { code, export: row.id } });
    }
  }
  return results;
}
