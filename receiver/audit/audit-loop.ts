import type { Clock } from '../../shared/runtime/clock.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { SignReceipts } from '../apply/receipts.ts';
import type { Store } from '../store/store.ts';
import { checkOnward } from './check-audit.ts';
import { sealAudit } from './seal-audit.ts';

const idleMs = 60_000;
const dayMs = 86_400_000;

/** Beside everything else: walks the chain in pieces, signs its head at the start and once a day, ends old proposals. */
export function createAuditLoop({
  store,
  clock,
  logger,
  sign,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sign: SignReceipts;
}): Loop {
  let sealedAt = Number.NEGATIVE_INFINITY;
  return createLoop({
    ...{ name: 'audit', idleMs, logger },
    step: async () => {
      const now = clock.now();
      if (now - sealedAt >= dayMs) {
        await sealAudit({ store, clock, sign });
        sealedAt = now;
      }
      await expireProposals(store, now);
      const checked = await checkOnward(store, clock);
      if (checked.kind === 'broken') {
        const { seq, fault } = checked;
        logger.error({ seq, fault }, 'audit-chain-broken');
      }
      return checked.kind === 'more';
    },
  });
}

async function expireProposals(store: Store, now: number): Promise<void> {
  const open = await store.read((tx) => tx.audit.proposals.open(1000));
  if (open.some(({ expiresAt }) => expiresAt <= now))
    await store.transaction((tx) => tx.audit.proposals.expire(now));
}
