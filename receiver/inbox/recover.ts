import { fingerprint, type CertifiedKey } from '../../shared/envelope/keys.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { issueReceipts, type SignReceipts } from '../apply/receipts.ts';
import type { DispatchTarget } from '../forward/compose.ts';
import { recipientsOf } from '../pki/key-obstacles.ts';
import type { EnvelopeRow, Store } from '../store/store.ts';
import { createSliceOpener } from './open-envelope.ts';
import { openStored } from './open-slice.ts';
import { placeSlice } from './place-slice.ts';

export interface RecoverDeps {
  readonly store: Store;
  readonly recovery: CertifiedKey;
  readonly openers: readonly CertifiedKey[];
  readonly targets: readonly DispatchTarget[];
  readonly clock: Clock;
  readonly random: Random;
  readonly sign: SignReceipts;
}

export interface Recovered {
  readonly recovered: number;
  /** Opened, and refused for another reason. */
  readonly refused: number;
}

const most = 100_000;

/** Refused envelopes that only the recovery key opens, and whose content is kept still. */
export async function recoverable({
  store,
  recovery,
  openers,
}: Pick<RecoverDeps, 'store' | 'recovery' | 'openers'>): Promise<readonly EnvelopeRow[]> {
  const [own, others] = [
    fingerprint(recovery.certificate),
    openers.map((key) => fingerprint(key.certificate)),
  ];
  const rows = await store.read((tx) => tx.inbox.inState('refused', most));
  const found: EnvelopeRow[] = [];
  for (const row of rows) {
    const content = await store.read((tx) => tx.inbox.content(row.id));
    if (content === undefined) continue;
    const recipients = recipientsOf(content);
    if (recipients.includes(own) && !others.some((one) => recipients.includes(one))) found.push(row);
  }
  return found;
}

/**
 * Opens them with the recovery key and processes each as if it had just come: a later export of the same days stays the later
 * one. Each in a transaction of its own, in which it is never seen waiting: a serving receiver would refuse it again.
 */
export async function recoverEnvelopes(rows: readonly EnvelopeRow[], deps: RecoverDeps): Promise<Recovered> {
  const { store, clock, random, targets, sign } = deps;
  const open = createSliceOpener({
    openers: () => [...deps.openers, deps.recovery],
    isDestroyed: () => false,
  });
  let [recovered, refused] = [0, 0];
  for (const row of rows) {
    const { content, agent } = await store.read(async (tx) => ({
      content: await tx.inbox.content(row.id),
      agent: await tx.agents.get(row.agent),
    }));
    const opened = await openStored(row, content, agent, open);
    const placed = await store.transaction(async (tx) => {
      if ((await tx.inbox.byId(row.id))?.state !== 'refused') return undefined;
      await tx.inbox.setState(row.id, 'stored');
      const done = await placeSlice(tx, opened, { random, targets, now: clock.now() });
      await issueReceipts(tx, done.receipts, sign);
      return done;
    });
    if (placed === undefined) continue;
    if (placed.refusal === undefined) recovered += 1;
    else refused += 1;
  }
  return { recovered, refused };
}
