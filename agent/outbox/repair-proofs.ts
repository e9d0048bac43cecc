import { hash, type KeyObject } from 'node:crypto';
import { parseEnvelope, verifyEnvelope, type ParsedEnvelope } from '../../shared/envelope/open.ts';
import type { Receipt, StoredReceipt } from '../../shared/protocol/receipts.ts';
import type { AgentDatabase } from './database.ts';
import { lostCode } from './lost-code.ts';
import { repairSql } from './repair-queries.ts';

/** A receipt whose signature holds, with what makes it evidence. */
export interface RegionReceipt {
  readonly receipt: Receipt;
  readonly text: string;
  readonly jws: string;
}

export interface ProofDeps {
  readonly database: AgentDatabase;
  /** Undefined when nobody can tell: not enrolled any more. */
  readonly verifyReceipt: ((text: string, jws: string) => Promise<Receipt>) | undefined;
  readonly sealKey: (fingerprint: string) => KeyObject | undefined;
}

/** A flipped bit in a text or a blob is no fault to SQLite: only what is signed can be believed. */
export async function keepProvenReceipts(deps: ProofDeps): Promise<void> {
  const { run, all } = deps.database;
  dropAlteredProofs(deps.database);
  for (let after = 0; ;) {
    const rows = all<{
      cursor: number;
      export: string | null;
      kind: string;
      text: string;
      jws: string | null;
    }>(repairSql.receiptPage, after);
    for (const { cursor, export: id, kind, text, jws } of rows) {
      after = cursor;
      const receipt = await proven(deps, text, jws);
      const isIts = receipt?.kind === kind && (!('export' in receipt) || (receipt.export ?? id) === id);
      if (isIts && receipt.kind === 'stored') noteStored(deps.database, receipt, text, jws ?? '');
      if (!isIts) run(repairSql.dropReceipt, cursor);
    }
    if (rows.length === 0) break;
  }
  for (const { text, jws } of all<{ text: string; jws: string }>(repairSql.storedReceipts)) {
    const receipt = await proven(deps, text, jws);
    if (receipt?.kind === 'stored') noteStored(deps.database, receipt, text, jws);
  }
  run(repairSql.clearStored);
}

/** A proof is looked up by its digest: one that is not what its digest says would answer for a good one. */
function dropAlteredProofs({ run, all }: AgentDatabase): void {
  for (let after = 0; ;) {
    const rows = all<{ id: number; digest: string; jws: string }>(repairSql.proofPage, after);
    for (const { id, digest, jws } of rows) {
      after = id;
      if (hash('sha256', jws, 'hex') !== digest) run(repairSql.dropProof, id);
    }
    if (rows.length === 0) return;
  }
}

export function noteStored({ run }: AgentDatabase, receipt: StoredReceipt, text: string, jws: string): void {
  const { feed, epoch, seq, envelope, digest, at } = receipt;
  run(repairSql.putProven, feed, epoch, seq, envelope, digest, text, jws, at);
}

async function proven(deps: ProofDeps, text: string, jws: string | null): Promise<Receipt | undefined> {
  if (jws === null) return undefined;
  try {
    return await deps.verifyReceipt?.(text, jws);
  } catch {
    return undefined;
  }
}

interface Kept {
  readonly n: number;
  readonly id: string;
  readonly feed: string;
  readonly epoch: number;
  readonly seq: number;
  readonly prev: string;
  readonly digest: string;
  readonly state: string;
  readonly code: string | null;
  readonly purged: number;
}

/**
 * Keeps the envelopes that are what they say: by their own signed content, else by their receipt. An accepted one without
 * receipt is sent again, which does no harm. Answers how many rows went.
 */
export async function keepSoundEnvelopes(deps: ProofDeps): Promise<number> {
  const { run, all } = deps.database;
  let dropped = 0;
  for (let after = 0; ;) {
    const rows = all<Kept>(repairSql.envelopePage, after);
    for (const row of rows) {
      after = row.n;
      if (await isKept(deps, row)) continue;
      run(repairSql.dropContent, row.n);
      run(repairSql.dropEnvelope, row.n);
      dropped += 1;
    }
    if (rows.length === 0) break;
  }
  run(repairSql.dropOrphanContents);
  return dropped;
}

async function isKept(deps: ProofDeps, row: Kept): Promise<boolean> {
  const { run, get } = deps.database;
  const receipt = get<{ envelope: string; digest: string }>(repairSql.provenAt, row.feed, row.epoch, row.seq);
  const isReceipted = receipt?.envelope === row.id && receipt.digest === row.digest;
  const content = get<{ content: Buffer }>(repairSql.content, row.n)?.content;
  if (content !== undefined && (await isContentOf(deps, row, content))) {
    if (row.state === 'accepted' && !isReceipted) run(repairSql.sendAgain, row.n);
    return true;
  }
  if (row.state === 'dead' && row.code === lostCode && content === undefined) return true;
  if (row.state !== 'accepted' || !isReceipted) return false;
  run(repairSql.dropContent, row.n);
  run(repairSql.markPurged, row.n);
  return true;
}

async function isContentOf(deps: ProofDeps, row: Kept, content: Buffer): Promise<boolean> {
  let parsed: ParsedEnvelope;
  try {
    parsed = parseEnvelope(content);
  } catch {
    return false;
  }
  const { id, feed, epoch, seq, prev, signer } = parsed.header;
  const isSame =
    parsed.digest === row.digest &&
    id === row.id &&
    feed === row.feed &&
    epoch === row.epoch &&
    seq === row.seq &&
    prev === row.prev;
  if (!isSame) return false;
  const key = deps.sealKey(signer);
  return key !== undefined && (await verifyEnvelope(parsed, key));
}
