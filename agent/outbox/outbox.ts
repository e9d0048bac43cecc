import { createHash } from 'node:crypto';
import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { dayOfInstant, instantOf } from '../../shared/runtime/paris-time.ts';
import { genesis } from '../../shared/envelope/header.ts';
import { permanent, transient } from '../../shared/runtime/errors.ts';
import type { AgentDatabase } from './database.ts';
import { envelopeSql, exportSql, fileSql, ledgerSql, metaSql } from './queries.ts';
import type {
  ClaimedEnvelope,
  EnvelopeRow,
  ExportRow,
  LedgerTail,
  ReadyExport,
  SealedEnvelope,
} from './rows.ts';

/** What became of a claimed envelope. */
export type Settled =
  | {
      readonly kind: 'accepted';
      readonly n: number;
      readonly id: string;
      readonly receipt: string;
      readonly proof: string;
      readonly feed: string;
      readonly epoch: number;
      /** The receiver's head as countersigned. */
      readonly head: { readonly seq: number; readonly digest: string };
    }
  | { readonly kind: 'retry'; readonly n: number; readonly nextAttemptAt: number; readonly code: string }
  | { readonly kind: 'dead'; readonly n: number; readonly export: string; readonly code: string };

/** How much the receiver is to be given again. */
export interface ReceiverBehind {
  readonly pending: number;
  readonly tombstones: number;
  /** Exports to read again. */
  readonly rereads: number;
}

/** auto: oldest first, but after a long outage today's exports travel before the backlog. */
export type ClaimOrder = 'oldest' | 'newest' | 'auto';

/** An outage is long when the oldest envelope has waited this long. */
const longWaitMs = 2 * 3_600_000;

/**
 * The durable queue and its ledger. Synchronous: nothing is awaited between a claim and its commit. One process writes
 * (the agent); commands only read, or add to `rereads`.
 */
export interface Outbox {
  /** At start: drops what dead reads staged, and puts back what a dead process was sending. */
  recover(): { readonly dropped: number; readonly released: number };
  tail(feed: string): LedgerTail | undefined;
  /** Writes slices of an export still being read; they are invisible to the pusher. */
  stage(
    reading: {
      readonly id: string;
      readonly source: string;
      readonly name: string;
      readonly path: Buffer;
      readonly readAt: number;
    },
    envelopes: readonly SealedEnvelope[],
  ): void;
  /** A failed read gives its rows and its sequence numbers back. */
  drop(exportId: string): void;
  /** Makes exports final, their envelopes pending, files seen and the ledger's heads move: one transaction. */
  commit(exports: readonly ReadyExport[], tails: ReadonlyMap<string, LedgerTail>): void;
  /** Settles what came back and claims the next ones, in one transaction, so that both cost one sync. */
  turn(
    settled: readonly Settled[],
    claim: { readonly limit: number; readonly order: ClaimOrder },
  ): readonly ClaimedEnvelope[];
  /** When the next pending envelope may be tried, epoch ms; undefined = none is pending. */
  nextDueAt(): number | undefined;
  tombstonesDue(limit: number): readonly EnvelopeRow[];
  tombstoneSent(n: number): void;
  /**
   * The receiver was restored and lacks what comes after its head. In the open epoch, contents still here become pending
   * again; a place whose content is gone is explained by a tombstone and its export is read again from its file. When the
   * receiver does not even know the open epoch, every export after its head is read again.
   */
  receiverBehind(feed: string, head: LedgerTail): ReceiverBehind;
  /** A new epoch: unsent envelopes of the old one are dropped, their exports are read again. Answers those exports. */
  openEpoch(feed: string, epoch: number, prev: string): readonly string[];
}

