import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { DayState, HeldRecord } from '../store/store.ts';
import type { Applied, ApplyInput } from './applied.ts';
import { addLanes, emptySum, sameSum } from './day-book.ts';
import { guard, type Verdict } from './guard.ts';
import { matchDay, type DayMatch, type Hashed, type Pair } from './match.ts';
import { isNewer, newest } from './order.ts';
import { contentHash } from './record-keys.ts';
import {
  countChange,
  daysOf,
  insertInto,
  nameOf,
  removeFrom,
  reportDuplicate,
  rowOf,
  startRun,
  type Run,
} from './run.ts';

const turnEvery = 2000;

/**
 * Applies an export to one scope by rules 3 to 7: a trusted window replaces day by day, anything else upserts. Answers
 * `rekeying` when nothing should have been applied: the caller undoes everything.
 */
export async function applyWindow(input: ApplyInput): Promise<Applied> {
  const run = startRun(input);
  const { window, scope, tx } = run;
  const before = window === null ? [] : await run.book.load(window.from, window.to);
  const pending = window === null ? [] : await tx.removals.days(scope, window.from, window.to);
  const undecided = new Set(pending);

  let sinceTurn = 0;
  for (const day of run.content.days) {
    sinceTurn += await applyDay(run, day, undecided);
    if (sinceTurn < turnEvery) continue;
    sinceTurn = 0;
    await nextTurn();
  }
  await settleMovers(run);
  await withdraw(run);
  if (window === null) return finish(run, 'apply', new Set());

  const removals = await removalsOf(run, before);
  const verdict = run.guarded ? judge(run, before, removals) : 'apply';
  if (verdict === 'rekeying') return finish(run, verdict, new Set());

  const superseded = new Set<string>();
  for (const day of pending) {
    if (isMarkedNewer(run, await run.book.get(day))) continue;
    for (const closed of await tx.removals.close(scope, day)) superseded.add(closed.export);
  }
  await (verdict === 'suspend' ? suspend(run, removals) : remove(run, removals));
  for (let { from: day } = window; day <= window.to; day = (day + 1) as Day) {
    if (!isMarkedNewer(run, await run.book.get(day))) await run.book.mark(day, run.order);
  }
  return finish(run, verdict, superseded);
}

async function finish(run: Run, verdict: Verdict, superseded: ReadonlySet<string>): Promise<Applied> {
  if (verdict !== 'rekeying') await run.book.flush();
  const kind = { apply: 'applied', suspend: 'suspended', rekeying: 'rekeying' } as const;
  const { counts, touched, findings, findingsTotal } = run;
  const days = daysOf(run);
  return { kind: kind[verdict], counts, touched, findings, findingsTotal, superseded, days };
}

/** Answers how many records the day had in the export. */
async function applyDay(run: Run, day: Day, undecided: ReadonlySet<Day>): Promise<number> {
  const incoming = await run.content.ofDay(day);
  const hashed = incoming.map((one) => ({ incoming: one, hash: contentHash(one.body) }));
  reportTwins(run, hashed);
  const state = await run.book.get(day);
  if (isMarkedNewer(run, state)) {
    run.counts.stale += hashed.length;
    return hashed.length;
  }
  if (run.window !== null && !undecided.has(day) && isSameDay(state, hashed)) {
    // The day's mark will say it for every record: no row is read, no key computed.
    run.counts.unchanged += hashed.length;
    run.absent.set(day, []);
    return hashed.length;
  }
  const held = await run.tx.records.ofDay(run.scope, day);
  const match = matchDay(hashed, held, run.keys);
  run.absent.set(day, match.absent);
  await keepUnchanged(run, match.unchanged);
  await change(run, day, match.changed, held);
  await welcome(run, day, match, held);
  return hashed.length;
}

function isMarkedNewer(run: Run, { mark }: DayState): boolean {
  return mark !== null && isNewer(mark, run.order);
}

