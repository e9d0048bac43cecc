import { generateKey } from '../../shared/envelope/keys.ts';
import { agentGrant, type AgentGrant } from '../../shared/protocol/enrolment.ts';
import type { RenewalRequest } from '../../shared/protocol/renewal.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { transient } from '../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { ReceiverClient } from '../push/receiver-client.ts';
import type { Identity } from './identity.ts';

const dayMs = 86_400_000;
/** Agents enrolled on one day do not all come back on one day. */
const spreadMs = 2 * dayMs;
/** Looked at daily, it is done before the day it is due by. */
const aheadMs = dayMs;
const retry = { firstMs: 3_600_000, maxMs: dayMs } as const;

/**
 * Renews the certificates by the time two thirds of their life are over (day 60 of 90): fresh keys, over the connection the
 * old ones still open. Looked at when the agent starts and every day; a failed attempt costs nothing
 * but a line in the log, and there is a month for the next ones.
 */
export function createRenewal(deps: {
  readonly identity: Identity;
  readonly client: Pick<ReceiverClient, 'renew'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The identity has changed: whatever was made from it is made anew. */
  onRenewed(): void;
}): Loop {
  const { identity, client, clock, random, logger } = deps;
  let failures = 0;
  return createLoop({
    name: 'renewal',
    idleMs: dayMs,
    logger,
    step: async (signal) => {
      if (clock.now() < renewalDueAt(identity)) return false;
      // Counted first: whatever happens before the end is a failed attempt.
      failures += 1;
      await renew(identity, client, signal);
      failures = 0;
      deps.onRenewed();
      logger.info({ until: new Date(identity.validity.until).toISOString() }, 'certificates-renewed');
      return false;
    },
    faultMs: () => backoffMs(retry, failures, random),
  });
}

/** The same for as long as the certificates are: a restart neither hastens nor delays it. */
export function renewalDueAt({ validity, seal }: Pick<Identity, 'validity' | 'seal'>): number {
  const { from, until } = validity;
  const chance = parseInt(seal.certificate.fingerprint256.replaceAll(':', '').slice(0, 8), 16) / 2 ** 32;
  return from + ((until - from) * 2) / 3 - aheadMs - spreadMs * chance;
}

/** Throws `renewal-failed` (transient: nothing has changed), and what storage throws. */
async function renew(
  identity: Identity,
  client: Pick<ReceiverClient, 'renew'>,
  signal: AbortSignal,
): Promise<void> {
  const [tls, seal] = await Promise.all([generateKey(), generateKey()]);
  const staged = await identity.stageKeys({ tls, seal });
  crashPoint('after-renewal-keys');
  // Loaded when it is needed: node-forge is 4 MB of an agent at rest.
  const { createRequest } = await import('../../shared/envelope/request.ts');
  const request: RenewalRequest = {
    v: 1,
    tlsRequest: createRequest(tls, identity.agent),
    sealRequest: createRequest(seal, identity.agent),
  };
  const reply = await client.renew(request, signal);
  if (reply.kind === 'failed') throw failed(reply.attempt.code);
  crashPoint('after-renewal-answer');
  await identity.switchTo(staged, readGrant(reply.body.grant));
}

function readGrant(text: string): AgentGrant {
  try {
    return agentGrant.parse(JSON.parse(text));
  } catch (cause) {
    throw failed('answer-malformed', cause);
  }
}

function failed(reason: string, cause?: unknown): Error {
  return transient('renewal-failed', { facts: { reason }, cause });
}
