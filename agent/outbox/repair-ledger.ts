import { genesis } from '../../shared/envelope/header.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { AgentDatabase } from './database.ts';
import { proofId } from './outbox.ts';
import { lostCode } from './lost-code.ts';
import { repairSql } from './repair-queries.ts';
import type { LedgerTail } from './rows.ts';

export interface RepairedPlaces {
  /** Places of lost envelopes that a receipt of the region proves. */
  readonly proven: number;
  /** Places nobody knows any more: a tombstone explains them, unless the region has them. */
  readonly lost: number;
}

/** More than this between two envelopes is no gap but a number that is wrong. */
const widestGap = 100_000;

interface Place {
  readonly prev: string;
  readonly digest: string;
}

/**
 * Makes every ledger a chain without holes again. What is here and what the region has receipted stands; a place in between
 * that is neither becomes `dead` with a tombstone: the region takes it, or says that it has that place, which is as good.
 */
export function repairLedgers(deps: {
  readonly database: AgentDatabase;
  readonly clock: Clock;
  readonly random: Random;
}): RepairedPlaces {
  const { all } = deps.database;
  const counts = { proven: 0, lost: 0 };
  const stub = createStub(deps);
  for (const { feed } of all<{ feed: string }>(repairSql.feeds)) repairFeed(deps, feed, stub, counts);
  return counts;
}

type Stub = () => string;

/** Lost envelopes belong to exports nobody can name: one row stands for them all, superseded from the start. */
function createStub({ database, clock, random }: Parameters<typeof repairLedgers>[0]): Stub {
  let id: string | undefined;
  return () => {
    if (id !== undefined) return id;
    const now = clock.now();
    id = random.uuid(now);
    const none = Buffer.alloc(0);
    database.run(
      repairSql.putExport,
      id,
      '-',
      'doctor --repair',
      none,
      null,
      null,
      0,
      null,
      'superseded',
      0,
      now,
    );
    return id;
  };
}

function repairFeed(
  deps: Parameters<typeof repairLedgers>[0],
  feed: string,
  stub: Stub,
  counts: { proven: number; lost: number },
): void {
  const { run, get, all } = deps.database;
  const saved = get<LedgerTail>(repairSql.ledger, feed);
  let tail: LedgerTail | undefined;
  for (const { epoch } of all<{ epoch: number }>(repairSql.epochsOf, feed, feed, feed)) {
    const last = repairEpoch(deps, feed, epoch, stub, counts);
    // An epoch that holds nothing is believed only when two tables agree on it.
    if (last === undefined && saved?.epoch !== epoch) run(repairSql.dropEpoch, feed, epoch);
    else tail = { epoch, ...(last ?? emptyTail(deps.database, feed, epoch)) };
  }
  if (tail === undefined && saved !== undefined) {
    tail = saved;
    run(repairSql.putEpoch, feed, saved.epoch, saved.digest, saved.seq + 1);
  }
  if (tail !== undefined) run(repairSql.setLedger, feed, tail.epoch, tail.seq, tail.digest);
}

function emptyTail({ get }: AgentDatabase, feed: string, epoch: number): { seq: number; digest: string } {
  const start = get<{ prev: string; first: number }>(repairSql.epoch, feed, epoch);
  return { seq: (start?.first ?? 1) - 1, digest: start?.prev ?? genesis };
}

/** Answers the epoch's last place; undefined when it has none. */
function repairEpoch(
  deps: Parameters<typeof repairLedgers>[0],
  feed: string,
  epoch: number,
  stub: Stub,
  counts: { proven: number; lost: number },
): { readonly seq: number; readonly digest: string } | undefined {
  const { all } = deps.database;
  let last: { seq: number; digest: string } | undefined;
  for (let after = 0; ;) {
    const page = all<{ seq: number }>(repairSql.places, feed, epoch, after, feed, epoch, after);
    for (const { seq } of page) {
      after = seq;
      last ??= startOf(deps, feed, epoch, seq);
      last = place({ ...deps, feed, epoch, stub, counts }, last, seq);
    }
    if (page.length === 0) return last;
  }
}

