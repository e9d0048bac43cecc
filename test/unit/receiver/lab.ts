import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpsRequest, Agent, type AgentOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../../receiver/pki/authority.ts';
import { trustBundleOf } from '../../../receiver/pki/region-bundle.ts';
import { createRegion, type Region } from '../../../receiver/pki/region-keys.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { genesis } from '../../../shared/envelope/header.ts';
import { fingerprint, generateKey, privateKeyPem, type CertifiedKey } from '../../../shared/envelope/keys.ts';
import { createSealer } from '../../../shared/envelope/seal.ts';
import {
  createReceiptSigner,
  createReceiptVerifier,
  type ReceiptVerifier,
} from '../../../shared/protocol/receipt-proof.ts';
import { signTrustBundle } from '../../../shared/protocol/trust-bundle.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

/** A region with real keys and a real database in a temporary folder, and agents that can seal. */
export interface Lab {
  readonly folder: string;
  readonly region: Region;
  readonly store: Store;
  readonly clock: Clock & { advance(ms: number): void };
  readonly bundle: { readonly jws: string; readonly version: number };
  readonly sign: (texts: readonly string[]) => Promise<string>;
  readonly verifier: ReceiptVerifier;
  addAgent(options?: { readonly facilities?: readonly string[] }): Promise<LabAgent>;
  close(): Promise<void>;
}

export interface LabAgent {
  readonly id: string;
  readonly tls: CertifiedKey;
  readonly seal: CertifiedKey;
  /** A chain of envelopes of one feed, each following the one sealed before; `as` names another agent in them. */
  chain(feed?: string, start?: { epoch: number; seq: number; prev: string }, as?: string): EnvelopeChain;
}

export interface LabEnvelope {
  readonly id: string;
  readonly feed: string;
  readonly epoch: number;
  readonly seq: number;
  readonly prev: string;
  readonly digest: string;
  readonly bytes: Buffer;
}

export interface EnvelopeChain {
  next(change?: Partial<Pick<LabEnvelope, 'id' | 'seq' | 'prev' | 'epoch'>>): Promise<LabEnvelope>;
}

export const quiet = createLogger({ name: 'test', level: 'silent' });
export const facility = '990000010';

/** `startAt`: what time it is when the region is made; now when it does not matter. */
export async function createLab(startAt = Date.now()): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-receiver-'));
  let at = startAt;
  const clock = {
    now: () => at,
    monotonic: () => performance.now(),
    advance: (ms: number) => {
      at += ms;
    },
  };
  const deps = { clock, random: systemRandom };
  const region = await createRegion(join(folder, 'keys'), { name: 'Test region', hosts: [], ...deps });
  const bundle = trustBundleOf(region, 3, clock.now());
  const store = openSqliteStore(join(folder, 'receiver.db'));
  const signer = createReceiptSigner({ ...region.receipts, clock });
  const authority = createAuthority(region.issuing, deps);
  await store.transaction((tx) =>
    tx.facilities.put({ finess: facility, name: 'Facility', key: systemRandom.bytes(32), addedAt: at }),
  );

  return {
    folder,
    region,
    store,
    clock,
    bundle: { jws: await signTrustBundle(bundle, region.root.privateKey), version: 3 },
    sign: (texts) => signer.sign(texts),
    verifier: createReceiptVerifier(bundle.receiptKeys),
    addAgent: async ({ facilities = [facility] } = {}) => {
      const id = systemRandom.uuid(at);
      const [tlsKey, sealKey] = await Promise.all([generateKey(), generateKey()]);
      const subject = { agent: id, name: 'Agent', facilities };
      const tls = {
        privateKey: tlsKey.privateKey,
        certificate: authority.issueAgentTls(tlsKey.publicKey, subject),
      };
      const seal = {
        privateKey: sealKey.privateKey,
        certificate: authority.issueAgentSeal(sealKey.publicKey, subject),
      };
      await store.transaction(async (tx) => {
        await tx.agents.put({ id, name: 'Agent', status: 'active', facilities, createdAt: at });
        for (const [use, { certificate }] of [['tls', tls] as const, ['seal', seal] as const])
          await tx.agents.putCertificate({
            fingerprint: fingerprint(certificate),
            agent: id,
            use,
            pem: certificate.toString(),
            notAfter: Date.parse(certificate.validTo),
            revokedAt: null,
          });
      });
      const sealer = createSealer({
        recipients: [region.encryption.certificate, region.recovery],
        signer: seal,
        random: systemRandom,
      });
      return {
        ...{ id, tls, seal },
        chain: (feed = 'ed-visits', start = { epoch: 1, seq: 0, prev: genesis }, as = id) => {
          let head = start;
          return {
            next: async (change = {}) => {
              const place = {
                ...{
                  id: systemRandom.uuid(clock.now()),
                  epoch: head.epoch,
                  seq: head.seq + 1,
                  prev: head.prev,
                },
                ...change,
              };
              const fields = { ...place, agent: as, feed, created: clock.now(), schema: 1 };
              const { digest, bytes } = sealer.seal(fields, await sealer.compress(Buffer.from('content')));
              head = { epoch: place.epoch, seq: place.seq, prev: digest };
              return { ...place, feed, digest, bytes: await bytes };
            },
          };
        },
      };
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Client {
  send(method: string, path: string, body?: Buffer | object): Promise<Answer>;
  close(): void;
}

/** A client over real TLS on loopback, its connection kept. */
export function connect(
  port: number,
  lab: Lab,
  identity: CertifiedKey | undefined,
  tls: AgentOptions = {},
): Client {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 4,
    ca: [...lab.region.authorities],
    servername: 'localhost',
    ...(identity === undefined
      ? {}
      : { key: privateKeyPem(identity.privateKey), cert: identity.certificate.toString() }),
    ...tls,
  });
  return {
    send: (method, path, body) =>
      new Promise((resolve, reject) => {
        const octets = Buffer.isBuffer(body);
        const payload = body === undefined ? undefined : octets ? body : Buffer.from(JSON.stringify(body));
        const request = httpsRequest(
          {
            ...{ agent, host: '127.0.0.1', port, method, path },
            headers:
              payload === undefined
                ? {}
                : {
                    'content-type': octets ? 'application/octet-stream' : 'application/json',
                    'content-length': payload.length,
                  },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () => {
              const text = Buffer.concat(chunks).toString('utf8');
              const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text };
              resolve({ status: response.statusCode ?? 0, json, headers: response.headers });
            });
          },
        );
        request.on('error', reject);
        request.end(payload);
      }),
    close: () => agent.destroy(),
  };
}
