import { genesis } from '../../shared/envelope/header.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { createGroupCommit } from '../../shared/runtime/group-commit.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { systemCode } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { PushAnswer } from '../../shared/protocol/push.ts';
import type { StoredReceipt } from '../../shared/protocol/receipts.ts';
import type { EnvelopeRow, Store, StoreTx } from '../store/store.ts';
import { judge, type LedgerConflict } from './ledger.ts';
import { storageFault } from './storage-fault.ts';

/**
 * The inbox's door: everything that arrived while the last group was being committed goes into one transaction, under
 * one signature, and nobody is answered before that transaction is durable.
 */
export interface Intake {
  put(arrival: VerifiedArrival): Promise<IntakeResult>;
  drained(): Promise<void>;
}

/** An envelope (or the tombstone in its place) whose sender and signature have been checked. */
export interface VerifiedArrival extends Pick<
  EnvelopeRow,
  'id' | 'agent' | 'feed' | 'epoch' | 'seq' | 'digest' | 'prev'
> {
  /** Null for a tombstone. */
  readonly content: Buffer | null;
}

export interface Head {
  readonly epoch: number;
  readonly seq: number;
  readonly digest: string;
}

export type IntakeResult =
  | { readonly kind: 'receipt'; readonly answer: PushAnswer; readonly repeat: boolean }
  | { readonly kind: 'conflict'; readonly code: LedgerConflict; readonly head: Head };

export interface IntakeDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly sign: (texts: readonly string[]) => Promise<string>;
  /** After the commit: envelopes wait to be opened, receipts wait for these agents. */
  readonly onStored: (agents: ReadonlySet<string>) => void;
}

/** What one arrival became inside the transaction; `text` waits for the group's signature. */
type Placed =
  | { readonly kind: 'stored'; readonly text: string }
  | { readonly kind: 'repeat'; readonly answer: PushAnswer | undefined }
  | { readonly kind: 'conflict'; readonly code: LedgerConflict; readonly head: Head };

const groupLimit = 256;

export function createIntake(deps: IntakeDeps): Intake {
  const commitTogether = async (group: readonly VerifiedArrival[]): Promise<readonly IntakeResult[]> => {
    const results = await deps.store.transaction((tx) => receiveGroup(tx, group, deps));
    crashPoint('after-inbox-commit');
    const stored = group.filter((_, index) => isNew(results[index]));
    if (stored.length > 0) {
      deps.onStored(new Set(stored.map(({ agent }) => agent)));
      const bytes = stored.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
      deps.logger.info({ envelopes: stored.length, bytes }, 'envelopes-stored');
    }
    crashPoint('before-answer');
    return results;
  };

  const group = createGroupCommit<VerifiedArrival, Settled>({
    maxItems: groupLimit,
    commit: async (arrivals) => {
      try {
        return (await commitTogether(arrivals)).map((result) => ({ result }));
      } catch (error) {
        if (arrivals.length === 1 || !isConstraint(error)) throw storageFault(error);
        // One arrival the store cannot hold must not keep its neighbours out.
        const settled: Settled[] = [];
        for (const arrival of arrivals) {
          settled.push(
            await commitTogether([arrival]).then(
              ([result]) => ({ result }),
              (reason: unknown) => ({ fault: storageFault(reason) }),
            ),
          );
        }
        return settled;
      }
    },
  });

  return {
    put: async (arrival) => {
      const { result, fault } = await group.put(arrival);
      if (result === undefined) throw fault ?? storageFault(undefined);
      return result;
    },
    drained: () => group.drained(),
  };
}

function isConstraint(error: unknown): boolean {
  return systemCode(error)?.startsWith('SQLITE_CONSTRAINT') === true;
}

interface Settled {
  readonly result?: IntakeResult | undefined;
  readonly fault?: Error;
}

function isNew(result: IntakeResult | undefined): boolean {
  return result?.kind === 'receipt' && !result.repeat;
}