/** What comes before the epoch's first place, as far as the epoch's row can be believed beside it. */
function startOf(
  { database, random }: Parameters<typeof repairLedgers>[0],
  feed: string,
  epoch: number,
  seq: number,
): { seq: number; digest: string } {
  const { run, get } = database;
  const known = get<{ prev: string; first: number }>(repairSql.epoch, feed, epoch);
  const own = get<Place>(repairSql.envelopeAt, feed, epoch, seq)?.prev;
  const isPlausible =
    known !== undefined && known.first >= 1 && known.first <= seq && seq - known.first < widestGap;
  const first = isPlausible ? known.first : 1;
  const begin = epoch === 1 && first === 1 ? genesis : random.bytes(32).toString('hex');
  // Its first envelope says, signed, what it follows.
  const told = first === seq ? own : undefined;
  const prev = told ?? (isPlausible ? known.prev : begin);
  run(repairSql.putEpoch, feed, epoch, prev, first);
  return { seq: first - 1, digest: prev };
}

interface Standing extends Place {
  readonly n: number;
  readonly state: string;
  readonly purged: number;
}

interface Filling {
  readonly database: AgentDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly feed: string;
  readonly epoch: number;
  readonly stub: Stub;
  readonly counts: { proven: number; lost: number };
}

interface Proven {
  readonly envelope: string;
  readonly digest: string;
  readonly text: string;
  readonly jws: string;
  readonly at: number;
}

/** Fills whatever is missing before `seq`, then sees to `seq` itself. */
function place(
  filling: Filling,
  before: { seq: number; digest: string },
  seq: number,
): { seq: number; digest: string } {
  const { database, feed, epoch } = filling;
  const row = database.get<Standing>(repairSql.envelopeAt, feed, epoch, seq);
  let last = before;
  while (last.seq + 1 < seq) last = bury(filling, last, last.seq + 2 === seq ? row?.prev : undefined);
  const receipt = database.get<Proven>(repairSql.provenAt, feed, epoch, seq);
  const stands = row !== undefined && isInLine(row, last, receipt);
  if (row !== undefined && !stands) dropRow(database, row.n);
  if (row === undefined || !stands) return receipt === undefined ? last : raise(filling, last, receipt);
  // Where the content is gone, only the chain tells what came before.
  if (row.purged === 1 && row.prev !== last.digest) database.run(repairSql.setPrev, last.digest, row.n);
  if (receipt !== undefined) keepReceipt(filling, seq, receipt);
  return { seq, digest: row.digest };
}

/** Sealed after a copy had been put back, it may take the place of one that the region has already: it is read again instead. */
function isInLine(row: Standing, last: { digest: string }, receipt: Proven | undefined): boolean {
  if (row.state === 'accepted') return true;
  return row.prev === last.digest && (receipt === undefined || receipt.digest === row.digest);
}

function dropRow({ run }: AgentDatabase, n: number): void {
  run(repairSql.dropContent, n);
  run(repairSql.dropEnvelope, n);
}

/** Nobody knows what was here: `digest` is what the next one names, anything when that is not known either. */
function bury(
  { database, clock, random, feed, epoch, stub, counts }: Filling,
  last: { seq: number; digest: string },
  named: string | undefined,
): { seq: number; digest: string } {
  const seq = last.seq + 1;
  const digest = named ?? random.bytes(32).toString('hex');
  const now = clock.now();
  const id = random.uuid(now);
  const { run } = database;
  run(
    repairSql.putPlace,
    id,
    stub(),
    feed,
    epoch,
    seq,
    last.digest,
    digest,
    'dead',
    now,
    null,
    lostCode,
    'due',
  );
  counts.lost += 1;
  return { seq, digest };
}

/** The region says, signed, what was here. */
function raise(
  filling: Filling,
  last: { seq: number; digest: string },
  receipt: Proven,
): { seq: number; digest: string } {
  const { database, feed, epoch, stub, counts } = filling;
  const seq = last.seq + 1;
  const { envelope, digest, at } = receipt;
  const place = [envelope, stub(), feed, epoch, seq, last.digest, digest, 'accepted', at, at, null, null];
  database.run(repairSql.putPlace, ...place);
  keepReceipt(filling, seq, receipt);
  counts.proven += 1;
  return { seq, digest };
}

function keepReceipt({ database, feed, epoch }: Filling, seq: number, { text, jws }: Proven): void {
  const accepted = database.get<{ id: string }>(repairSql.acceptedAt, feed, epoch, seq);
  if (accepted === undefined) return;
  database.run(repairSql.putStored, accepted.id, text, proofId(database, jws));
}
