import { transient } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Actor } from '../accounts/actor.ts';
import { readRecord } from '../apply/content.ts';
import { createDayBook } from '../apply/day-book.ts';
import { issueReceipts } from '../apply/receipts.ts';
import { settleSuperseded } from '../apply/superseded.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { composeRange } from '../forward/compose-range.ts';
import { composeDispatches, type Composed, type DispatchTarget } from '../forward/compose.ts';
import type { OpenSlice } from '../inbox/open-envelope.ts';
import { isSameVisit, type CoveringDispatch, type VisitRow } from '../store/erasure-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { carryingEnvelopes } from './carrying-envelopes.ts';
import { deletionFacts, nothingDeleted, recordName, sealDeletion, withGone } from './deletion-record.ts';
import type { DeletionDeps, DeletionRecord } from './deletion-record.ts';
import { visitNamed, type FoundVisit } from './find-visit.ts';
import { overwriting } from './overwriting.ts';
import { nameOfIncoming } from './visit-names.ts';

export interface EraseDeps extends DeletionDeps {
  readonly store: Store;
  readonly open: OpenSlice;
  readonly targets: readonly DispatchTarget[];
}

export interface EraseRequest {
  readonly facility: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly actor: Actor;
}

export interface Erased {
  readonly record: DeletionRecord;
  readonly dispatches: readonly Composed[];
  /** Envelopes that could not be looked into: nothing of them was ever taken in. */
  readonly unopened: number;
}

/**
 * A visit leaves the region, in one transaction: what is held of it and what was, what waits to be applied, every sealed
 * content and every file of a dispatch that has it; and it is remembered, as a keyed hash only, so that no later export
 * brings it back. Days that agencies were sent with it are composed anew. Throws `erase-sending`.
 */
export async function erase(deps: EraseDeps, visit: FoundVisit, request: EraseRequest): Promise<Erased> {
  const { store, open } = deps;
  const before = await carryingEnvelopes((work) => store.read(work), open, visit, 0);
  crashPoint('before-erasure');
  const done = await store.transaction((tx) =>
    overwriting(tx, async () => {
      // Applied meanwhile, a correction moved what was held of it, or gave it another name.
      const now = await visitNamed(tx, visit.feed, allNames(visit));
      await refuseWhileSending(tx, now);
      const isRenamed = allNames(now).length > allNames(visit).length;
      // Received meanwhile; what is not opened yet meets the erased visit's name when it is.
      const since = await carryingEnvelopes((work) => work(tx), open, now, isRenamed ? 0 : before.arrival);
      const envelopes = new Set([...before.envelopes, ...since.envelopes].map(({ id }) => id));
      const erased = await eraseWithin(tx, deps, now, { request, envelopes: [...envelopes] });
      crashPoint('before-erasure-commit');
      return { ...erased, unopened: before.unopened + since.unopened };
    }),
  );
  crashPoint('after-erasure-commit');
  return done;
}

function allNames({ names }: FoundVisit): Parameters<typeof visitNamed>[2] {
  return names.flatMap(({ by, names: own }) => own.map((name) => ({ ...name, facility: by.facility })));
}

interface Work {
  readonly request: EraseRequest;
  readonly envelopes: readonly string[];
}

async function eraseWithin(
  tx: StoreTx,
  deps: EraseDeps,
  visit: FoundVisit,
  { request, envelopes }: Work,
): Promise<Pick<Erased, 'record' | 'dispatches'>> {
  const { clock, random, sign } = deps;
  const now = clock.now();
  const { facility, reason, requestedBy, actor } = request;
  const covering = await coveringOf(tx, visit);
  const rows = await eraseRows(tx, visit);
  const staged = await eraseStaged(tx, visit);
  let destroyed = 0;
  for (const id of envelopes) {
    if ((await tx.inbox.byId(id))?.state === 'stored') continue;
    if (await tx.erasure.destroyContent(id, now)) destroyed += 1;
  }
  const files = await eraseFiles(tx, covering, now);

  const rule = `erasure ${facility}, requested by ${requestedBy}`;
  const order = { class: 'erasure', rule, actor, before: now };
  const gone = visit.rows.map((row) => ({
    name: recordName(row, row.day, row),
    at: new Date(now).toISOString(),
  }));
  const counts = {
    records: rows.held,
    history: rows.before,
    staged,
    envelopes: destroyed,
    dispatches: files,
  };
  const deletion = withGone(nothingDeleted(order, deps), gone, counts);
  for (const { by, names } of visit.names)
    for (const name of names)
      await tx.erasure.putErasedVisit({ facility: by.facility, feed: visit.feed.name }, name, deletion.id);

  const dispatches = await composeAnew(tx, deps.targets, visit, covering, now);
  const drafts = await settleSuperseded(tx, rows.pending, { random, now });
  await issueReceipts(tx, drafts, sign);
  await tx.retention.putRewriteWanted(true);
  const record = await sealDeletion(tx, deletion, deps);
  await appendAudit(tx, clock, actor, {
    ...{ action: 'visit.erase', subject: deletion.id, facility, reason },
    facts: { ...deletionFacts(record), requestedBy },
  });
  return { record, dispatches };
}