function isSameDay(state: DayState, hashed: readonly Hashed[]): boolean {
  if (state.count !== hashed.length) return false;
  return sameSum(
    state.sum,
    hashed.reduce((sum, { hash }) => addLanes(sum, hash, 1), emptySum),
  );
}

function reportTwins(run: Run, hashed: readonly Hashed[]): void {
  const seen = new Set<string>();
  for (const one of hashed) {
    const { visitId, naturalKey } = one.incoming;
    const name = visitId === undefined ? `n${naturalKey}` : `v${visitId}`;
    if (seen.has(name)) reportDuplicate(run, one);
    else seen.add(name);
  }
}

/** Inside a window the mark gives every record the newer EXTRACT; without one, the records take it themselves. */
async function keepUnchanged(run: Run, pairs: readonly Pair[]): Promise<void> {
  run.counts.unchanged += pairs.length;
  if (run.window !== null) return;
  const rows = pairs
    .filter(({ held }) => isNewer(run.order, held))
    .map((pair) => ({ ...rowOf(run, pair, pair.held), visit: pair.held.visit }));
  await run.tx.records.confirm(run.scope, rows);
}

async function change(
  run: Run,
  day: Day,
  pairs: readonly Pair[],
  held: readonly HeldRecord[],
): Promise<void> {
  const accepted = pairs.filter((pair) => !isNewer(pair.held, run.order));
  run.counts.stale += pairs.length - accepted.length;
  countChange(run, 'updated', day, accepted.length);
  const keyed = accepted.map((pair) => ({ ...pair, key: run.keys.key(pair.incoming.naturalKey) }));
  const same = keyed.filter(({ key, held: { key: heldKey } }) => key.equals(heldKey));
  const rows = same.map((pair) => rowOf(run, pair, pair.held));
  await run.tx.records.replace(run.scope, rows, 'updated', run.now);
  for (const pair of same) {
    await run.book.remove(day, pair.held.hash);
    await run.book.add(day, pair.hash);
    run.touched.add(day);
  }
  const rekeyed = keyed.filter(({ key, held: { key: heldKey } }) => !key.equals(heldKey));
  await removeFrom(
    run,
    rekeyed.map((pair) => pair.held),
    'updated',
  );
  const left = held.filter((one) => !rekeyed.some((pair) => pair.held === one));
  await insertInto(run, day, rekeyed, left);
}

async function welcome(run: Run, day: Day, match: DayMatch, held: readonly HeldRecord[]): Promise<void> {
  const fresh: Hashed[] = [];
  const named = match.newcomers.filter(({ incoming: { visitId } }) => run.keyNames || visitId !== undefined);
  const elsewhere = await heldElsewhere(run, day, named);
  for (const one of match.newcomers) {
    const found = elsewhere.get(one) ?? [];
    const candidates = found.filter(({ reception }) => reception !== run.order.reception);
    if (candidates.length > 0) run.movers.push({ ...one, candidates });
    else fresh.push(one);
    if (candidates.length < found.length) reportDuplicate(run, one);
  }
  await add(run, day, fresh, held);
}

/** `held`: what the day held when it was met; read again when the day has changed since. */
async function add(run: Run, day: Day, fresh: readonly Hashed[], held: readonly HeldRecord[]): Promise<void> {
  if (fresh.length === 0) return;
  countChange(run, 'added', day, fresh.length);
  if ((await run.book.get(day)).mark !== null) run.addedToMarked += fresh.length;
  const now = run.touched.has(day) ? await run.tx.records.ofDay(run.scope, day) : held;
  await insertInto(run, day, fresh, now);
}

async function heldElsewhere(
  run: Run,
  day: Day,
  named: readonly Hashed[],
): Promise<ReadonlyMap<Hashed, readonly HeldRecord[]>> {
  const found = new Map<Hashed, readonly HeldRecord[]>();
  for (const one of named) {
    const { visitId, naturalKey } = one.incoming;
    const visit = visitId === undefined ? run.keys.key(naturalKey) : run.keys.visit(visitId);
    const held = await run.tx.records.byVisit(run.scope, [visit]);
    const others = held.filter((candidate) => candidate.day !== day);
    if (others.length > 0) found.set(one, others);
  }
  return found;
}

