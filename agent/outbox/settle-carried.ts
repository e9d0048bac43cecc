import type { AgentDatabase } from './database.ts';
import type { Outbox, Settled } from './outbox.ts';
import { envelopeSql } from './queries.ts';
import type { EnvelopeRow } from './rows.ts';

/** A verified answer to one envelope or tombstone, brought by a person. */
export type CarriedSettled = Extract<Settled, { readonly kind: 'accepted' }>;

export interface CarriedCounts {
  settled: number;
  /** Settled before, over the network or by an earlier file. */
  known: number;
}

/**
 * Settles carried answers as if they had come over the network, in one transaction. What the running agent is sending at
 * this moment is its own to settle: those are given back, to be tried again.
 */
export function settleCarried(
  { database, outbox }: { readonly database: AgentDatabase; readonly outbox: Outbox },
  answers: readonly CarriedSettled[],
  counts: CarriedCounts,
): readonly CarriedSettled[] {
  return database.transaction(() => {
    const settled: CarriedSettled[] = [];
    const busy: CarriedSettled[] = [];
    for (const answer of answers) {
      const row = database.get<EnvelopeRow>(envelopeSql.byId, answer.id);
      if (row?.state === 'sending') busy.push(answer);
      else if (row?.state === 'pending' && database.run(envelopeSql.send, row.n).changes === 1)
        settled.push(answer);
      else counts.known += 1;
    }
    outbox.turn(settled, { limit: 0, order: 'oldest' });
    counts.settled += settled.length;
    return busy;
  });
}
