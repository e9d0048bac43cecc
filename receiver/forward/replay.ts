import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { DeliveryState, DispatchRow } from '../store/dispatch-table.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { changedOf, filesOfRange, replacementOf } from './compose-range.ts';
import { composeFile, filesFor, runsOf, type Composed, type DispatchTarget, type File } from './compose.ts';

/** Days composed anew from what the store holds now, for one destination, because a person asks. */
export interface ReplayRequest {
  readonly from: Day;
  readonly to: Day;
  /** All that the destination takes unless said. */
  readonly facilities?: readonly string[];
  /** Only days whose latest dispatch was refused or set aside, or that never left; the others stay as they are. */
  readonly onlyMissing?: boolean;
}

export interface ReplayPreview {
  readonly files: number;
  readonly facilities: number;
  readonly records: number;
  /** Files whose days are all acknowledged as last sent. */
  readonly acknowledged: number;
  /** Of the others, files whose days are all at the agency as last sent. */
  readonly sent: number;
  /** Of the others, files whose days are all on their way at least. */
  readonly waiting: number;
  /** Days that hold something, and records of them, by what became of their latest dispatch. */
  readonly days: number;
  readonly acknowledgedRecords: number;
  /** Of the others: at the agency, or on their way there. */
  readonly underwayRecords: number;
}

/** What a replay would send; nothing changes. The days are counted, no record is read. */
export async function previewReplay(
  tx: StoreTx,
  target: DispatchTarget,
  request: ReplayRequest,
  now: number,
): Promise<ReplayPreview> {
  const sum = {
    ...{ files: 0, facilities: 0, records: 0, acknowledged: 0, sent: 0, waiting: 0 },
    ...{ acknowledgedRecords: 0, underwayRecords: 0 },
  };
  const days = new Set<Day>();
  for (const facility of await facilitiesOf(tx, target, request)) {
    const files = await filesToReplay(tx, target, request, facility, now);
    if (files.length === 0) continue;
    sum.files += files.length;
    sum.facilities += 1;
    const states = await latestStates(tx, target, facility, files);
    for (const { day, count } of await countsOf(tx, target, facility, files)) {
      days.add(day);
      sum.records += count;
      const state = states.get(day);
      if (state === 'acknowledged') sum.acknowledgedRecords += count;
      else if (underway.includes(state)) sum.underwayRecords += count;
    }
    for (const file of files) {
      const progress = progressOf(file, states);
      if (progress !== undefined) sum[progress] += 1;
    }
  }
  return { ...sum, days: days.size };
}

/** What a replay composes for a facility: every day of which the region knows something, or those that an agency lacks. */
async function filesToReplay(
  tx: StoreTx,
  target: DispatchTarget,
  { from, to, onlyMissing }: ReplayRequest,
  facility: string,
  now: number,
): Promise<readonly File[]> {
  const range = { facility, from, to, cause: 'replay', now } as const;
  const files = await filesOfRange(tx, target, range);
  if (onlyMissing !== true || files.length === 0) return files;
  const states = await latestStates(tx, target, facility, files);
  const missing = files.flatMap(daysOf).filter((day) => !underway.includes(states.get(day)));
  if (missing.length === 0) return [];
  return filesFor(tx, changedOf(target, range), runsOf(missing), target);
}

async function facilitiesOf(
  tx: StoreTx,
  target: DispatchTarget,
  { facilities }: ReplayRequest,
): Promise<readonly string[]> {
  const wanted = facilities === undefined ? undefined : new Set(facilities);
  const all = (await tx.facilities.list()).map(({ finess }) => finess);
  return all.filter((finess) => target.takes(finess) && (wanted === undefined || wanted.has(finess)));
}

async function countsOf(
  tx: StoreTx,
  { feed }: DispatchTarget,
  facility: string,
  files: readonly File[],
): Promise<readonly { readonly day: Day; readonly count: number }[]> {
  const counts: { readonly day: Day; readonly count: number }[] = [];
  for (const { from, to } of files) counts.push(...(await tx.records.countsByDay(facility, feed, from, to)));
  return counts;
}

const page = 500;

/** The state of the latest dispatch that covers each day: dispatches are looked at from the newest, until every day has one. */
async function latestStates(
  tx: StoreTx,
  { name: destination, feed }: DispatchTarget,
  facility: string,
  files: readonly File[],
): Promise<ReadonlyMap<Day, DeliveryState>> {
  const missing = new Set(files.flatMap(daysOf));
  const states = new Map<Day, DeliveryState>();
  const [first, last] = [files[0], files.at(-1)];
  if (first === undefined || last === undefined) return states;
  const query = { facility, feed, destination, from: first.from, to: last.to };
  // A snapshot's dispatch is the whole state: the latest one alone is in force.
  const whole = replacementOf(feed) === 'snapshot';
  for (let before = Number.MAX_SAFE_INTEGER; missing.size > 0;) {
    const found = await tx.coverage.touching(query, before, whole ? 1 : page);
    for (const row of found) {
      const [from, to] = whole ? [first.from, last.to] : [row.from, row.to];
      for (let day = Math.max(from, first.from) as Day; day <= Math.min(to, last.to); day = (day + 1) as Day)
        if (missing.delete(day)) states.set(day, row.state);
    }
    const oldest = found.at(-1);
    if (oldest === undefined || whole || found.length < page) break;
    before = oldest.id;
  }
  return states;
}

