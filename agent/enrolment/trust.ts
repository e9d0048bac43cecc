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
}): Trust {
  const { identity, clock, random } = deps;
  const build = () => {
    const bundle = identity.bundle();
    return {
      sealer: createSealer({ recipients: recipientsOf(bundle, clock.now()), signer: identity.seal, random }),
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
    sealer: () => current.sealer,
    verifyReceipt: (text, jws) => current.verifier.verify(text, jws),
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

/** The receiver's key in force and every recovery key. Faults: `recipient-missing`. */
function recipientsOf(bundle: TrustBundle, now: number): readonly string[] {
  const inForce = bundle.recipients.filter(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter);
  const receiver = inForce.find(({ use }) => use === 'receiver');
  if (receiver === undefined) throw permanent('recipient-missing', { facts: { bundle: bundle.version } });
  return [
    receiver.certificate,
    ...inForce.filter(({ use }) => use === 'recovery').map(({ certificate }) => certificate),
  ];
}