export function createOutbox({ database, clock }: { database: AgentDatabase; clock: Clock }): Outbox {
  const { run, get, all, transaction } = database;

  const insert = (envelope: SealedEnvelope, state: 'staged' | 'pending'): void => {
    const { id } = run(
      envelopeSql.insert,
      envelope.id,
      envelope.export,
      envelope.slice,
      envelope.feed,
      envelope.epoch,
      envelope.seq,
      envelope.prev,
      envelope.digest,
      state,
      envelope.content.length,
      envelope.records,
      envelope.firstRecord,
      envelope.lastRecord,
      envelope.createdAt,
    );
    run(envelopeSql.insertContent, id, envelope.content);
  };

  const settle = (settled: Settled, now: number): void => {
    switch (settled.kind) {
      case 'accepted':
        mustChange(run(envelopeSql.accept, now, settled.n), 'accepted');
        run(envelopeSql.putStoredReceipt, settled.id, settled.receipt, proofId(database, settled.proof));
        run(
          ledgerSql.putReceiver,
          settled.head.seq,
          settled.head.digest,
          settled.feed,
          settled.epoch,
          settled.head.seq,
        );
        return;
      case 'retry':
        mustChange(run(envelopeSql.retry, settled.nextAttemptAt, settled.code, settled.n), 'pending');
        return;
      case 'dead':
        mustChange(run(envelopeSql.kill, settled.code, settled.n), 'dead');
        run(exportSql.reject, settled.code, now, settled.export);
        return;
    }
  };

  const due = (limit: number, order: ClaimOrder): readonly EnvelopeRow[] => {
    const now = clock.now();
    if (order === 'newest') return all<EnvelopeRow>(envelopeSql.claimNewest, now, limit);
    const oldest = all<EnvelopeRow>(envelopeSql.claimOldest, now, limit);
    const [first] = oldest;
    if (order === 'oldest' || first === undefined || now - first.createdAt < longWaitMs) return oldest;
    const midnight = instantOf(dayOfInstant(now), 0).at;
    const ahead = all<EnvelopeRow>(envelopeSql.claimNewest, now, limit).filter(
      ({ createdAt, export: id }) => createdAt >= midnight && mayOvertake(id),
    );
    const others = oldest.filter(({ n }) => !ahead.some((one) => one.n === n));
    return [...ahead, ...others].slice(0, limit);
  };

  /** Exports without dates of their own are ordered by their arrival at the receiver: they keep their place. */
  const mayOvertake = (id: string): boolean => (get<ExportRow>(exportSql.get, id)?.windowTo ?? null) !== null;

  const claim = (limit: number, order: ClaimOrder): readonly ClaimedEnvelope[] => {
    if (limit <= 0) return [];
    return due(limit, order).map((row) => {
      mustChange(run(envelopeSql.send, row.n), 'sending');
      const blob = get<{ content: Buffer }>(envelopeSql.content, row.n);
      if (blob === undefined) throw permanent('outbox-content-missing', { facts: { envelope: row.id } });
      return { ...row, state: 'sending', attempts: row.attempts + 1, content: blob.content };
    });
  };

  const outbox: Outbox = {
    recover: () =>
      transaction(() => {
        const dead = all<{ id: string }>(exportSql.reading);
        let dropped = 0;
        for (const { id } of dead) {
          dropped += run(envelopeSql.dropStaged, id).changes;
          run(exportSql.drop, id);
        }
        return { dropped, released: run(envelopeSql.release).changes };
      }),
    tail: (feed) => get<LedgerTail>(ledgerSql.tail, feed),
    stage: (reading, envelopes) => {
      transaction(() => {
        run(exportSql.startReading, reading.id, reading.source, reading.name, reading.path, reading.readAt);
        for (const envelope of envelopes) insert(envelope, 'staged');
      });
    },
    drop: (exportId) => {
      transaction(() => {
        run(envelopeSql.dropStaged, exportId);
        run(exportSql.drop, exportId);
      });
    },
    commit: (exports, tails) => {
      crashPoint('before-commit');
      transaction(() => {
        for (const ready of exports) {
          putExport(database, ready);
          const published = ready.stagedSlices === 0 ? 0 : run(envelopeSql.publish, ready.row.id).changes;
          if (published !== ready.stagedSlices) throw permanent('outbox-state', { facts: { to: 'pending' } });
          for (const envelope of ready.envelopes) insert(envelope, 'pending');
          ready.also?.();
        }
        for (const [feed, tail] of tails) {
          const known = get<LedgerTail>(ledgerSql.tail, feed);
          // A new epoch was opened while this was being sealed: it is read again and sealed in the new one.
          if (known !== undefined && (known.epoch !== tail.epoch || known.seq > tail.seq))
            throw transient('outbox-epoch-changed', { facts: { feed } });
          run(ledgerSql.put, feed, tail.epoch, tail.seq, tail.digest);
          if (known === undefined) run(ledgerSql.putEpoch, feed, tail.epoch, genesis, 1);
        }
      });
      crashPoint('after-commit');
    },
    turn: (settled, { limit, order }) => {
      if (settled.length === 0 && (limit <= 0 || !isDue(outbox.nextDueAt(), clock.now()))) return [];
      const accepting = settled.some(({ kind }) => kind === 'accepted');
      if (accepting) crashPoint('before-accept-commit');
      const claimed = transaction(() => {
        const now = clock.now();
        for (const one of settled) settle(one, now);
        if (accepting) run(metaSql.put, 'last-receipt-at', String(now));
        return claim(limit, order);
      });
      if (accepting) crashPoint('after-accept-commit');
      return claimed;
    },
    nextDueAt: () => get<{ at: number }>(envelopeSql.nextDue)?.at,
    tombstonesDue: (limit) => all<EnvelopeRow>(envelopeSql.tombstones, limit),
    tombstoneSent: (n) => {
      run(envelopeSql.tombstoneSent, n);
    },
    receiverBehind: (feed, { epoch, seq, digest }) =>
      transaction(() => {
        const isOpen = get<LedgerTail>(ledgerSql.tail, feed)?.epoch === epoch;
        const lost = isOpen
          ? all<{ export: string }>(envelopeSql.purgedExports, feed, epoch, seq)
          : all<{ export: string }>(envelopeSql.laterExports, feed, epoch, epoch, seq);
        for (const { export: id } of lost) run(fileSql.putReread, id, 0, clock.now());
        if (!isOpen) return { pending: 0, tombstones: 0, rereads: lost.length };
        const tombstones = run(envelopeSql.buryAgain, feed, epoch, seq).changes;
        const pending = run(envelopeSql.sendAgain, feed, epoch, seq).changes;
        run(ledgerSql.resetReceiver, seq, digest, feed, epoch);
        return { pending, tombstones, rereads: lost.length };
      }),
    openEpoch: (feed, epoch, prev) =>
      transaction(() => {
        const old = get<LedgerTail>(ledgerSql.tail, feed);
        const unsent =
          old === undefined ? [] : all<{ export: string }>(envelopeSql.unsentExports, feed, old.epoch);
        // One that a later envelope has overtaken keeps its place, or the closed ledger would have a hole.
        for (const { n } of all<{ n: number }>(envelopeSql.overtaken, feed, old?.epoch, feed, old?.epoch)) {
          run(envelopeSql.send, n);
          run(envelopeSql.kill, 'ledger-old-epoch', n);
        }
        for (const { export: id } of unsent) {
          run(envelopeSql.dropUnsentReceipts, id);
          run(envelopeSql.dropUnsent, id);
          run(fileSql.putReread, id, 0, clock.now());
        }
        run(ledgerSql.newEpoch, feed, epoch, prev);
        run(ledgerSql.putEpoch, feed, epoch, prev, 1);
        return unsent.map(({ export: id }) => id);
      }),
  };
  return outbox;
}

