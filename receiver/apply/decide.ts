import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Feed } from '../../shared/feeds/feed.ts';
import { manifest as manifestSchema } from '../../shared/protocol/slice.ts';
import { processedReceipt, type ProcessedReceipt } from '../../shared/protocol/receipts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { composeDispatches, type Composed, type DispatchTarget } from '../forward/compose.ts';
import type { ExportRow, HeldRecord, Removal, Scope, Store, StoreTx } from '../store/store.ts';
import { applyExport } from './apply-export.ts';
import { stagedContent } from './content.ts';
import { createDayBook } from './day-book.ts';
import { isNewer } from './order.ts';
import {
  decidedDraft,
  dispatchesOnReceipt,
  issueReceipts,
  type Draft,
  type SignReceipts,
} from './receipts.ts';

export type Decision = 'confirm' | 'keep';

/** A held export with all its days, or the open decision of one day. */
export type DecisionTarget = { readonly export: string } | (Scope & { readonly day: Day });

export interface DecisionResult {
  readonly decision: Decision;
  /** Records removed now. */
  readonly removed: number;
  /** Pending removals dropped: kept by decision, or written by something newer. */
  readonly kept: number;
  readonly exports: readonly string[];
  readonly dispatches: readonly Composed[];
}

export interface DeciderDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly sign: SignReceipts;
  readonly targets: readonly DispatchTarget[];
  readonly feeds?: (name: string) => Feed | undefined;
}

export interface Decider {
  /**
   * Rule 7. Throws `decision-export-unknown`, `decision-not-open`.
   */
  decide(target: DecisionTarget, decision: Decision): Promise<DecisionResult>;
}

export function createDecider(deps: DeciderDeps): Decider {
  return {
    decide: (target, decision) =>
      deps.store.transaction(async (tx) => {
        const { drafts, ...result } =
          'export' in target
            ? await decideExport(tx, deps, target.export, decision)
            : await decideDays(tx, deps, [target], decision);
        await issueReceipts(tx, drafts, deps.sign);
        return result;
      }),
  };
}

interface Decided extends DecisionResult {
  readonly drafts: readonly Draft[];
}

async function decideExport(
  tx: StoreTx,
  deps: DeciderDeps,
  id: string,
  decision: Decision,
): Promise<Decided> {
  const row = await tx.exports.get(id);
  if (row === undefined) throw permanent('decision-export-unknown', { facts: { export: id } });
  if (row.state !== 'held') throw permanent('decision-not-open', { facts: { target: id } });
  if (holdOf(row) === 'removals') return decideDays(tx, deps, await tx.removals.ofExport(id), decision);
  return decision === 'confirm' ? applyHeld(tx, deps, row) : dropHeld(tx, deps, row);
}

function holdOf({ outcome }: ExportRow): ProcessedReceipt['hold'] {
  return outcome === null ? null : processedReceipt.parse(JSON.parse(outcome)).hold;
}

/** Applies what nothing of has been applied yet: its source becomes the part's, and its removals are executed. */
async function applyHeld(tx: StoreTx, deps: DeciderDeps, row: ExportRow): Promise<Decided> {
  const feed = (deps.feeds ?? feedNamed)(row.feed);
  if (feed === undefined || row.manifest === null)
    throw permanent('decision-not-open', { facts: { target: row.id } });
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
    ...{ decision: 'confirm', removed, kept: 0, exports: [row.id], dispatches: outcome.composed },
    drafts: [...outcome.receipts, draft],
  };
}

async function dropHeld(tx: StoreTx, deps: DeciderDeps, row: ExportRow): Promise<Decided> {
  // Not `processed`: nothing of it was applied, so the same file sent again is no duplicate.
  await tx.exports.update(row.id, { state: 'rejected' });
  await settleExport(tx, row.id);
  const draft = decidedDraft({ random: deps.random, now: deps.clock.now() }, row, {
    ...{ decision: 'kept', removed: 0, pending: 0, dispatches: [] },
  });
  return { decision: 'keep', removed: 0, kept: 0, exports: [row.id], dispatches: [], drafts: [draft] };
}

/** Staged records and envelopes of an export that waits for nothing any more. */
export async function settleExport(tx: StoreTx, id: string): Promise<void> {
  await tx.exports.unstage(id);
  for (const envelope of await tx.inbox.ofExport(id)) {
    if (envelope.state === 'opened') await tx.inbox.setState(envelope.id, 'done');
  }
}

type OpenDay = Scope & { readonly day: Day };

async function decideDays(
  tx: StoreTx,
  deps: DeciderDeps,
  days: readonly OpenDay[],
  decision: Decision,
): Promise<Decided> {
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
  if (pending === 0) throw permanent('decision-not-open', { facts: { target: days.map(nameOf).join(' ') } });

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
    ...{ exports: [...removedBy.keys()], dispatches: composed, drafts },
  };
}

async function stillSuspended(tx: StoreTx, id: string): Promise<number> {
  let open = 0;
  for (const { day, ...scope } of await tx.removals.ofExport(id))
    open += (await tx.removals.ofDay(scope, day)).filter((removal) => removal.export === id).length;
  return open;
}

function nameOf({ facility, part, day }: OpenDay): string {
  return `${facility}:${part}:${day}`;
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
