import type { Feed } from '../../shared/feeds/feed.ts';
import { allFeeds } from '../../shared/feeds/registry.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { composeDispatches, type Composed, type DispatchTarget } from '../forward/compose.ts';
import type { Scope } from '../store/record-scope.ts';
import type { AliasRow, FacilityRow, Store, StoredRecord, StoreTx } from '../store/store.ts';
import { beginning, end } from './alias-route.ts';
import { effectiveOrder } from './apply-window.ts';
import { readRecord, type Incoming } from './content.ts';
import { createDayBook, type DayBook } from './day-book.ts';
import { matchDay } from './match.ts';
import { isNewer } from './order.ts';
import { createRecordKeys, type RecordKeys } from './record-keys.ts';
import { issueReceipts, type SignReceipts } from './receipts.ts';
import { nameOf } from './run.ts';
import { settleSuperseded } from './superseded.ts';

export interface AliasDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly sign: SignReceipts;
  readonly targets: readonly DispatchTarget[];
  readonly feeds?: readonly Feed[];
  /** In the same transaction. */
  readonly writeDown?: (tx: StoreTx, result: AliasResult) => Promise<void>;
}

export interface AliasResult {
  /** Records that changed facility. */
  readonly moved: number;
  readonly dispatches: readonly Composed[];
}

/**
 * Rule 11: from `from` on, what OLD holds and will send is NEW's, and before it what NEW holds is OLD's when no other
 * number points at NEW. A visit both hold stays once, as the newer export wrote it. Throws `alias-facility-unknown`,
 * `alias-chain`, `alias-exists`.
 */
export async function putAlias(alias: AliasRow, deps: AliasDeps): Promise<AliasResult> {
  return deps.store.transaction(async (tx) => {
    const [old, next] = await checked(tx, alias);
    await tx.facilities.putAlias(alias);
    const feeds = deps.feeds ?? allFeeds;
    const target = (await holdsNothing(tx, next.finess, feeds)) ? { ...next, key: old.key } : next;
    await tx.facilities.put(target);

    const ways = [{ from: old, to: target, first: alias.from, last: end }];
    const pointing = (await tx.facilities.aliases()).filter(({ to }) => to === alias.to);
    if (pointing.length === 1)
      ways.push({ from: target, to: old, first: beginning, last: (alias.from - 1) as Day });
    let moved = 0;
    const now = deps.clock.now();
    const superseded = new Set<string>();
    const dispatches: Composed[] = [];
    for (const feed of feeds) {
      for (const way of ways) {
        const days = await moveFeed(tx, feed, way, now);
        for (const id of days.superseded) superseded.add(id);
        moved += days.moved;
        for (const facility of [way.from.finess, way.to.finess]) {
          const changed = { facility, feed: feed.name, replacement: feed.replacement, days: days.touched };
          const when = { export: null, cause: 'decision' as const, now };
          dispatches.push(...(await composeDispatches(tx, { ...changed, ...when }, deps.targets)).dispatches);
        }
      }
    }
    await issueReceipts(tx, await settleSuperseded(tx, superseded, { random: deps.random, now }), deps.sign);
    await deps.writeDown?.(tx, { moved, dispatches });
    return { moved, dispatches };
  });
}

async function checked(tx: StoreTx, alias: AliasRow): Promise<readonly [FacilityRow, FacilityRow]> {
  const [old, next] = [await tx.facilities.get(alias.old), await tx.facilities.get(alias.to)];
  if (old === undefined) throw permanent('alias-facility-unknown', { facts: { facility: alias.old } });
  if (next === undefined) throw permanent('alias-facility-unknown', { facts: { facility: alias.to } });
  const others = await tx.facilities.aliases();
  if (others.some((other) => other.old === alias.old))
    throw permanent('alias-exists', { facts: { facility: alias.old } });
  if (alias.old === alias.to || others.some(({ old: from, to }) => from === alias.to || to === alias.old))
    throw permanent('alias-chain', { facts: { facility: alias.old } });
  return [old, next];
}

async function holdsNothing(tx: StoreTx, facility: string, feeds: readonly Feed[]): Promise<boolean> {
  for (const { name } of feeds) if ((await tx.records.parts(facility, name)).length > 0) return false;
  return true;
}

interface Way {
  readonly from: FacilityRow;
  readonly to: FacilityRow;
  readonly first: Day;
  readonly last: Day;
}

interface Moved {
  readonly moved: number;
  readonly touched: readonly Day[];
  /** Exports whose pending removals were about days that have moved away. */
  readonly superseded: ReadonlySet<string>;
}

