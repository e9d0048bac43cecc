import type { Clock } from '../../shared/runtime/clock.ts';
import type { Actor } from '../accounts/actor.ts';
import type { StoreTx } from '../store/store.ts';
import { firstPrev, hashOf } from './audit-chain.ts';

/** One line of the audit log: who did what to what, and why. Facts are ids, counts and names; never a record's value. */
export interface AuditEntry {
  /** Dotted: `alert.take`, `removals.confirm`, `record.read`, `account.create`. */
  readonly action: string;
  /** What it was done to: an id, a FINESS, a destination. */
  readonly subject: string;
  readonly facility?: string;
  readonly destination?: string;
  readonly reason?: string;
  readonly facts?: Readonly<Record<string, string | number>>;
}

const longest = { name: 100, action: 64, subject: 200, reason: 500, fact: 200, facts: 20 } as const;

/**
 * In the transaction of what it tells of: neither is ever there without the other. A transaction that writes is the only
 * one in the database, so that two processes never chain to the same line.
 */
export async function appendAudit(tx: StoreTx, clock: Clock, actor: Actor, entry: AuditEntry): Promise<void> {
  const head = await tx.audit.head();
  const { reason, facility, destination } = entry;
  const line = {
    seq: (head?.seq ?? 0) + 1,
    at: Math.trunc(clock.now()),
    actorKind: actor.kind,
    actorId: bounded(actor.id, longest.name),
    actorName: bounded(actor.name, longest.name),
    action: bounded(entry.action, longest.action),
    subject: bounded(entry.subject, longest.subject),
    facility: facility === undefined ? null : bounded(facility, longest.name),
    destination: destination === undefined ? null : bounded(destination, longest.name),
    reason: reason === undefined || reason === '' ? null : bounded(reason, longest.reason),
    facts: factsText(entry.facts ?? {}),
    prev: head?.hash ?? firstPrev,
  };
  await tx.audit.append({ ...line, hash: hashOf(line) });
}

function factsText(facts: Readonly<Record<string, string | number>>): string {
  const kept = Object.entries(facts)
    .slice(0, longest.facts)
    .map(
      ([name, value]) =>
        [
          bounded(name, longest.action),
          typeof value === 'number' ? value : bounded(value, longest.fact),
        ] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(kept));
}

/**
 * What is read back is what was hashed: no half characters, no control characters, no end that SQLite might cut; and nothing
 * that would make a line read backwards.
 */
function bounded(text: string, length: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}]+/gu, ' ').trim();
  const signs = Array.from(clean);
  return signs.length <= length ? clean : `${signs.slice(0, length - 1).join('')}…`;
}
