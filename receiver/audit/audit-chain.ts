import { hash } from 'node:crypto';
import type { AuditFault, AuditHead, AuditLine } from '../store/audit-tables.ts';
import type { StoreTx } from '../store/store.ts';

/**
 * The chain: a line's hash is SHA-256 over the JSON array of its fields in the order below, the hash of the line before
 * among them. An array has one way of being written; facts go in as their text.
 */
export const firstPrev = '0'.repeat(64);

const domain = 'vaguemestre-audit-v1';

export function hashOf(line: Omit<AuditLine, 'hash'>): string {
  const { seq, at, actorKind, actorId, actorName, action, subject } = line;
  const { facility, destination, reason, facts, prev } = line;
  const fields = [
    ...[domain, seq, at, actorKind, actorId, actorName, action, subject],
    ...[facility, destination, reason, facts, prev],
  ];
  return hash('sha256', JSON.stringify(fields), 'hex');
}

const beforeFirst: AuditHead = { seq: 0, hash: firstPrev };

/** What the first line that is kept follows: nothing, or what was purged. */
export async function beginning(tx: Pick<StoreTx, 'audit'>, floor: number): Promise<AuditHead> {
  const first = floor === 0 ? undefined : await tx.audit.line(floor);
  return first === undefined ? beforeFirst : { seq: floor - 1, hash: first.prev };
}

export type Walked =
  | { readonly kind: 'good'; readonly head: AuditHead }
  | { readonly kind: 'broken'; readonly seq: number; readonly fault: AuditFault };

/** From a head that is good over the lines that follow it, up to the first that is not what it should be. */
export function walkLines(from: AuditHead, lines: readonly AuditLine[]): Walked {
  let head = from;
  for (const line of lines) {
    const { seq } = line;
    if (seq !== head.seq + 1) return { kind: 'broken', seq: head.seq + 1, fault: 'missing' };
    if (hashOf(line) !== line.hash) return { kind: 'broken', seq, fault: 'altered' };
    if (line.prev !== head.hash) return { kind: 'broken', seq, fault: 'reordered' };
    head = { seq, hash: line.hash };
  }
  return { kind: 'good', head };
}
