import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Feed } from '../../shared/feeds/feed.ts';
import { manifest as manifestSchema } from '../../shared/protocol/slice.ts';
import { processedReceipt, type ProcessedReceipt } from '../../shared/protocol/receipts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { composeDispatches, type Composed, type DispatchTarget } from '../forward/compose.ts';
import type { ExportRow } from '../store/export-tables.ts';
import type { Scope } from '../store/record-scope.ts';
import type { HeldRecord, Removal, StoreTx } from '../store/store.ts';
import { applyExport } from './apply-export.ts';
import { stagedContent } from './content.ts';
import { createDayBook } from './day-book.ts';
import { isNewer } from './order.ts';
import { decidedDraft, dispatchesOnReceipt, type Draft } from './receipts.ts';
import { settleExport } from './settle-export.ts';

/** What a decision does to the store, whoever takes it. */
export type Decision = 'confirm' | 'keep';

/** A held export with all its days, some days of it, or the open decision of one day. */
export type DecisionTarget =
  { readonly export: string; readonly days?: readonly Day[] } | (Scope & { readonly day: Day });

export type OpenDay = Scope & { readonly day: Day };

/** A target as it stands: an export of which nothing is applied yet, or days with suspended removals. */
export type Open =
  | { readonly kind: 'export'; readonly row: ExportRow }
  | { readonly kind: 'days'; readonly days: readonly OpenDay[] };

export interface CarryOutDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly targets: readonly DispatchTarget[];
  readonly feeds?: (name: string) => Feed | undefined;
}

export interface CarriedOut {
  readonly decision: Decision;
  /** Records removed now. */
  readonly removed: number;
  /** Pending removals dropped: kept by decision, or written by something newer. */
  readonly kept: number;
  readonly removedBy: ReadonlyMap<string, number>;
  readonly dispatches: readonly Composed[];
  readonly drafts: readonly Draft[];
}

/** Throws `decision-export-unknown`, `decision-not-open`. */
export async function openTarget(tx: StoreTx, target: DecisionTarget): Promise<Open> {
  if (!('export' in target)) return { kind: 'days', days: [target] };
  const { export: id, days } = target;
  const row = await tx.exports.get(id);
  if (row === undefined) throw permanent('decision-export-unknown', { facts: { export: id } });
  if (row.state !== 'held') throw notOpen(id);
  if (holdOf(row) !== 'removals') {
    if (days !== undefined) throw notOpen(id);
    return { kind: 'export', row };
  }
  const open = await tx.removals.ofExport(id);
  if (days === undefined) return { kind: 'days', days: open };
  const wanted = open.filter(({ day }) => days.includes(day));
  if (wanted.length === 0) throw notOpen(`${id} ${days.map(dayToIso).join(' ')}`);
  return { kind: 'days', days: wanted };
}

export async function carryOut(
  tx: StoreTx,
  deps: CarryOutDeps,
  open: Open,
  decision: Decision,
): Promise<CarriedOut> {
  if (open.kind === 'days') return decideDays(tx, deps, open.days, decision);
  return decision === 'confirm' ? applyHeld(tx, deps, open.row) : dropHeld(tx, open.row, deps);
}

export function holdOf({ outcome }: ExportRow): ProcessedReceipt['hold'] {
  return outcome === null ? null : processedReceipt.parse(JSON.parse(outcome)).hold;
}

function notOpen(target: string): Error {
  return permanent('decision-not-open', { facts: { target } });
}

/** Applies what nothing of has been applied yet: its source becomes the part's, and its removals are executed. */
async function applyHeld(tx: StoreTx, deps: CarryOutDeps, row: ExportRow): Promise<CarriedOut> {
  const feed = (deps.feeds ?? feedNamed)(row.feed);
  if (feed === undefined || row.manifest === null) throw notOpen(row.id);
  const now = deps.clock.now();
  const outcome = await applyExport(
    tx,
    {
      ...{ row, feed, now, confirmed: true },
      manifest: manifestSchema.parse(JSON.parse(row.manifest)),
      content: await stagedContent(tx.exports, row.id, feed),
    },
    deps,
  );
  const { removed } = outcome.counts;
  await settleExport(tx, row.id);
  const draft = decidedDraft({ random: deps.random, now }, row, {
    ...{ decision: 'confirmed', removed, pending: 0, dispatches: dispatchesOnReceipt(outcome.composed) },
  });
  return {
    ...{ decision: 'confirm', removed, kept: 0, dispatches: outcome.composed },
    removedBy: new Map([[row.id, removed]]),
    drafts: [...outcome.receipts, draft],
  };
}