type Covering = ReadonlyMap<number, CoveringDispatch & { readonly facility: string }>;

/** Every dispatch that covers a day on which the visit is, or was, held. */
async function coveringOf(tx: StoreTx, { feed, rows }: FoundVisit): Promise<Covering> {
  const found = new Map<number, CoveringDispatch & { readonly facility: string }>();
  const days = new Map(rows.map(({ facility, day }) => [`${facility} ${day}`, { facility, day }]));
  for (const { facility, day } of days.values())
    for (const each of await tx.erasure.covering({ facility, feed: feed.name }, day))
      found.set(each.id, { ...each, facility });
  return found;
}

/** A file on its way cannot be called back, and its content cannot be taken from under it. */
async function refuseWhileSending(tx: StoreTx, visit: FoundVisit): Promise<void> {
  for (const { state, destination } of (await coveringOf(tx, visit)).values())
    if (state === 'sending') throw transient('erase-sending', { facts: { destination } });
}

async function eraseRows(
  tx: StoreTx,
  { rows }: FoundVisit,
): Promise<{ readonly held: number; readonly before: number; readonly pending: ReadonlySet<string> }> {
  const pending = new Set<string>();
  let [held, before] = [0, 0];
  for (const row of rows) {
    for (const id of await tx.erasure.dropRemoval(row)) pending.add(id);
    await tx.erasure.forgetCounts(row, row.day);
    if (row.history !== null) {
      await tx.erasure.dropHistory(row.history);
      before += 1;
      continue;
    }
    await tx.erasure.dropRecord(row);
    const book = createDayBook(tx.records, row);
    await book.remove(row.day, row.hash);
    await book.flush();
    held += 1;
  }
  return { held, before, pending };
}

/** What waits for a person or a registration: the export's findings say which record is not there. */
async function eraseStaged(tx: StoreTx, { feed, names }: FoundVisit): Promise<number> {
  let count = 0;
  for (const { by } of names)
    for (const row of await tx.erasure.staged(by.facility, feed.name)) {
      const incoming = readRecord(feed, row);
      const isIt = names.some(({ by: other, names: own }) =>
        own.some((name) => isSameVisit(name, nameOfIncoming(other.keys, incoming))),
      );
      if (!isIt) continue;
      await tx.erasure.dropStaged(row);
      await tx.erasure.putLeftOut(row.export, [row]);
      count += 1;
    }
  return count;
}

/** Their rows stay. What had not left yet never leaves. */
async function eraseFiles(tx: StoreTx, covering: Covering, now: number): Promise<number> {
  let count = 0;
  for (const { id, state, attempts, kept } of covering.values()) {
    if (state === 'waiting')
      await tx.dispatches.setDelivery(id, ['waiting'], {
        ...{ state: 'dead', attempts, nextAttemptAt: now, changedAt: now, code: 'dispatch-erased' },
      });
    if (!kept) continue;
    await tx.erasure.dropDispatchContent(id);
    count += 1;
  }
  return count;
}

/**
 * The days on which the visit was held, for every destination that was sent them; and all days of the files that now never
 * leave. An agency replaces by facility and day, so that the visit is gone there too.
 */
async function composeAnew(
  tx: StoreTx,
  targets: readonly DispatchTarget[],
  { feed, rows }: FoundVisit,
  covering: Covering,
  now: number,
): Promise<readonly Composed[]> {
  const composed: Composed[] = [];
  const held = rows.filter(({ history }) => history === null);
  for (const facility of new Set(rows.map((row) => row.facility)))
    for (const target of targets) {
      if (target.feed !== feed.name || !target.takes(facility)) continue;
      const sent = [...covering.values()].filter(
        (each) => each.facility === facility && each.destination === target.name,
      );
      const stopped = sent.filter(({ state }) => state === 'waiting');
      for (const { from, to } of joined(stopped))
        composed.push(...(await composeRange(tx, target, { facility, from, to, cause: 'replay', now })));
      const days = new Set(
        held
          .filter((row) => row.facility === facility && isSent(row, sent, target))
          .map(({ day }) => day)
          .filter((day) => !stopped.some(({ from, to }) => from <= day && day <= to)),
      );
      const changed = { facility, feed: feed.name, replacement: feed.replacement, days, export: null };
      const made = await composeDispatches(tx, { ...changed, cause: 'decision', now }, [
        { ...target, atOnce: true },
      ]);
      composed.push(...made.dispatches);
    }
  return composed;
}

function isSent({ day }: VisitRow, sent: readonly CoveringDispatch[], { atOnce }: DispatchTarget): boolean {
  return atOnce || sent.some(({ from, to }) => from <= day && day <= to);
}

/** Ranges that meet become one: no day is composed twice. */
function joined(
  ranges: readonly { readonly from: Day; readonly to: Day }[],
): readonly { readonly from: Day; readonly to: Day }[] {
  const found: { from: Day; to: Day }[] = [];
  for (const { from, to } of [...ranges].sort((one, other) => one.from - other.from)) {
    const last = found.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = last.to > to ? last.to : to;
    else found.push({ from, to });
  }
  return found;
}
