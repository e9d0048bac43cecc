import { createReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { transient } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { databaseOf } from '../agent.ts';
import type { AgentConfig } from '../config.ts';
import type { Identity } from '../enrolment/identity.ts';
import { requireWholeDatabase } from '../outbox/check-database.ts';
import { completeRepair } from '../outbox/repair.ts';
import { receiptsOfRegion } from './doctor-repair.ts';

const againMs = 5_000;

/**
 * A repair made while the region could not be asked ends here, before anything is sealed: exports stay where they are
 * meanwhile. Resolves once it is done, or when the process is to stop. Faults: `repair-unfinished` (with `once`),
 * `database-damaged`.
 */
export async function completeWithRegion(deps: {
  readonly config: AgentConfig;
  readonly identity: Identity;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
  readonly once: boolean;
}): Promise<void> {
  const { config, identity, logger, stopping } = deps;
  const path = databaseOf(config.state);
  await requireWholeDatabase(path);
  const verifier = createReceiptVerifier(identity.bundle().receiptKeys);
  for (let tries = 1; !stopping.aborted; tries += 1) {
    const { complete } = await completeRepair({
      path,
      sources: config.sources,
      identity,
      verifyReceipt: (text, jws) => verifier.verify(text, jws),
      regionReceipts: (take) => receiptsOfRegion(config, identity, take),
      isVaultLost: false,
      clock: systemClock,
      random: systemRandom,
    });
    if (complete) return;
    if (deps.once) throw transient('repair-unfinished');
    if (tries === 1) logger.warn('repair-waits-for-region');
    await pause(againMs, stopping);
  }
}
