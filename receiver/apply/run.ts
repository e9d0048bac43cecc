import type { Finding } from '../../shared/feeds/feed.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { HeldRecord, RecordId, StoredRecord } from '../store/store.ts';
import { noCounts, type AppliedDay, type ApplyInput, type Counts } from './applied.ts';
import { createDayBook, type DayBook } from './day-book.ts';
import { exportFinding } from './judgement.ts';
import type { Hashed } from './match.ts';

/** What one apply has seen and done so far. */
export interface Run extends ApplyInput {
  readonly book: DayBook;
  readonly counts: { -readonly [Name in keyof Counts]: Counts[Name] };
  readonly touched: Set<Day>;
  readonly findings: Finding[];
  /** Days met in the export, with what they hold and the export does not. */
  readonly absent: Map<Day, readonly HeldRecord[]>;
  /** Records found under the same visit on another day: settled once every day has been met. */
  readonly movers: Mover[];
  /** Held records that moved to another day, or were withdrawn. */
  readonly gone: Set<string>;
  /** Of `counts`, what falls to each day. */
  readonly byDay: Map<Day, Changes>;
  findingsTotal: number;
  addedToMarked: number;
}

type Change = 'added' | 'updated' | 'removed' | 'suspended';
type Changes = Record<Change, number>;

export interface Mover extends Hashed {
  readonly candidates: readonly HeldRecord[];
}

const listedFindings = 1000;

export function startRun(input: ApplyInput): Run {
  return {
    ...input,
    book: createDayBook(input.tx.records, input.scope),
    counts: { ...noCounts },
    touched: new Set(),
    findings: [],
    findingsTotal: 0,
    absent: new Map(),
    movers: [],
    gone: new Set(),
    byDay: new Map(),
    addedToMarked: 0,
  };
}

const noChanges: Readonly<Changes> = { added: 0, updated: 0, removed: 0, suspended: 0 };

/** Counted for the export, and for the day. */
export function countChange(run: Run, change: Change, day: Day, count: number): void {
  if (count === 0) return;
  run.counts[change] += count;
  const changes = run.byDay.get(day) ?? { ...noChanges };
  changes[change] += count;
  run.byDay.set(day, changes);
}

const listedDays = 1000;

export function daysOf({ book, byDay }: Run): readonly AppliedDay[] {
  return book
    .met()
    .filter(({ day, before, after }) => before > 0 || after > 0 || byDay.has(day))
    .sort((one, other) => one.day - other.day)
    .slice(0, listedDays)
    .map((each) => ({ ...each, ...(byDay.get(each.day) ?? noChanges) }));
}

export function reportDuplicate(run: Run, { incoming: { line, record } }: Hashed): void {
  run.findingsTotal += 1;
  if (run.findings.length < listedFindings)
    run.findings.push(exportFinding('possible-duplicate', { line, record }));
}

/** The row an incoming record becomes. */
export function rowOf(
  run: Run,
  { incoming, hash }: Hashed,
  place: { key: Buffer; rank: number },
): StoredRecord {
  const { day, at, line, record, body } = incoming;
  const { key, rank } = place;
  const { extract, reception } = run.order;
  const visit = visitOf(run, incoming, key);
  // prettier-ignore
  return { day, key, rank, visit, hash, at, extract, reception, export: run.export, line, record, body };
}

function visitOf(run: Run, { visitId }: Hashed['incoming'], key: Buffer): Buffer | null {
  if (visitId !== undefined) return run.keys.visit(visitId);
  return run.keyNames ? key : null;
}

/** Gives newcomers to a day the lowest free ranks of their keys, and puts them in the store. */
export async function insertInto(
  run: Run,
  day: Day,
  newcomers: readonly Hashed[],
  held: readonly RecordId[],
): Promise<void> {
  if (newcomers.length === 0) return;
  const taken = new Set(held.map(nameOf));
  const rows = newcomers.map((one) => {
    const key = run.keys.key(one.incoming.naturalKey);
    let rank = 0;
    while (taken.has(nameOf({ day, key, rank }))) rank += 1;
    taken.add(nameOf({ day, key, rank }));
    return rowOf(run, one, { key, rank });
  });
  await run.tx.records.insert(run.scope, rows);
  for (const { hash } of rows) await run.book.add(day, hash);
  run.touched.add(day);
}

export async function removeFrom(
  run: Run,
  held: readonly HeldRecord[],
  reason: 'removed' | 'moved' | 'updated' | 'superseded',
): Promise<void> {
  if (held.length === 0) return;
  await run.tx.records.remove(run.scope, held, reason, run.now, run.export);
  for (const { day, hash } of held) {
    await run.book.remove(day, hash);
    run.touched.add(day);
  }
}

/** Inside one scope, what tells one held record from another. */
export function nameOf({ day, key, rank }: RecordId): string {
  return `${day}.${rank}.${key.toString('latin1')}`;
}
