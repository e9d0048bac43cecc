import { genesis } from '../../shared/envelope/header.ts';
import type { AgentDatabase } from './database.ts';
import type { Outbox } from './outbox.ts';
import { envelopeSql, ledgerSql, metaSql } from './queries.ts';
import type { LedgerTail } from './rows.ts';

interface Enrolled {
  readonly enrolment: string;
  /** As the region knew them when it enrolled the agent. */
  readonly ledgers: readonly (LedgerTail & { readonly feed: string })[];
}

/**
 * Once per enrolment: the ledgers go on where the region says. An agent enrolled again over its own database sealed what it
 * had not sent under a certificate that is revoked by now: those envelopes are dropped and their exports read again. Answers
 * those exports.
 */
export function adoptLedgers(
  { database, outbox }: { readonly database: AgentDatabase; readonly outbox: Pick<Outbox, 'openEpoch'> },
  { enrolment, ledgers }: Enrolled,
): readonly string[] {
  const { run, get, all, transaction } = database;
  const known = get<{ value: string }>(metaSql.get, 'enrolment')?.value;
  if (known === enrolment) return [];
  return transaction(() => {
    const own = all<LedgerTail & { readonly feed: string }>(ledgerSql.all);
    const again: string[] = [];
    for (const { feed, epoch } of own) {
      const theirs = ledgers.find((ledger) => ledger.feed === feed);
      if (theirs !== undefined) again.push(...outbox.openEpoch(feed, theirs.epoch, theirs.digest));
      else again.push(...restart(database, outbox, feed, epoch));
    }
    for (const { feed, epoch, seq, digest } of ledgers) {
      if (own.some((ledger) => ledger.feed === feed)) continue;
      run(ledgerSql.put, feed, epoch, seq, digest);
      run(ledgerSql.putEpoch, feed, epoch, digest, seq + 1);
    }
    run(metaSql.put, 'enrolment', enrolment);
    return again;
  });
}

/** The region has nothing of this feed: it starts anew, in an epoch that holds no envelope. */
function restart(
  { get }: AgentDatabase,
  outbox: Pick<Outbox, 'openEpoch'>,
  feed: string,
  epoch: number,
): readonly string[] {
  const again = outbox.openEpoch(feed, epoch, genesis);
  const isEmpty = get(envelopeSql.ledgerPage, feed, epoch, 0, 1) === undefined;
  if (!isEmpty) outbox.openEpoch(feed, epoch + 1, genesis);
  return again;
}