/** A visit found on another day has moved, unless that day keeps it for another record of the export. */
async function settleMovers(run: Run): Promise<void> {
  for (const mover of run.movers) {
    const { day } = mover.incoming;
    const from = mover.candidates.find((candidate) => isFree(run, candidate));
    if (from === undefined) {
      reportDuplicate(run, mover);
      await add(run, day, [mover], await run.tx.records.ofDay(run.scope, day));
    } else if (isNewer(from, run.order) || isMarkedNewer(run, await run.book.get(from.day))) {
      run.counts.stale += 1;
    } else {
      run.gone.add(nameOf(from));
      countChange(run, 'updated', day, 1);
      await removeFrom(run, [from], 'moved');
      await insertInto(run, day, [mover], await run.tx.records.ofDay(run.scope, day));
    }
  }
}

/** What the source says never was goes, whoever guards: unless something newer wrote it. */
async function withdraw(run: Run): Promise<void> {
  if (run.withdrawn.length === 0) return;
  const visits = [...new Set(run.withdrawn)].map((visitId) => run.keys.visit(visitId));
  for (const held of await run.tx.records.byVisit(run.scope, visits)) {
    if (isNewer(held, run.order) || isMarkedNewer(run, await run.book.get(held.day))) continue;
    countChange(run, 'removed', held.day, 1);
    run.gone.add(nameOf(held));
    await removeFrom(run, [held], 'removed');
  }
}

function isFree(run: Run, candidate: HeldRecord): boolean {
  if (run.gone.has(nameOf(candidate))) return false;
  const absent = run.absent.get(candidate.day);
  return absent === undefined || absent.some((held) => nameOf(held) === nameOf(candidate));
}

/** What the window says is gone: held, absent, written by nothing newer, and on the day of EXTRACT arrived by then. */
async function removalsOf(
  run: Run,
  before: readonly DayState[],
): Promise<ReadonlyMap<Day, readonly HeldRecord[]>> {
  const { window } = run;
  const removals = new Map<Day, readonly HeldRecord[]>();
  if (window === null) return removals;
  for (const { day, count } of before) {
    if (count === 0 || isMarkedNewer(run, await run.book.get(day))) continue;
    const absent = run.absent.get(day) ?? (await run.tx.records.ofDay(run.scope, day));
    const gone = absent.filter(
      (held) =>
        !run.gone.has(nameOf(held)) &&
        !isNewer(held, run.order) &&
        (day < window.extractDay || held.at <= window.extract),
    );
    if (gone.length > 0) removals.set(day, gone);
  }
  return removals;
}

function judge(
  run: Run,
  before: readonly DayState[],
  removals: ReadonlyMap<Day, readonly HeldRecord[]>,
): Verdict {
  return guard({
    held: before.reduce((sum, { count }) => sum + count, 0),
    heldByDay: new Map(before.map(({ day, count }) => [day, count])),
    removalsByDay: new Map([...removals].map(([day, gone]) => [day, gone.length])),
    addedToMarked: run.addedToMarked,
  });
}

async function suspend(run: Run, removals: ReadonlyMap<Day, readonly HeldRecord[]>): Promise<void> {
  for (const [on, gone] of removals) {
    countChange(run, 'suspended', on, gone.length);
    const rows = gone.map(({ day, key, rank }) => ({ day, key, rank, ...run.order, export: run.export }));
    await run.tx.removals.suspend(run.scope, rows);
  }
}

async function remove(run: Run, removals: ReadonlyMap<Day, readonly HeldRecord[]>): Promise<void> {
  for (const [on, gone] of removals) {
    countChange(run, 'removed', on, gone.length);
    await removeFrom(run, gone, 'removed');
  }
}

/** The order that counts for a record: the mark of its day speaks for it too. */
export function effectiveOrder(held: HeldRecord, { mark }: DayState): { extract: number; reception: number } {
  const { extract, reception } = newest(held, mark);
  return { extract, reception };
}
