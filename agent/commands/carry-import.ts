import type { z } from 'zod';
import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { fill } from '../../shared/i18n/texts.ts';
import {
  carriedAnswers,
  carriedPage,
  carriedReceipts,
  openCarry,
  type Carry,
  type CarriedAnswers,
} from '../../shared/protocol/carry.ts';
import { createReceiptVerifier, type ReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { systemClock, type Clock } from '../../shared/runtime/clock.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { loadIdentity, type Identity } from '../enrolment/identity.ts';
import { takeStateLock } from '../health/state-lock.ts';
import type { ProvenReceipt } from '../outbox/export-book.ts';
import { createOutbox, type Outbox } from '../outbox/outbox.ts';
import type { EnvelopeRow } from '../outbox/rows.ts';
import { settleCarried, type CarriedCounts, type CarriedSettled } from '../outbox/settle-carried.ts';
import { proven } from '../push/pusher.ts';
import { provenPage } from '../push/receipts.ts';
import type { CommandContext } from './command.ts';
import { operator } from './operation-options.ts';
import { withOperations, type OpenOperations } from './open-operations.ts';

/** How long envelopes in the hands of the running agent are waited for. */
const busyMs = 60_000;
const lookAgainMs = 500;

/** How it is waited for them. */
interface Waiting {
  readonly clock: Clock;
  readonly wait: (ms: number) => Promise<void>;
}
const never = new AbortController().signal;
const inEarnest: Waiting = { clock: systemClock, wait: (ms) => pause(ms, never) };
/** Envelopes settled in one transaction. */
const atOnce = 256;

/**
 * Takes in the region's answer to a carried file. Every receipt is verified before the first counts; then envelopes are
 * settled and receipts applied exactly as if they had come over the network, beside the running agent if there is one.
 */
export async function carryImport(
  context: CommandContext,
  file: string,
  waiting: Waiting = inEarnest,
): Promise<number> {
  const { config, json, language, print, terminal } = context;
  const identity = await loadIdentity(config.state);
  const carry = await openCarry(file, 'answer');
  try {
    mustBeOurs(carry, identity, file);
    return await withOperations(config.state, async (open) => {
      const found = await readAnswer(carry, open, identity);
      const counts = { settled: 0, known: found.known };
      const left = await settleAlone(context, open, found, counts, waiting);
      const receipts = applyPages(open, found.pages);
      open.operations.record({
        ...{ at: systemClock.now(), who: operator(terminal.env), action: 'carry-import' },
        ...{ what: file, exports: receipts, records: 0 },
      });
      const document = { file, ...counts, busy: left, refused: found.refused, receipts };
      if (json) print(JSON.stringify(document));
      else {
        print(fill(texts.carryImported[language], document));
        if (found.refused > 0) print(fill(texts.carryRefused[language], document));
        if (left > 0) print(fill(texts.carryBusy[language], document));
      }
      return found.refused + left === 0 ? 0 : 1;
    });
  } finally {
    await carry.close();
  }
}

function mustBeOurs({ header }: Carry, { agent, rootDigest }: Identity, file: string): void {
  if (header.region !== rootDigest) throw permanent('carry-other-region', { facts: { file } });
  if (header.agent !== agent) throw permanent('carry-other-agent', { facts: { file, agent: header.agent } });
}

interface Page {
  readonly after: number;
  readonly cursor: number;
  readonly receipts: readonly ProvenReceipt[];
}

interface Answer {
  readonly accepted: CarriedSettled[];
  /** Numbers of envelopes whose tombstone arrived. */
  readonly buried: number[];
  readonly pages: Page[];
  refused: number;
  /** Answers to envelopes that this agent no longer has: dropped when it was enrolled anew. */
  known: number;
}

/** Throws `receipt-invalid` when anything in it is not the region's word to this agent. */
async function readAnswer(carry: Carry, open: OpenOperations, identity: Identity): Promise<Answer> {
  const verifier = createReceiptVerifier(identity.bundle().receiptKeys);
  const answer: Answer = { accepted: [], buried: [], pages: [], refused: 0, known: 0 };
  for await (const { kind, bytes } of carry.entries()) {
    if (kind === 'answers') await readAnswers(parsed(carriedAnswers, bytes), open, verifier, answer);
    else if (kind === 'receipts')
      answer.pages.push(await readPage(parsed(carriedReceipts, bytes), verifier, identity.agent));
    else throw permanent('receipt-invalid');
  }
  return answer;
}

async function readAnswers(
  { proofs, answers }: CarriedAnswers,
  { exports }: OpenOperations,
  verifier: ReceiptVerifier,
  into: Answer,
): Promise<void> {
  const logger = createLogger({ name: 'agent', level: 'silent' });
  for (const one of answers) {
    if ('refused' in one) {
      into.refused += 1;
      continue;
    }
    const row: EnvelopeRow | undefined = exports.envelope(one.envelope);
    if (row === undefined) {
      into.known += 1;
      continue;
    }
    const settled = await proven(
      { verifyReceipt: (text, jws) => verifier.verify(text, jws), logger },
      row,
      one.receipt,
      proofs[one.proof] ?? '',
    );
    if (settled?.kind !== 'accepted') throw permanent('receipt-invalid');
    if (row.state === 'dead') into.buried.push(row.n);
    else into.accepted.push(settled);
  }
}

async function readPage(
  { text, proof }: z.infer<typeof carriedReceipts>,
  verifier: ReceiptVerifier,
  agent: string,
): Promise<Page> {
  if (!(await verifier.covers(text, proof))) throw permanent('receipt-invalid');
  const { agent: addressee, after, page } = parsed(carriedPage, Buffer.from(text, 'utf8'));
  if (addressee !== agent) throw permanent('receipt-invalid');
  return {
    after,
    cursor: page.cursor,
    receipts: await provenPage(page, (receipt, jws) => verifier.verify(receipt, jws)),
  };
}

/** Where no agent runs, none may start meanwhile, and what a dead one was sending is given back first. */
async function settleAlone(
  context: CommandContext,
  open: OpenOperations,
  answer: Answer,
  counts: CarriedCounts,
  waiting: Waiting,
): Promise<number> {
  const outbox = createOutbox({ database: open.database, clock: systemClock });
  const unlock = lockUnlessRunning(context.config.state);
  try {
    if (unlock !== undefined) outbox.recover();
    return await settleAll(context, open, answer, counts, outbox, waiting);
  } finally {
    unlock?.();
  }
}

function lockUnlessRunning(state: string): (() => void) | undefined {
  try {
    return takeStateLock(state, systemClock);
  } catch (error) {
    if (asFault(error).code === 'state-locked') return undefined;
    throw error;
  }
}

/** Settles in small transactions; what the running agent has in hand is tried again until it is back or time is up. */
async function settleAll(
  { language, terminal }: CommandContext,
  { database }: OpenOperations,
  { accepted, buried }: Answer,
  counts: CarriedCounts,
  outbox: Outbox,
  { clock, wait }: Waiting,
): Promise<number> {
  for (const n of buried) outbox.tombstoneSent(n);
  const end = clock.monotonic() + busyMs;
  let left: readonly CarriedSettled[] = accepted;
  for (;;) {
    const busy: CarriedSettled[] = [];
    for (let from = 0; from < left.length; from += atOnce) {
      busy.push(...settleCarried({ database, outbox }, left.slice(from, from + atOnce), counts));
      terminal.progress(fill(texts.carrySettling[language], { done: counts.settled, of: accepted.length }));
    }
    terminal.progress('');
    left = busy;
    if (left.length === 0 || clock.monotonic() >= end) return left.length;
    await wait(lookAgainMs);
  }
}

/** Pages follow one another from a place the agent has reached: none can have been left out. Answers how many receipts. */
function applyPages({ exports }: OpenOperations, pages: readonly Page[]): number {
  let applied = 0;
  let reached = exports.cursor();
  for (const { after, cursor, receipts } of pages) {
    if (after > reached) break;
    reached = Math.max(reached, exports.cursor(), cursor);
    exports.apply(receipts, reached);
    applied += receipts.length;
  }
  return applied;
}

function parsed<Schema extends z.ZodType>(schema: Schema, bytes: Buffer): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw permanent('receipt-invalid', { cause });
  }
}
