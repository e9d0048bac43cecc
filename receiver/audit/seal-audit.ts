import type { Clock } from '../../shared/runtime/clock.ts';
import type { SignReceipts } from '../apply/receipts.ts';
import type { AuditHead, AuditSeal } from '../store/audit-tables.ts';
import type { Store } from '../store/store.ts';

/** What the region signs of the log: this line, and by its chain all before it. */
export function sealText(head: AuditHead, at: number): string {
  return JSON.stringify({ kind: 'audit-head', ...head, at });
}

/** Signs the head, unless it is signed already. */
export async function sealAudit(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly sign: SignReceipts;
}): Promise<AuditSeal | undefined> {
  const { store, clock, sign } = deps;
  return store.transaction(async (tx) => {
    const head = await tx.audit.head();
    const last = await tx.audit.lastSeal();
    if (head === undefined || (last !== undefined && last.seq >= head.seq)) return undefined;
    const at = clock.now();
    const text = sealText(head, at);
    const seal = { seq: head.seq, hash: head.hash, at, text, proof: await sign([text]) };
    await tx.audit.putSeal(seal);
    return seal;
  });
}
