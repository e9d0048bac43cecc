import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openAgentDatabase, type AgentDatabase } from '../../../agent/outbox/database.ts';
import { createOutbox, type Outbox } from '../../../agent/outbox/outbox.ts';
import type { ReadExportRow, ReadyExport, SealedEnvelope } from '../../../agent/outbox/rows.ts';
import { createReceiptSigner, createReceiptVerifier } from '../../../shared/protocol/receipt-proof.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { formatUuid7, type Random } from '../../../shared/runtime/random.ts';

export const quiet = createLogger({ name: 'test', level: 'silent' });

export interface FakeClock extends Clock {
  pass(ms: number): void;
}

/** 21 January 2026, noon in Paris. */
export const startAt = Date.UTC(2026, 0, 21, 11);

export function fakeClock(at = startAt): FakeClock {
  let now = at;
  return {
    now: () => now,
    monotonic: () => now - at,
    pass: (ms) => {
      now += ms;
    },
  };
}

export function fakeRandom(): Random {
  let n = 0;
  const bytes = (length: number): Buffer => {
    n += 1;
    const block = createHash('sha512').update(`random ${n}`).digest();
    return Buffer.concat(Array.from({ length: Math.ceil(length / 64) }, () => block)).subarray(0, length);
  };
  return { fraction: () => 0.5, bytes, uuid: (nowMs) => formatUuid7(nowMs, Buffer.from(bytes(16))) };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface OpenOutbox {
  readonly database: AgentDatabase;
  readonly outbox: Outbox;
}

export function openOutbox(path: string, clock: Clock): OpenOutbox {
  const database = openAgentDatabase(path);
  return { database, outbox: createOutbox({ database, clock }) };
}

export const feed = 'ed-visits';

export function exportRow(id: string, change: Partial<ReadExportRow> = {}): ReadExportRow {
  return {
    ...{ id, source: 'urgences', name: `${id}.xml`, path: Buffer.from(`/in/${id}.xml`) },
    ...{ digest: createHash('sha256').update(id).digest('hex'), bytes: 100 },
    ...{ feed, facility: '990000010', part: '0', mapping: 'rpu-2006', outcome: 'unknown' },
    ...{ records: 10, accepted: 10, rejected: 0, windowFrom: '2026-01-20', windowTo: '2026-01-20' },
    ...{ trusted: 0, errorCode: null, errorFacts: null, findingsTotal: 0, slices: 1 },
    ...{ resend: 0, original: null, readAt: startAt },
    ...change,
  };
}

/** A UUIDv7 that follows from its arguments. */
export function envelopeId(exportId: string, seq: number): string {
  return formatUuid7(startAt, createHash('sha256').update(`${exportId} ${seq}`).digest().subarray(0, 16));
}

export function envelopeOf(
  exportId: string,
  seq: number,
  prev: string,
  change: Partial<SealedEnvelope> = {},
): SealedEnvelope {
  const digest = createHash('sha256').update(`${prev} ${exportId} ${seq}`).digest('hex');
  return {
    ...{ id: envelopeId(exportId, seq), export: exportId, slice: 1, feed, epoch: 1, seq, prev, digest },
    ...{ records: 10, firstRecord: 1, lastRecord: 10, createdAt: startAt },
    content: Buffer.from(`sealed ${exportId} ${seq}`),
    ...change,
  };
}

export function ready(
  row: ReadExportRow,
  envelopes: readonly SealedEnvelope[],
  change: Partial<ReadyExport> = {},
): ReadyExport {
  return { row, findings: [], envelopes, stagedSlices: 0, seen: null, rereadOf: null, ...change };
}

/** A region's receipt key: signs and verifies for real. */
export function receiptKey(clock: Clock) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const period = { notBefore: 0, notAfter: clock.now() + 10 * 365 * 86_400_000 };
  return {
    signer: createReceiptSigner({ privateKey, kid: 'k1', clock }),
    verifier: createReceiptVerifier([{ kid: 'k1', publicKey: pem, ...period }]),
  };
}
