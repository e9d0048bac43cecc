import type { Clock } from '../../shared/runtime/clock.ts';
import type { AuditCheck, AuditFault, AuditHead } from '../store/audit-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { beginning, walkLines } from './audit-chain.ts';

export type Checked =
  | { readonly kind: 'whole' | 'more' }
  | { readonly kind: 'broken'; readonly seq: number; readonly fault: AuditFault };

const pieceLines = 5000;
const againMs = 86_400_000;
const saidMs = 3_600_000;

/**
 * One piece of the walk, remembered: what was added since, and once a day everything from the first line. A fault found
 * stays said until a whole walk finds none. Signatures are the command's to check; here a signed line must be unchanged.
 */
export async function checkOnward(store: Store, clock: Clock): Promise<Checked> {
  const now = clock.now();
  const last = await store.read((tx) => tx.audit.check());
  // Said once; whether it holds again is seen at the next whole walk.
  if (last !== undefined && last.fault !== null && !begins(last, now)) return { kind: 'whole' };
  const { check, next } = await store.read(async (tx) => {
    const first = await beginning(tx, await tx.retention.auditFloor());
    const known = (await tx.audit.check()) ?? startAt(now, first);
    // Where the walk stood was purged meanwhile: it goes on from the first line that is kept.
    const isGone = known.cursorSeq < first.seq;
    const from = begins(known, now) || isGone ? { ...known, ...startAt(now, first, known) } : known;
    return { check: known, next: await step(tx, from, now, first) };
  });
  if (next.write) await store.transaction((tx) => tx.audit.putCheck(next.check));
  if (next.result.kind === 'broken' && check.faultSeq === next.result.seq) return { kind: 'whole' };
  return next.result;
}

/** A walk is due anew: a day has gone by, and none is on its way. */
function begins({ startedAt, verifiedAt, fault }: AuditCheck, now: number): boolean {
  const ended = verifiedAt !== null && verifiedAt >= startedAt;
  return now - startedAt >= againMs && (ended || fault !== null);
}

function startAt(now: number, first: AuditHead, known?: AuditCheck): AuditCheck {
  return {
    ...{ cursorSeq: first.seq, cursorHash: first.hash, startedAt: now },
    ...{ verifiedSeq: known?.verifiedSeq ?? 0, verifiedAt: known?.verifiedAt ?? null },
    ...{ faultSeq: known?.faultSeq ?? null, fault: known?.fault ?? null },
  };
}

async function step(
  tx: StoreTx,
  check: AuditCheck,
  now: number,
  first: AuditHead,
): Promise<{ readonly check: AuditCheck; readonly write: boolean; readonly result: Checked }> {
  const from = { seq: check.cursorSeq, hash: check.cursorHash };
  const broken = (seq: number, fault: AuditFault) => ({
    // The next walk starts from the first line.
    check: { ...check, cursorSeq: first.seq, cursorHash: first.hash, faultSeq: seq, fault },
    write: check.faultSeq !== seq || check.fault !== fault,
    result: { kind: 'broken', seq, fault } as const,
  });
  const isBeginning = from.seq === first.seq;
  const anchor = isBeginning ? undefined : await tx.audit.line(from.seq);
  if (!isBeginning && anchor?.hash !== from.hash)
    return broken(from.seq, anchor === undefined ? 'cut' : 'altered');
  const lines = await tx.audit.walk(from.seq, pieceLines);
  const walked = walkLines(from, lines);
  if (walked.kind === 'broken') return broken(walked.seq, walked.fault);
  const { head } = walked;
  for (const seal of await tx.audit.seals(from.seq, pieceLines)) {
    const line = seal.seq <= head.seq ? await tx.audit.line(seal.seq) : undefined;
    if (line !== undefined && line.hash !== seal.hash) return broken(seal.seq, 'seal');
    if (line === undefined && lines.length < pieceLines) return broken(head.seq + 1, 'cut');
  }
  const moved = { ...check, cursorSeq: head.seq, cursorHash: head.hash };
  if (lines.length === pieceLines) return { check: moved, write: true, result: { kind: 'more' } };
  const done = { ...moved, verifiedSeq: head.seq, verifiedAt: now, faultSeq: null, fault: null };
  // Nothing new is written down once an hour only: this is a write to the disk.
  const isNews = lines.length > 0 || check.verifiedAt === null || now - check.verifiedAt >= saidMs;
  return { check: done, write: isNews || check.fault !== null, result: { kind: 'whole' } };
}