/** The row of a proof, written once however many receipts it covers. Inside the caller's transaction. */
export function proofId(database: AgentDatabase, jws: string): number {
  const digest = createHash('sha256').update(jws).digest('hex');
  const known = database.get<{ id: number }>(envelopeSql.findProof, digest);
  return known?.id ?? database.run(envelopeSql.putProof, digest, jws).id;
}

function putExport(database: AgentDatabase, { row, findings, seen, rereadOf }: ReadyExport): void {
  const { run } = database;
  run(
    exportSql.put,
    row.id,
    row.source,
    row.name,
    row.path,
    row.digest,
    row.bytes,
    row.feed,
    row.facility,
    row.part,
    row.mapping,
    'read',
    row.outcome,
    row.records,
    row.accepted,
    row.rejected,
    row.windowFrom,
    row.windowTo,
    row.trusted,
    row.errorCode,
    row.errorFacts,
    row.findingsTotal,
    row.slices,
    row.resend,
    row.original,
    row.readAt,
  );
  if (findings.length > 0) run(exportSql.putFindings, row.id, 'agent', JSON.stringify(findings));
  run(fileSql.countExport, row.source, row.accepted, row.id);
  if (seen !== null)
    run(fileSql.put, seen.source, seen.name, seen.size, seen.mtime, seen.inode, seen.export, seen.move);
  if (row.outcome === 'rejected' && row.errorCode !== null) {
    const at = positionOf(row.errorFacts);
    run(
      fileSql.report,
      row.id,
      row.source,
      row.digest ?? '',
      row.errorCode,
      at.line ?? null,
      at.record ?? null,
      row.readAt,
    );
  }
  if (rereadOf !== null) {
    run(exportSql.supersede, row.id, rereadOf);
    run(fileSql.dropReread, rereadOf);
  }
}

function positionOf(facts: string | null): { line?: number; record?: number } {
  return facts === null ? {} : (JSON.parse(facts) as { line?: number; record?: number });
}

function isDue(at: number | undefined, now: number): boolean {
  return at !== undefined && at <= now;
}

function mustChange(result: { readonly changes: number }, to: string): void {
  if (result.changes !== 1) throw permanent('outbox-state', { facts: { to } });
}
