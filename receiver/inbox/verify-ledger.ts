import { X509Certificate } from 'node:crypto';
import { genesis } from '../../shared/envelope/header.ts';
import { parseEnvelope, verifyEnvelope } from '../../shared/envelope/open.ts';
import { allFeeds } from '../../shared/feeds/registry.ts';
import type { ReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import type { CertificateRow, EnvelopeRow, LedgerHead, Store } from '../store/store.ts';

/**
 * Proves with public keys only that a ledger misses nothing and that nothing in it was altered or added: the chain, the
 * contents still kept, their signatures, and the receipts given for them.
 */
export interface LedgerCheck {
  readonly agent: string;
  readonly feed: string;
  readonly epoch: number;
  readonly envelopes: number;
  readonly receipts: number;
  readonly contents: number;
  /** Contents destroyed because they carried a visit that was erased on request. */
  readonly erased: number;
  /** Rows beyond a gap that may still be filled. */
  readonly ahead: number;
  readonly faults: readonly LedgerFault[];
}

export interface LedgerFault {
  readonly seq: number;
  readonly fault:
    | 'chain'
    | 'missing'
    | 'head'
    | 'content-malformed'
    | 'content-altered'
    | 'signature'
    | 'signer-unknown'
    | 'content-missing'
    | 'receipt-missing'
    | 'receipt-invalid'
    /** An export applied whose receipt is gone. */
    | 'outcome-missing'
    /** A receipt that is not proven, or whose envelope is gone: `seq` is its cursor. */
    | 'receipt-unproven';
}

const page = 100;
const maxFaults = 100;

export async function verifyLedgers(
  store: Store,
  verifier: ReceiptVerifier,
): Promise<readonly LedgerCheck[]> {
  const checks: LedgerCheck[] = [];
  const agents = await store.read((tx) => tx.agents.list());
  for (const { id } of agents) {
    const certificates = await store.read((tx) => tx.agents.certificatesOf(id));
    const { faults: unproven, feeds } = await verifyReceipts(store, verifier, id);
    const heads = await allHeads(store, id, feeds);
    for (const [index, head] of heads.entries()) {
      let prev = genesis;
      for (let epoch = 1; epoch <= head.epoch; epoch += 1) {
        const walked = await verifyEpoch({ head, epoch, prev, store, verifier, certificates });
        const isLast = epoch === head.epoch && index === heads.length - 1;
        checks.push(isLast ? withFaults(walked.check, unproven) : walked.check);
        prev = walked.last;
      }
    }
  }
  return checks;
}

/**
 * Heads of an agent's ledgers. One that is gone, where receipts or envelopes tell of its ledger, stands at the beginning:
 * whatever is there is then more than it should be.
 */
async function allHeads(
  store: Store,
  agent: string,
  receipted: ReadonlySet<string>,
): Promise<readonly LedgerHead[]> {
  const heads = await store.read((tx) => tx.inbox.heads(agent));
  const feeds = new Set([...receipted, ...allFeeds.map(({ name }) => name)]);
  for (const { feed } of heads) feeds.delete(feed);
  const lost: LedgerHead[] = [];
  for (const feed of feeds) {
    const rows = await store.read((tx) => tx.inbox.ledger(agent, feed, 1, 0, 1));
    if (rows.length > 0 || receipted.has(feed)) lost.push({ agent, feed, epoch: 1, seq: 0, digest: genesis });
  }
  return [...heads, ...lost];
}

function withFaults(check: LedgerCheck, more: readonly LedgerFault[]): LedgerCheck {
  return { ...check, faults: [...check.faults, ...more].slice(0, maxFaults) };
}

/** All receipts given to an agent: signed by the region, and those of envelopes naming one that is here. */
async function verifyReceipts(
  store: Store,
  verifier: ReceiptVerifier,
  agent: string,
): Promise<{ readonly faults: readonly LedgerFault[]; readonly feeds: ReadonlySet<string> }> {
  const faults: LedgerFault[] = [];
  const feeds = new Set<string>();
  for (let after = 0; ;) {
    const { rows, proofs } = await store.read(async (tx) => {
      const found = await tx.receipts.after(agent, after, page);
      const known = await tx.receipts.proofs([...new Set(found.map(({ proof }) => proof))]);
      return { rows: found, proofs: new Map(known.map(({ id, jws }) => [id, jws])) };
    });
    for (const { cursor, text, proof } of rows) {
      after = cursor;
      const receipt = await verifier.verify(text, proofs.get(proof) ?? '').catch((error: unknown) => {
        if (asFault(error).code === 'receipt-invalid') return undefined;
        throw error;
      });
      const envelope = receipt?.kind === 'stored' ? receipt.envelope : undefined;
      if (receipt?.kind === 'stored') feeds.add(receipt.feed);
      const gone =
        envelope !== undefined && (await store.read((tx) => tx.inbox.byId(envelope))) === undefined;
      if (receipt?.agent !== agent || gone) faults.push({ seq: cursor, fault: 'receipt-unproven' });
    }
    if (rows.length < page) return { faults, feeds };
  }
}

interface EpochWalk {
  readonly head: LedgerHead;
  readonly epoch: number;
  /** What the first envelope must name. */
  readonly prev: string;
  readonly store: Store;
  readonly verifier: ReceiptVerifier;
  readonly certificates: readonly CertificateRow[];
}

async function verifyEpoch(walk: EpochWalk): Promise<{ readonly check: LedgerCheck; readonly last: string }> {
  const { head, epoch, store } = walk;
  const { agent, feed } = head;
  const faults: LedgerFault[] = [];
  let [envelopes, contents, erased, receipts, ahead] = [0, 0, 0, 0, 0];
  let last = { seq: 0, digest: walk.prev };
  let before: EnvelopeRow | undefined;
  for (let after = 0; ;) {
    const rows = await store.read((tx) => tx.inbox.ledger(agent, feed, epoch, after, page));
    for (const row of rows) {
      envelopes += 1;
      const linked = row.seq === 1 ? walk.prev : before?.seq === row.seq - 1 ? before.digest : undefined;
      if (linked !== undefined && linked !== row.prev) faults.push({ seq: row.seq, fault: 'chain' });
      if (row.seq === last.seq + 1) last = { seq: row.seq, digest: row.digest };
      else ahead += 1;
      const content = await verifyContent(row, walk);
      if (content === 'good') contents += 1;
      else if (content === 'erased') erased += 1;
      else if (content !== 'purged') faults.push({ seq: row.seq, fault: content });
      const receipt = await verifyReceipt(row, walk);
      if (receipt === 'good') receipts += 1;
      else faults.push({ seq: row.seq, fault: receipt });
      if (await isOutcomeMissing(row, store)) faults.push({ seq: row.seq, fault: 'outcome-missing' });
      before = row;
    }
    const final = rows.at(-1);
    if (final === undefined || rows.length < page) break;
    after = final.seq;
  }
  if (epoch === head.epoch) {
    if (last.seq < head.seq) faults.push({ seq: last.seq + 1, fault: 'missing' });
    else if (last.seq !== head.seq || last.digest !== head.digest)
      faults.push({ seq: head.seq, fault: 'head' });
  }
  const check = {
    agent,
    feed,
    epoch,
    envelopes,
    receipts,
    contents,
    erased,
    ahead,
    faults: faults.slice(0, maxFaults),
  };
  return { check, last: last.digest };
}

async function verifyContent(
  row: EnvelopeRow,
  { store, certificates }: EpochWalk,
): Promise<LedgerFault['fault'] | 'good' | 'purged' | 'erased'> {
  if (row.state === 'tombstone') return 'purged';
  const bytes = await store.read((tx) => tx.inbox.content(row.id));
  if (bytes === undefined && (await store.read((tx) => tx.erasure.isErased(row.id)))) return 'erased';
  // Only what is settled is ever purged.
  if (bytes === undefined)
    return row.state === 'done' || row.state === 'refused' ? 'purged' : 'content-missing';
  try {
    const parsed = parseEnvelope(bytes);
    const { id, agent, feed, epoch, seq, prev, signer } = parsed.header;
    const same = [
      id === row.id && agent === row.agent && feed === row.feed,
      epoch === row.epoch && seq === row.seq && prev === row.prev,
      parsed.digest === row.digest,
    ];
    if (same.includes(false)) return 'content-altered';
    const certificate = certificates.find(({ use, fingerprint }) => use === 'seal' && fingerprint === signer);
    if (certificate === undefined) return 'signer-unknown';
    const { publicKey } = new X509Certificate(certificate.pem);
    return (await verifyEnvelope(parsed, publicKey)) ? 'good' : 'signature';
  } catch (error) {
    if (asFault(error).code.startsWith('envelope-')) return 'content-malformed';
    throw error;
  }
}

/** Looked for once an export, at its first slice. */
async function isOutcomeMissing(row: EnvelopeRow, store: Store): Promise<boolean> {
  const { export: id, slice, state } = row;
  if (id === null || slice !== 1 || state !== 'done') return false;
  const receipts = await store.read((tx) => tx.receipts.ofExport(id));
  return !receipts.some(({ text }) => /"kind":"(processed|rejected)"/.test(text));
}

async function verifyReceipt(
  row: EnvelopeRow,
  { store, verifier }: EpochWalk,
): Promise<'good' | 'receipt-missing' | 'receipt-invalid'> {
  const found = await store.read((tx) => tx.receipts.stored(row.id));
  if (found === undefined) return 'receipt-missing';
  const receipt = await verifier.verify(found.text, found.jws).catch((error: unknown) => {
    if (asFault(error).code === 'receipt-invalid') return undefined;
    throw error;
  });
  const good =
    receipt?.kind === 'stored' &&
    receipt.agent === row.agent &&
    receipt.envelope === row.id &&
    receipt.digest === row.digest &&
    receipt.feed === row.feed &&
    receipt.epoch === row.epoch &&
    receipt.seq === row.seq;
  return good ? 'good' : 'receipt-invalid';
}
