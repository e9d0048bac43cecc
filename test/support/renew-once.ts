import { loadIdentity } from '../../agent/enrolment/identity.ts';
import { createRenewal } from '../../agent/enrolment/renewal.ts';
import { createTrust } from '../../agent/enrolment/trust.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';

/** A process of its own, to be killed at a crash point: one look at the certificates of a state folder, at a given time. */
const [state = '', now = ''] = process.argv.slice(2);
const clock = { now: () => Number(now), monotonic: () => performance.now() };
const identity = await loadIdentity(state);
const trust = createTrust({ identity, clock, random: systemRandom, connections: 1, proxy: undefined });
const renewal = createRenewal({
  ...{ identity, client: trust.client, clock, random: systemRandom },
  logger: createLogger({ name: 'renewal', level: 'error' }),
  onRenewed: () => void trust.close().then(() => renewal.stop()),
});
await renewal.start();