async function moveFeed(
  tx: StoreTx,
  feed: Feed,
  { from, to, first, last }: Way,
  now: number,
): Promise<Moved> {
  const touched: Day[] = [];
  const superseded = new Set<string>();
  let moved = 0;
  for (const part of await tx.records.parts(from.finess, feed.name)) {
    const source: Scope = { facility: from.finess, feed: feed.name, part: part.part };
    const target: Scope = { ...source, facility: to.finess };
    const days = await tx.records.days(source, first, last);
    if (days.length > 0 && (await tx.records.part(target)) === undefined)
      await tx.records.putPart({ ...part, ...target });
    const books = { source: createDayBook(tx.records, source), target: createDayBook(tx.records, target) };
    for (const { day } of days) {
      for (const { export: id } of await tx.removals.close(source, day)) superseded.add(id);
      const count = await moveDay(
        { tx, feed, source, target, books, keys: createRecordKeys(to.key), now },
        day,
      );
      moved += count;
      if (count > 0) touched.push(day);
    }
    await books.source.flush();
    await books.target.flush();
  }
  return { moved, touched, superseded };
}

interface Move {
  readonly tx: StoreTx;
  readonly feed: Feed;
  readonly source: Scope;
  readonly target: Scope;
  readonly books: { readonly source: DayBook; readonly target: DayBook };
  readonly keys: RecordKeys;
  readonly now: number;
}

async function moveDay(move: Move, day: Day): Promise<number> {
  const { tx, source, target, books, now } = move;
  const state = await books.source.get(day);
  const leaving = await tx.records.byKey(source, await tx.records.ofDay(source, day));
  const arriving = leaving.map((row) => ({
    row: { ...row, ...effectiveOrder(row, state) },
    incoming: readRecord(move.feed, row),
  }));
  await tx.records.remove(source, leaving, 'aliased', now, target.facility);
  for (const { hash } of leaving) await books.source.remove(day, hash);
  await settle(move, day, arriving);
  const { mark } = await books.target.get(day);
  if (mark === null && state.mark !== null) await books.target.mark(day, state.mark);
  await books.source.forget(day);
  return leaving.length;
}

interface Arriving {
  readonly row: StoredRecord;
  readonly incoming: Incoming;
}

/** What NEW already holds under the same visit or natural key stays once: the newer of the two. */
async function settle(move: Move, day: Day, arriving: readonly Arriving[]): Promise<void> {
  const { tx, target, books, keys, now } = move;
  const held = await tx.records.ofDay(target, day);
  const rows = new Map(arriving.map(({ row, incoming }) => [incoming, row]));
  const hashed = arriving.map(({ row, incoming }) => ({ incoming, hash: row.hash }));
  const { changed, newcomers } = matchDay(hashed, held, keys);
  for (const { incoming, held: own } of changed) {
    const row = rows.get(incoming);
    if (row === undefined || !isNewer(row, own)) continue;
    const visit = visitOf(move, incoming, own.key);
    await tx.records.replace(target, [{ ...row, key: own.key, rank: own.rank, visit }], 'aliased', now);
    await books.target.remove(day, own.hash);
    await books.target.add(day, row.hash);
  }
  const taken = new Set(held.map(nameOf));
  for (const { incoming, hash } of newcomers) {
    const row = rows.get(incoming);
    if (row === undefined) continue;
    const key = keys.key(incoming.naturalKey);
    const visit = visitOf(move, incoming, key);
    if (!(await winsElsewhere(move, visit, row))) continue;
    let rank = 0;
    while (taken.has(nameOf({ day, key, rank }))) rank += 1;
    taken.add(nameOf({ day, key, rank }));
    await tx.records.insert(target, [{ ...row, key, rank, visit }]);
    await books.target.add(day, hash);
  }
}

function visitOf({ feed, keys }: Move, { visitId }: Incoming, key: Buffer): Buffer | null {
  if (visitId !== undefined) return keys.visit(visitId);
  return feed.replacement === 'window' ? null : key;
}

/** The same visit on another day of NEW gives way when it is older. */
async function winsElsewhere(
  { tx, target, books, now }: Move,
  visit: Buffer | null,
  row: StoredRecord,
): Promise<boolean> {
  if (visit === null) return true;
  const others = (await tx.records.byVisit(target, [visit])).filter(({ day }) => day !== row.day);
  if (others.some((other) => !isNewer(row, other))) return false;
  await tx.records.remove(target, others, 'aliased', now, row.export);
  for (const other of others) await books.target.remove(other.day, other.hash);
  return true;
}
