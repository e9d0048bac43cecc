import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import type { AuditFault, AuditHead, AuditSeal } from '../store/audit-tables.ts';
import type { Store } from '../store/store.ts';
import { beginning, walkLines } from './audit-chain.ts';
import { sealText } from './seal-audit.ts';

export interface AuditVerdict {
  /** Lines that hold, from the first that is kept. */
  readonly lines: number;
  /** The last line that holds: to be written down elsewhere. */
  readonly head: AuditHead;
  /** The last line that the region has signed; what follows it could be cut off without being missed. */
  readonly signed: { readonly seq: number; readonly at: number } | null;
  readonly broken: { readonly seq: number; readonly fault: AuditFault } | null;
}

const pageLines = 5000;

/**
 * The whole chain, page by page, with public keys only: nothing missing, altered or in another order, and every head that
 * was signed is still there. `known` is a head somebody wrote down: with it, what was cut off since is missed too.
 */
export async function verifyAudit(
  store: Store,
  verifier: Pick<ReceiptVerifier, 'covers'>,
  known?: AuditHead,
): Promise<AuditVerdict> {
  const floor = await store.read((tx) => tx.retention.auditFloor());
  let head = await store.read((tx) => beginning(tx, floor));
  let signed: AuditVerdict['signed'] = null;
  for (;;) {
    const { seq: after } = head;
    const { lines, seals } = await store.read(async (tx) => {
      const read = await tx.audit.walk(after, pageLines);
      const to = read.at(-1)?.seq ?? after;
      const sealed = await tx.audit.seals(after, pageLines);
      return { lines: read, seals: sealed.filter(({ seq }) => seq <= to) };
    });
    const walked = walkLines(head, lines);
    const good = walked.kind === 'good' ? walked.head.seq : walked.seq - 1;
    const hashes = new Map(lines.map(({ seq, hash }) => [seq, hash]));
    // What was purged before it is vouched for by the signature over the first line that is left.
    if (floor > 0 && after < floor && !seals.some(({ seq }) => seq === floor))
      return broken(head, signed, floor, 'seal');
    for (const seal of seals) {
      if (seal.seq > good) break;
      if (seal.hash !== hashes.get(seal.seq) || !(await isSigned(seal, verifier)))
        return broken(head, signed, seal.seq, 'seal');
      signed = { seq: seal.seq, at: seal.at };
    }
    if (known !== undefined && hashes.has(known.seq) && hashes.get(known.seq) !== known.hash)
      return broken(head, signed, known.seq, 'altered');
    if (walked.kind === 'broken') {
      const hash = hashes.get(good) ?? head.hash;
      return broken({ seq: good, hash }, signed, walked.seq, walked.fault);
    }
    ({ head } = walked);
    if (lines.length < pageLines) break;
    await nextTurn();
  }
  const later = await store.read(async (tx) => (await tx.audit.seals(head.seq, 1)).at(0));
  if (later !== undefined || (known?.seq ?? 0) > head.seq) return broken(head, signed, head.seq + 1, 'cut');
  return { lines: head.seq - Math.max(0, floor - 1), head, signed, broken: null };
}

function broken(
  head: AuditHead,
  signed: AuditVerdict['signed'],
  seq: number,
  fault: AuditFault,
): AuditVerdict {
  return { lines: head.seq, head, signed, broken: { seq, fault } };
}

async function isSigned(
  { seq, hash, at, text, proof }: AuditSeal,
  verifier: Pick<ReceiptVerifier, 'covers'>,
): Promise<boolean> {
  return text === sealText({ seq, hash }, at) && verifier.covers(text, proof);
}
