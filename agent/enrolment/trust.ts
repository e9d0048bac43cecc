import { createSealer, type Sealer } from '../../shared/envelope/seal.ts';
import { createReceiptVerifier, type ReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import type { TrustBundle } from '../../shared/protocol/trust-bundle.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { ProxySettings } from '../push/proxy.ts';
import { createReceiverClient, type ReceiverClient } from '../push/receiver-client.ts';
import type { Identity } from './identity.ts';

/** Whatever follows from the identity in force, made anew when a heartbeat or a renewal changes it. */
export interface Trust {
  readonly sealer: () => Sealer;
  verifyReceipt: ReceiptVerifier['verify'];
  readonly covers: ReceiptVerifier['covers'];
  readonly client: ReceiverClient;
  /** The identity has changed. Requests on their way end on the connections they began on. */
  readonly renew: () => void;
  close(): Promise<void>;
}

export function createTrust(deps: {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: Random;
  readonly connections: number;
  readonly proxy: ProxySettings | undefined;
  /** Something bears a proof that the bundle in force does not vouch for: there may be a newer one. */
  readonly onUnproven?: () => void;
}): Trust {
  const { identity, clock, random } = deps;
  const sealerFrom = (bundle: TrustBundle) => {
    const now = clock.now();
    const recipients = recipientsOf(bundle, now);
    const sealer = createSealer({ recipients, signer: identity.seal, random });
    return { sealer, from: now, until: nextTurn(bundle, now) };
  };
  const build = () => {
    const bundle = identity.bundle();
    return {
      bundle,
      sealing: sealerFrom(bundle),
      verifier: createReceiptVerifier(bundle.receiptKeys),
      client: createReceiverClient({
        url: identity.ingestUrl,
        tls: identity.tls,
        authorities: bundle.authorities,
        connections: deps.connections,
        proxy: deps.proxy,
      }),
    };
  };
  let current = build();
  const retiring = new Set<ReceiverClient>();
  return {
    sealer: () => {
      const { bundle, sealing } = current;
      const now = clock.now();
      if (now < sealing.from || now >= sealing.until) current = { ...current, sealing: sealerFrom(bundle) };
      return current.sealing.sealer;
    },
    verifyReceipt: async (text, jws) => {
      try {
        return await current.verifier.verify(text, jws);
      } catch (error) {
        deps.onUnproven?.();
        throw error;
      }
    },
    covers: (text, jws) => current.verifier.covers(text, jws),
    client: {
      push: (...args) => current.client.push(...args),
      tombstone: (...args) => current.client.tombstone(...args),
      receipts: (...args) => current.client.receipts(...args),
      heartbeat: (...args) => current.client.heartbeat(...args),
      openEpoch: (...args) => current.client.openEpoch(...args),
      scorecard: (...args) => current.client.scorecard(...args),
      renew: (...args) => current.client.renew(...args),
      finish: () => current.client.finish(),
      close: () => current.client.close(),
    },
    renew: () => {
      const { client } = current;
      current = build();
      retiring.add(client);
      void client
        .finish()
        .catch(() => undefined)
        .finally(() => retiring.delete(client));
    },
    close: async () => {
      await Promise.all([...retiring, current.client].map((client) => client.close()));
    },
  };
}

/**
 * The receiver's key in force and every recovery key. Where the region let its key end without another, that key still opens
 * what is sealed for it: nothing is held back for a date. Faults: `recipient-missing`.
 */
function recipientsOf(bundle: TrustBundle, now: number): readonly string[] {
  const receivers = bundle.recipients.filter(({ use, notBefore }) => use === 'receiver' && notBefore <= now);
  const receiver =
    receivers.find(({ notAfter }) => now <= notAfter) ??
    receivers.toSorted((a, b) => b.notAfter - a.notAfter)[0];
  if (receiver === undefined) throw permanent('recipient-missing', { facts: { bundle: bundle.version } });
  const recovery = bundle.recipients.filter(
    ({ use, notBefore, notAfter }) => use === 'recovery' && notBefore <= now && now <= notAfter,
  );
  return [receiver, ...recovery].map(({ certificate }) => certificate);
}

/** When another choice of recipients may be due. */
function nextTurn({ recipients }: TrustBundle, now: number): number {
  const turns = recipients.flatMap(({ notBefore, notAfter }) => [notBefore, notAfter + 1]);
  return Math.min(...turns.filter((at) => at > now), Infinity);
}
