import { genesis } from '../../shared/envelope/header.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type {
  AskedDays,
  HeartbeatAnswer,
  HeartbeatRequest,
  LackingPart,
} from '../../shared/protocol/push.ts';
import type { Identity } from '../enrolment/identity.ts';
import type { AskedBook } from '../outbox/asked-book.ts';
import type { FileBook } from '../outbox/file-book.ts';
import type { Backlog, FeedBacklog } from '../outbox/backlog.ts';
import type { Notes } from '../outbox/notes.ts';
import type { LedgerTail } from '../outbox/rows.ts';
import type { ReceiverClient } from '../push/receiver-client.ts';
import { agentVersion } from '../version.ts';
import type { DiskGuard } from './disk-guard.ts';

const everyMs = 60_000;

/** Says "I am alive, here is what waits, this was rejected", and takes back a newer trust bundle and facilities' keys. */
export function createHeartbeat(deps: {
  readonly client: Pick<ReceiverClient, 'heartbeat'>;
  readonly identity: Identity;
  readonly backlog: Backlog;
  readonly files: FileBook;
  readonly asked: Pick<AskedBook, 'untold' | 'told'>;
  readonly disk: DiskGuard;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly notes: Notes;
  paused(): { readonly code: string; readonly since: number } | null;
  onBundleChanged(): void;
  /** The receiver's head lies before what it had countersigned: it was restored from a copy. */
  onReceiverBehind(feed: string, head: LedgerTail): void;
  /** Everything sent has arrived, and still the region lacks these days. */
  onLacking(parts: readonly LackingPart[]): Promise<void>;
  /** A person of the region wants these days again. True when there is something new to tell of it. */
  onAsked(asked: readonly AskedDays[]): Promise<boolean>;
  /** The region keeps the scorecards of these weeks. */
  readonly onScorecards?: (
    scorecards: NonNullable<HeartbeatAnswer['scorecards']>,
    signal: AbortSignal,
  ) => Promise<void>;
}): Loop {
  const { identity, files, logger, clock } = deps;
  let clockOffsetMs: number | null = null;
  let keptOffsetMs = deps.notes.read('clock-offset-ms');
  return createLoop({
    name: 'heartbeat',
    idleMs: everyMs,
    logger,
    step: async (signal) => {
      const reports = files.rejectReports(100);
      const answers = deps.asked.untold(100);
      // Taken before asking: what is countersigned meanwhile must not make the answer look old.
      const ledgers = deps.backlog.byFeed();
      const paused = deps.paused();
      const rolledBack = deps.notes.read('release-rolled-back');
      const askedAt = clock.now();
      const asked = clock.monotonic();
      const request: HeartbeatRequest = {
        version: agentVersion,
        at: askedAt,
        clockOffsetMs,
        certificateUntil: identity.validity.until,
        feeds: ledgers.map(({ feed, epoch, seq, pending, oldestPendingAt }) => ({
          feed,
          epoch,
          seq,
          pending,
          oldestPendingAt,
        })),
        freeDiskBytes: await deps.disk.freeBytes(),
        paused: paused?.code ?? null,
        pausedSince: paused?.since ?? null,
        rejectedExports: [...reports],
        bundleVersion: identity.bundle().version,
        ...(rolledBack === undefined ? {} : { rolledBack }),
        asked: answers.map(({ request, sent, absent }) => ({
          request,
          sent: [...sent],
          absent: [...absent],
        })),
      };
      const reply = await deps.client.heartbeat(request, signal);
      if (reply.kind === 'failed') {
        logger.debug({ code: reply.attempt.code }, 'heartbeat-failed');
        return false;
      }
      clockOffsetMs = offsetMs(askedAt, clock.monotonic() - asked, reply.body.at);
      files.reported(reports.map((report) => report.export));
      deps.asked.told(answers.map(({ request }) => request));
      let behind = false;
      for (const ledger of ledgers) {
        const head = reply.body.heads.find(({ feed }) => feed === ledger.feed) ?? nothingReceived;
        if (!isBehind(head, ledger)) continue;
        behind = true;
        deps.onReceiverBehind(ledger.feed, head);
      }
      // What is on its way, or goes again, may be just what is lacking.
      if (!behind && ledgers.every(({ pending }) => pending === 0))
        await deps.onLacking(reply.body.lacking ?? []);
      const isAnswerDue = !behind && (await deps.onAsked(reply.body.asked ?? []));
      const { bundleChanged } = await identity.refresh(reply.body);
      if (bundleChanged) {
        deps.onBundleChanged();
        logger.info({ version: identity.bundle().version }, 'trust-bundle-renewed');
      }
      // A commit costs a sync of the disk: a second more or less tells nobody anything.
      if (keptOffsetMs === undefined || Math.abs(keptOffsetMs - clockOffsetMs) >= 1000) {
        deps.notes.put('clock-offset-ms', clockOffsetMs);
        keptOffsetMs = clockOffsetMs;
      }
      await deps.onScorecards?.(reply.body.scorecards ?? [], signal);
      // What was just found out is told at once: a person waits for it.
      return reports.length === 100 || isAnswerDue || bundleChanged;
    },
  });
}

/** This clock minus the receiver's, in whole ms: the answer was written half the way there and back ago. */
function offsetMs(askedAt: number, tookMs: number, answeredAt: number): number {
  return Math.round(askedAt + tookMs / 2 - answeredAt);
}

const nothingReceived: LedgerTail = { epoch: 1, seq: 0, digest: genesis };

function isBehind(head: LedgerTail, ledger: FeedBacklog): boolean {
  return head.epoch < ledger.epoch || (head.epoch === ledger.epoch && head.seq < ledger.receiverSeq);
}