function daysOf({ from, to }: File): readonly Day[] {
  return Array.from({ length: to - from + 1 }, (_, index) => (from + index) as Day);
}

const arrived: readonly (DeliveryState | undefined)[] = ['acknowledged', 'sent'];
const underway: readonly (DeliveryState | undefined)[] = ['acknowledged', 'sent', 'waiting', 'sending'];

function progressOf(
  file: File,
  states: ReadonlyMap<Day, DeliveryState>,
): 'acknowledged' | 'sent' | 'waiting' | undefined {
  const found = daysOf(file).map((day) => states.get(day));
  if (found.every((state) => state === 'acknowledged')) return 'acknowledged';
  if (found.every((state) => arrived.includes(state))) return 'sent';
  return found.every((state) => underway.includes(state)) ? 'waiting' : undefined;
}

export interface ReplayDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Written with the first files: what is to be there if, and only if, something is sent. */
  readonly alongside?: (tx: StoreTx) => Promise<void>;
}

export interface ReplayResult {
  readonly files: number;
  readonly facilities: number;
  readonly records: number;
}

/**
 * Composes the days anew for each of these destinations, a facility and a transaction at a time: every file carries a new
 * EXTRACT, and what it shows is what is held now, never old bytes over new ones. Stopped in the middle, it may be asked
 * for again: an agency takes the later file of the same days.
 */
export async function replay(
  { store, clock, signal, alongside }: ReplayDeps,
  targets: readonly DispatchTarget[],
  request: ReplayRequest,
): Promise<ReplayResult> {
  const result = { files: 0, facilities: 0, records: 0 };
  const served = new Set<string>();
  let told = false;
  for (const target of targets) {
    for (const facility of await store.read((tx) => facilitiesOf(tx, target, request))) {
      if (signal?.aborted === true) return { ...result, facilities: served.size };
      const composed = await store.transaction(async (tx) => {
        const now = clock.now();
        const made: Composed[] = [];
        for (const file of await filesToReplay(tx, target, request, facility, now))
          made.push(
            await composeFile(tx, changedOf(target, { facility, cause: 'replay', now }), target, file),
          );
        if (!told && made.length > 0) await alongside?.(tx);
        return made;
      });
      told ||= composed.length > 0;
      result.files += composed.length;
      for (const { records } of composed) result.records += records;
      if (composed.length > 0) served.add(facility);
      await setImmediate();
    }
  }
  return { ...result, facilities: served.size };
}

/** Why a dispatch that was refused, or could not be delivered, needs nobody any more. */
export const composedAgain = 'composed-again';

/**
 * Composes the facility and days of a dispatch set aside, from what is held now. The dispatch keeps its state, under the
 * code `composed-again`. What is composed is new: the settings of today say whether the destination may have it. Throws
 * `dispatch-not-set-aside`, `dispatch-composed-already`, `dispatch-not-taken`.
 */
export async function composeAgain(
  tx: StoreTx,
  target: DispatchTarget,
  row: DispatchRow,
  now: number,
): Promise<readonly Composed[]> {
  if (row.code === composedAgain)
    throw permanent('dispatch-composed-already', { facts: { name: row.name, destination: row.destination } });
  if (row.feed !== target.feed || !target.takes(row.facility))
    throw permanent('dispatch-not-taken', {
      facts: { name: row.name, destination: row.destination, facility: row.facility, feed: row.feed },
    });
  const { attempts, nextAttemptAt, state } = row;
  const noted = { state, attempts, nextAttemptAt, changedAt: now, code: composedAgain };
  const setAside = state === 'dead' || state === 'refused';
  if (!setAside || !(await tx.dispatches.setDelivery(row.id, [state], noted)))
    throw permanent('dispatch-not-set-aside', {
      facts: { name: row.name, destination: row.destination, state },
    });
  const changed = changedOf(target, { facility: row.facility, cause: 'replay', now });
  const composed: Composed[] = [];
  // Its days as they were cut, also those emptied since: an agency must be told.
  for (const file of await filesFor(tx, changed, [{ from: row.from, to: row.to }], target))
    composed.push(await composeFile(tx, changed, target, file));
  return composed;
}