async function dropHeld(tx: StoreTx, row: ExportRow, deps: CarryOutDeps): Promise<CarriedOut> {
  // Not `processed`: nothing of it was applied, so the same file sent again is no duplicate.
  await tx.exports.update(row.id, { state: 'rejected' });
  await settleExport(tx, row.id);
  const draft = decidedDraft({ random: deps.random, now: deps.clock.now() }, row, {
    ...{ decision: 'kept', removed: 0, pending: 0, dispatches: [] },
  });
  const removedBy = new Map([[row.id, 0]]);
  return { decision: 'keep', removed: 0, kept: 0, removedBy, dispatches: [], drafts: [draft] };
}

async function decideDays(
  tx: StoreTx,
  deps: CarryOutDeps,
  days: readonly OpenDay[],
  decision: Decision,
): Promise<CarriedOut> {
  const now = deps.clock.now();
  const removedBy = new Map<string, number>();
  const composed: Composed[] = [];
  let removed = 0;
  let pending = 0;
  for (const [scope, ownDays] of byScope(days)) {
    const touched: Day[] = [];
    for (const day of ownDays) {
      const closed = await tx.removals.close(scope, day);
      pending += closed.length;
      for (const { export: id } of closed) removedBy.set(id, removedBy.get(id) ?? 0);
      if (decision === 'keep') continue;
      const gone = await removePending(tx, scope, closed, now);
      if (gone.length > 0) touched.push(day);
      removed += gone.length;
      for (const { export: id } of gone) removedBy.set(id, (removedBy.get(id) ?? 0) + 1);
    }
    const replacement = (deps.feeds ?? feedNamed)(scope.feed)?.replacement ?? 'window';
    const changed = { ...scope, replacement, days: touched, export: null, now, cause: 'decision' as const };
    composed.push(...(await composeDispatches(tx, changed, deps.targets)).dispatches);
  }
  if (pending === 0) throw notOpen(days.map(nameOfDay).join(' '));

  const drafts: Draft[] = [];
  for (const [id, count] of removedBy) {
    const row = await tx.exports.get(id);
    if (row === undefined) continue;
    const open = await stillSuspended(tx, id);
    if (open === 0) await tx.exports.update(id, { state: 'processed' });
    drafts.push(
      decidedDraft({ random: deps.random, now }, row, {
        decision: decision === 'confirm' ? 'confirmed' : 'kept',
        removed: count,
        pending: open,
        dispatches: dispatchesOnReceipt(composed),
      }),
    );
  }
  return {
    ...{ decision, removed, kept: pending - removed },
    ...{ removedBy, dispatches: composed, drafts },
  };
}

async function stillSuspended(tx: StoreTx, id: string): Promise<number> {
  let open = 0;
  for (const { day, ...scope } of await tx.removals.ofExport(id))
    open += (await tx.removals.ofDay(scope, day)).filter((removal) => removal.export === id).length;
  return open;
}

/** As the command line names it. */
export function nameOfDay({ facility, part, day }: OpenDay): string {
  return `${facility}:${part}:${dayToIso(day)}`;
}

function byScope(days: readonly OpenDay[]): readonly (readonly [Scope, readonly Day[]])[] {
  const found = new Map<string, readonly [Scope, Day[]]>();
  for (const { facility, feed, part, day } of days) {
    const name = `${facility}|${feed}|${part}`;
    const known = found.get(name);
    if (known === undefined) found.set(name, [{ facility, feed, part }, [day]]);
    else known[1].push(day);
  }
  return [...found.values()];
}

/** Removes only what nothing has written since the export that missed it. */
async function removePending(
  tx: StoreTx,
  scope: Scope,
  closed: readonly Removal[],
  now: number,
): Promise<readonly Removal[]> {
  const removals = new Map(closed.map((removal) => [idOf(removal), removal]));
  const held = await tx.records.byKey(scope, closed);
  const gone: { readonly record: HeldRecord; readonly removal: Removal }[] = [];
  for (const record of held) {
    const removal = removals.get(idOf(record));
    if (removal !== undefined && !isNewer(record, removal)) gone.push({ record, removal });
  }
  const book = createDayBook(tx.records, scope);
  for (const { record, removal } of gone) {
    await tx.records.remove(scope, [record], 'confirmed', now, removal.export);
    await book.remove(record.day, record.hash);
  }
  await book.flush();
  return gone.map(({ removal }) => removal);
}

function idOf({ key, rank }: { readonly key: Buffer; readonly rank: number }): string {
  return `${rank}.${key.toString('latin1')}`;
}