async function receiveGroup(
  tx: StoreTx,
  group: readonly VerifiedArrival[],
  deps: IntakeDeps,
): Promise<readonly IntakeResult[]> {
  const placed: Placed[] = [];
  for (const arrival of group) placed.push(await place(tx, arrival, deps));

  const fresh = group.flatMap((arrival, index) => {
    const outcome = placed[index];
    return outcome?.kind === 'stored' ? [{ arrival, text: outcome.text }] : [];
  });
  const texts = new Map(fresh.map(({ arrival, text }) => [arrival.id, text]));
  let proof = '';
  if (fresh.length > 0) {
    proof = await deps.sign(fresh.map(({ text }) => text));
    const rows = fresh.map(({ arrival, text }) => ({
      agent: arrival.agent,
      text,
      kind: 'stored',
      export: null,
      envelope: arrival.id,
    }));
    await tx.receipts.put(proof, rows);
  }
  crashPoint('before-inbox-commit');
  return group.map((arrival, index) =>
    settle(placed[index], { receipt: texts.get(arrival.id) ?? '', proof }),
  );
}

function settle(placed: Placed | undefined, own: PushAnswer): IntakeResult {
  if (placed?.kind === 'conflict') return placed;
  if (placed?.kind === 'repeat') return { kind: 'receipt', answer: placed.answer ?? own, repeat: true };
  return { kind: 'receipt', answer: own, repeat: false };
}

async function place(tx: StoreTx, arrival: VerifiedArrival, deps: IntakeDeps): Promise<Placed> {
  const { id, agent, feed, epoch, seq, digest, prev, content } = arrival;
  const head = await headOf(tx, agent, feed);
  const [before, after] = [
    await tx.inbox.bySequence(agent, feed, epoch, seq - 1),
    await tx.inbox.bySequence(agent, feed, epoch, seq + 1),
  ];
  const verdict = judge(arrival, {
    sameId: await tx.inbox.byId(id),
    head,
    sameSeq: await tx.inbox.bySequence(agent, feed, epoch, seq),
    before,
    after,
  });
  if (verdict.kind === 'conflict') return { ...verdict, head };
  if (verdict.kind === 'repeat') {
    // No receipt yet: its first copy is in this very group, and the group's answer is this one's too.
    const original = await tx.receipts.stored(id);
    return {
      kind: 'repeat',
      answer: original === undefined ? undefined : { receipt: original.text, proof: original.jws },
    };
  }
  const receivedAt = deps.clock.now();
  const state = content === null ? 'tombstone' : 'stored';
  await tx.inbox.put(
    {
      ...{ id, agent, feed, epoch, seq, digest, prev, receivedAt, state },
      bytes: content?.length ?? 0,
      export: null,
      slice: null,
    },
    content,
  );
  const reached =
    verdict.kind === 'next' ? await advance(tx, { agent, feed, epoch, seq, digest }, after) : head;
  const claims: StoredReceipt = {
    ...{ v: 1, id: deps.random.uuid(receivedAt), agent, at: receivedAt, kind: 'stored' },
    ...{ envelope: id, digest, feed, epoch, seq },
    head: { seq: reached.seq, digest: reached.digest },
  };
  return { kind: 'stored', text: JSON.stringify(claims) };
}

/** Moves the head over `filled` and over whatever waited just behind it. */
async function advance(
  tx: StoreTx,
  filled: Head & { readonly agent: string; readonly feed: string },
  after: EnvelopeRow | undefined,
): Promise<Head> {
  let head = filled;
  for (let more = after !== undefined; more;) {
    const rows = await tx.inbox.ledger(head.agent, head.feed, head.epoch, head.seq, 500);
    more = false;
    for (const row of rows) {
      if (row.seq !== head.seq + 1) break;
      head = { ...head, seq: row.seq, digest: row.digest };
      more = true;
    }
  }
  await tx.inbox.putHead(head);
  return head;
}

/** The current epoch's head; before anything arrived, epoch 1 waits for its first envelope. */
export async function headOf(tx: StoreTx, agent: string, feed: string): Promise<Head> {
  return (await tx.inbox.head(agent, feed)) ?? { epoch: 1, seq: 0, digest: genesis };
}
