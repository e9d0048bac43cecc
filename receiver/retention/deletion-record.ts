import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../shared/runtime/clock.ts';
import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from '../accounts/actor.ts';
import type { SignReceipts } from '../apply/receipts.ts';
import type { FeedOfFacility, Gone, OpenDeletion } from '../store/retention-tables.ts';
import type { StoreTx } from '../store/store.ts';

/**
 * What the region says of a deletion, signed and chained: never a patient's value, only how much of what went, between
 * which days, by which rule and on whose word. `digest` chains SHA-256 over the names of what went (keyed hashes, ids,
 * file names), so that whoever has such a list can prove that it is the one.
 */
export const deletionRecord = z.strictObject({
  v: z.literal(1),
  kind: z.literal('deletion'),
  seq: z.int().min(1),
  id: z.uuid(),
  class: z.string(),
  rule: z.string(),
  person: z.string(),
  /** Only what is older went; epoch ms. Of an erasure: when it was asked for. */
  before: z.int(),
  startedAt: z.int(),
  endedAt: z.int(),
  counts: z.record(z.string(), z.int().min(0)),
  first: z.string().nullable(),
  last: z.string().nullable(),
  digest: z.string(),
  /** SHA-256 of the record before it; 64 zeros for the first. */
  prev: z.string(),
});
export type DeletionRecord = z.infer<typeof deletionRecord>;

export interface DeletionDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly sign: SignReceipts;
}

export interface Order {
  readonly class: string;
  readonly rule: string;
  readonly actor: Actor;
  readonly before: number;
}

export const firstPrev = '0'.repeat(64);

export function nothingDeleted(
  { class: name, rule, actor, before }: Order,
  { clock, random }: Pick<DeletionDeps, 'clock' | 'random'>,
): OpenDeletion {
  const startedAt = Math.trunc(clock.now());
  return {
    ...{ class: name, id: random.uuid(startedAt), rule, person: actor.name, before: Math.trunc(before) },
    ...{ startedAt, counts: {}, first: null, last: null, digest: firstPrev },
  };
}

/** What went now, added to what went before. */
export function withGone(
  deletion: OpenDeletion,
  gone: readonly Gone[],
  counts: Readonly<Record<string, number>>,
): OpenDeletion {
  const sums: Record<string, number> = { ...deletion.counts };
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  const instants = gone.map(({ at }) => at);
  return {
    ...deletion,
    counts: sums,
    first: [deletion.first ?? '~', ...instants].reduce(lesser).replace('~', '') || null,
    last: [deletion.last ?? '', ...instants].reduce(greater) || null,
    digest: gone.reduce((digest, { name }) => hash('sha256', `${digest}\n${name}`, 'hex'), deletion.digest),
  };
}

const lesser = (one: string, other: string): string => (one < other ? one : other);
const greater = (one: string, other: string): string => (one > other ? one : other);

/** Signs and chains what went, in the transaction that ends it; the audit log holds the record's digest. */
export async function sealDeletion(
  tx: StoreTx,
  deletion: OpenDeletion,
  { clock, sign }: Pick<DeletionDeps, 'clock' | 'sign'>,
): Promise<DeletionRecord> {
  const last = await tx.retention.lastDeletion();
  const { id, rule, person, before, startedAt, counts, first, last: newest, digest } = deletion;
  const record: DeletionRecord = {
    ...{ v: 1, kind: 'deletion', seq: (last?.seq ?? 0) + 1, id, class: deletion.class, rule, person },
    ...{ before, startedAt, endedAt: Math.trunc(clock.now()), counts, first, last: newest, digest },
    prev: last === undefined ? firstPrev : hash('sha256', last.text, 'hex'),
  };
  const text = JSON.stringify(record);
  const proof = await sign([text]);
  const { seq, endedAt: at } = record;
  await tx.retention.putDeletion({ seq, id, class: deletion.class, at, text, proof });
  return record;
}

/** The facts of a deletion's line in the audit log. */
export function deletionFacts(record: DeletionRecord): Readonly<Record<string, string | number>> {
  const { seq, id, rule, counts } = record;
  return {
    deletion: id,
    record: seq,
    rule,
    digest: hash('sha256', JSON.stringify(record), 'hex'),
    ...counts,
  };
}

/** A purge's end: signed, and told in the audit log; nothing when nothing went. */
export async function endPurge(
  tx: StoreTx,
  name: string,
  actor: Actor,
  deps: DeletionDeps,
): Promise<DeletionRecord | undefined> {
  const open = await tx.retention.open(name);
  if (open === undefined) return undefined;
  await tx.retention.dropOpen(name);
  const count = Object.values(open.counts).reduce((sum, each) => sum + each, 0);
  if (count === 0) return undefined;
  const record = await sealDeletion(tx, open, deps);
  await appendAudit(tx, deps.clock, actor, {
    ...{ action: 'retention.purge', subject: name },
    facts: { ...deletionFacts(record), count, before: new Date(open.before).toISOString().slice(0, 10) },
  });
  return record;
}

/** The name of a record in a deletion's digest. */
export function recordName(
  { facility, feed }: FeedOfFacility,
  day: Day,
  { part, key, rank }: { readonly part: string; readonly key: Buffer; readonly rank: number },
): string {
  return `${facility} ${feed} ${part} ${dayToIso(day)} ${key.toString('hex')} ${rank}`;
}
