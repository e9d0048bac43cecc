import type { AgentDatabase } from './database.ts';
import { envelopeSql, ledgerSql, metaSql } from './queries.ts';
import type { EnvelopeState } from './states.ts';

export interface FeedBacklog {
  readonly feed: string;
  readonly epoch: number;
  readonly seq: number;
  readonly digest: string;
  readonly receiverSeq: number;
  readonly receiverDigest: string | null;
  readonly pending: number;
  readonly pendingBytes: number;
  readonly counts: Readonly<Partial<Record<EnvelopeState, number>>>;
  readonly oldestPendingAt: number | null;
}

/** What waits, from counters kept with the rows: the same cost whatever the backlog. */
export interface Backlog {
  byFeed(): readonly FeedBacklog[];
  /** Envelopes that the region has not acknowledged, whatever keeps them. */
  unsent(): number;
  /** When the last envelope was receipted, epoch ms. */
  lastReceiptAt(): number | null;
  /** Why the envelopes that wait longest are still waiting; null = never tried, or nothing waits. */
  lastProblem(): string | null;
  epochs(): readonly {
    readonly feed: string;
    readonly epoch: number;
    readonly prev: string;
    readonly first: number;
  }[];
}

interface LedgerRow {
  readonly feed: string;
  readonly epoch: number;
  readonly seq: number;
  readonly digest: string;
  readonly receiverSeq: number;
  readonly receiverDigest: string | null;
}

export function createBacklog({ get, all }: AgentDatabase): Backlog {
  return {
    byFeed: () => {
      const rows = all<{ feed: string; state: EnvelopeState; n: number; bytes: number }>(envelopeSql.backlog);
      const oldest = get<{ at: number }>(envelopeSql.oldestPending)?.at ?? null;
      return all<LedgerRow>(ledgerSql.all).map((ledger) => {
        const own = rows.filter(({ feed }) => feed === ledger.feed);
        const waiting = own.filter(({ state }) => state === 'pending' || state === 'sending');
        const pending = waiting.reduce((sum, { n }) => sum + n, 0);
        return {
          ...ledger,
          pending,
          pendingBytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
          counts: Object.fromEntries(own.map(({ state, n }) => [state, n])),
          oldestPendingAt: pending > 0 ? oldest : null,
        };
      });
    },
    unsent: () => get<{ n: number }>(envelopeSql.unsent)?.n ?? 0,
    lastReceiptAt: () => {
      const at = get<{ value: string }>(metaSql.get, 'last-receipt-at')?.value;
      return at === undefined ? null : Number(at);
    },
    lastProblem: () => get<{ code: string | null }>(envelopeSql.lastProblem)?.code ?? null,
    epochs: () => all(ledgerSql.epochs),
  };
}
