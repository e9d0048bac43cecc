import { connect as connectTls, type TLSSocket } from 'node:tls';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createListener, type Listener } from '../../receiver/app-listener.ts';
import { createIngestApp } from '../../receiver/app.ts';
import { createIdentify, peerFingerprint } from '../../receiver/auth/agent-identity.ts';
import { createCertifier } from '../../receiver/auth/certifier.ts';
import { createAdmission } from '../../receiver/inbox/admission.ts';
import { createIntake } from '../../receiver/inbox/intake.ts';
import { createReceiptBoard, type ReceiptBoard } from '../../receiver/inbox/receipt-board.ts';
import { createAuthority } from '../../receiver/pki/authority.ts';
import { fingerprint, generateKey, privateKeyPem, type CertifiedKey } from '../../shared/envelope/keys.ts';
import { createRequest } from '../../shared/envelope/request.ts';
import { agentGrant, enrolmentGrant } from '../../shared/protocol/enrolment.ts';
import { heartbeatAnswer, pushAnswer } from '../../shared/protocol/push.ts';
import { receiptPage } from '../../shared/protocol/receipts.ts';
import { signTombstone } from '../../shared/protocol/tombstone.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import {
  connect,
  createLab,
  facility,
  quiet,
  type Client,
  type Lab,
  type LabAgent,
} from '../unit/receiver/lab.ts';

let lab: Lab;
let one: LabAgent;
let two: LabAgent;
let door: Listener;
let board: ReceiptBoard;
const stopping = new AbortController();
const clients: Client[] = [];

beforeAll(async () => {
  lab = await createLab();
  [one, two] = await Promise.all([lab.addAgent(), lab.addAgent()]);
  board = createReceiptBoard();
  const { store, clock, region, bundle } = lab;
  const app = createIngestApp(
    {
      requestSeconds: 1,
      connections: 100,
      logger: quiet,
      random: systemRandom,
      tls: {
        key: region.serverKeyPem,
        certificate: region.serverChain,
        clientAuthorities: region.authorities,
      },
    },
    {
      ...{ store, clock, board, bundle },
      identify: createIdentify({ store, clock, fingerprintOf: peerFingerprint }),
      admission: createAdmission({ store }),
      intake: createIntake({
        ...{ store, clock, random: systemRandom, logger: quiet, sign: lab.sign },
        onStored: (agents) => board.announce(agents),
      }),
      certifier: createCertifier({ issuing: region.issuing, clock, random: systemRandom }),
      ingestUrl: () => 'https://localhost',
      concurrentEnvelopes: 2,
      stopping: stopping.signal,
    },
  );
  door = createListener('ingest', app, { host: '127.0.0.1', port: 0 });
  await door.start();
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

afterAll(async () => {
  stopping.abort();
  await door.stop();
  await lab.close();
});

function as(identity: CertifiedKey | undefined, tls = {}): Client {
  const client = connect(door.address().port, lab, identity, tls);
  clients.push(client);
  return client;
}

/** A bare connection, to write what no client would. */
async function open(): Promise<TLSSocket> {
  const socket = connectTls({
    ...{ host: '127.0.0.1', port: door.address().port, servername: 'localhost' },
    ca: [...lab.region.authorities],
    key: privateKeyPem(one.tls.privateKey),
    cert: one.tls.certificate.toString(),
  });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

async function firstCursor(client: Client): Promise<number> {
  return receiptPage.parse((await client.send('GET', '/v1/receipts')).json).cursor;
}

describe('who may speak to the ingest listener', () => {
  it('closes on a client without certificate', async () => {
    await expect(as(undefined).send('GET', '/v1/receipts')).rejects.toThrow();
  });

  it('closes on a certificate another authority issued', async () => {
    const key = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const other = await createLab();
    try {
      const authority = createAuthority(other.region.issuing, { clock: lab.clock, random: systemRandom });
      const certificate = authority.issueAgentTls(key.publicKey, {
        agent: one.id,
        name: 'Agent',
        facilities: [],
      });
      await expect(
        as({ privateKey: key.privateKey, certificate }).send('GET', '/v1/receipts'),
      ).rejects.toThrow();
    } finally {
      await other.close();
    }
  });

  it('refuses a certificate of the region that no agent holds', async () => {
    const key = await generateKey();
    const authority = createAuthority(lab.region.issuing, { clock: lab.clock, random: systemRandom });
    const certificate = authority.issueAgentTls(key.publicKey, {
      agent: one.id,
      name: 'Agent',
      facilities: [],
    });
    const answer = await as({ privateKey: key.privateKey, certificate }).send('GET', '/v1/receipts');
    expect(answer).toMatchObject({ status: 403, json: { code: 'certificate-unknown' } });
  });

  it('does not take a seal certificate for an identity', async () => {
    const answer = await as(one.seal).send('GET', '/v1/receipts');
    expect(answer).toMatchObject({ status: 403, json: { code: 'certificate-unknown' } });
  });

  it('refuses TLS 1.2', async () => {
    await expect(as(one.tls, { maxVersion: 'TLSv1.2' }).send('GET', '/v1/receipts')).rejects.toThrow(
      /protocol version/i,
    );
  });

  it('refuses a revoked agent at its next request, on the connection it already had', async () => {
    const agent = await lab.addAgent();
    const client = as(agent.tls, { maxSockets: 1 });
    expect((await client.send('GET', '/v1/receipts')).status).toBe(200);
    await lab.store.transaction((tx) => tx.agents.revokeCertificates(agent.id, lab.clock.now()));
    expect(await client.send('GET', '/v1/receipts')).toMatchObject({
      status: 403,
      json: { code: 'certificate-revoked', class: 'permanent' },
    });
  });

  it('refuses a certificate from the instant it ends', async () => {
    const agent = await lab.addAgent();
    const row = {
      ...({ agent: agent.id, use: 'tls', pem: agent.tls.certificate.toString(), revokedAt: null } as const),
      fingerprint: fingerprint(agent.tls.certificate),
    };
    const client = as(agent.tls);
    await lab.store.transaction((tx) => tx.agents.putCertificate({ ...row, notAfter: lab.clock.now() + 1 }));
    expect((await client.send('GET', '/v1/receipts')).status).toBe(200);
    await lab.store.transaction((tx) => tx.agents.putCertificate({ ...row, notAfter: lab.clock.now() }));
    expect((await client.send('GET', '/v1/receipts')).json).toMatchObject({ code: 'certificate-expired' });
  });
});

describe('pushing envelopes', () => {
  it('answers a signed receipt, and the same one to a repeat', async () => {
    const client = as(one.tls);
    const envelope = await one.chain('feed-a').next();
    const first = await client.send('POST', '/v1/envelopes', envelope.bytes);
    expect(first.status).toBe(200);
    const { receipt, proof } = pushAnswer.parse(first.json);
    expect(await lab.verifier.verify(receipt, proof)).toMatchObject({
      ...{ kind: 'stored', envelope: envelope.id, digest: envelope.digest, seq: 1 },
      head: { seq: 1, digest: envelope.digest },
    });
    expect((await client.send('POST', '/v1/envelopes', envelope.bytes)).json).toEqual(first.json);
  });

  it('refuses a fork with the head that an agent needs to go on', async () => {
    const client = as(one.tls);
    const kept = await one.chain('feed-b').next();
    const fork = await one.chain('feed-b').next();
    await client.send('POST', '/v1/envelopes', kept.bytes);
    expect(await client.send('POST', '/v1/envelopes', fork.bytes)).toMatchObject({
      status: 409,
      json: { code: 'ledger-fork', class: 'permanent', head: { epoch: 1, seq: 1, digest: kept.digest } },
    });
  });

  it('refuses an envelope that names another agent', async () => {
    const envelope = await two.chain().next();
    expect(await as(one.tls).send('POST', '/v1/envelopes', envelope.bytes)).toMatchObject({
      status: 403,
      json: { code: 'envelope-other-agent' },
    });
  });

  it('refuses an envelope signed by a key it does not know for that agent', async () => {
    const envelope = await one.chain('feed-c', undefined, two.id).next();
    expect(await as(two.tls).send('POST', '/v1/envelopes', envelope.bytes)).toMatchObject({
      status: 403,
      json: { code: 'envelope-signer-unknown' },
    });
  });

  it('refuses an envelope with any bit flipped, and stores nothing of it', async () => {
    const client = as(one.tls);
    const envelope = await one.chain('feed-d').next();
    const before = await lab.store.read((tx) => tx.inbox.counts());
    for (let bit = 3; bit < envelope.bytes.length * 8; bit += Math.floor((envelope.bytes.length * 8) / 60)) {
      const flipped = Buffer.from(envelope.bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const answer = await client.send('POST', '/v1/envelopes', flipped);
      expect(answer.json).toMatchObject({ class: 'permanent' });
      expect([403, 413, 422]).toContain(answer.status);
    }
    expect(await lab.store.read((tx) => tx.inbox.counts())).toEqual(before);
  });

  it('refuses a seal certificate that was revoked, and takes one that ended after the envelope was sealed', async () => {
    const agent = await lab.addAgent();
    const client = as(agent.tls);
    const chain = agent.chain();
    const row = {
      ...({ agent: agent.id, use: 'seal', pem: agent.seal.certificate.toString() } as const),
      fingerprint: fingerprint(agent.seal.certificate),
    };
    const sealedInTime = await chain.next();
    const sealedLate = await chain.next();
    const put = (notAfter: number, revokedAt: number | null): Promise<void> =>
      lab.store.transaction((tx) => tx.agents.putCertificate({ ...row, notAfter, revokedAt }));
    await put(lab.clock.now() + 1, null);
    expect((await client.send('POST', '/v1/envelopes', sealedInTime.bytes)).status).toBe(200);
    await put(lab.clock.now(), null);
    expect((await client.send('POST', '/v1/envelopes', sealedLate.bytes)).json).toMatchObject({
      code: 'envelope-signer-unknown',
    });
    await put(lab.clock.now() + 1000, 1);
    expect((await client.send('POST', '/v1/envelopes', sealedLate.bytes)).json).toMatchObject({
      code: 'envelope-signer-unknown',
    });
  });

  it('refuses a body beyond the limit of an envelope', async () => {
    const answer = await as(one.tls).send('POST', '/v1/envelopes', Buffer.alloc(5 * 1024 * 1024));
    expect(answer).toMatchObject({ status: 413, json: { class: 'permanent' } });
  });

  it('refuses a body of another type', async () => {
    expect(await as(one.tls).send('POST', '/v1/envelopes', { a: 1 })).toMatchObject({ status: 400 });
  });

  it('closes on a body that drips, and frees its place', async () => {
    const drip = async (): Promise<void> => {
      const socket = await open();
      socket.resume();
      const closed = once(socket, 'close');
      socket.write(
        'POST /v1/envelopes HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\ncontent-length: 1000\r\n\r\nx',
      );
      await closed;
    };
    await Promise.all([drip(), drip()]);
    const envelope = await one.chain('feed-e').next();
    expect((await as(one.tls).send('POST', '/v1/envelopes', envelope.bytes)).status).toBe(200);
  });

  it('tells the sender to come back when as many bodies as allowed are on their way', async () => {
    const hold = async (): Promise<TLSSocket> => {
      const socket = await open();
      socket.write(
        'POST /v1/envelopes HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\ncontent-length: 1000\r\n\r\n',
      );
      return socket;
    };
    const held = await Promise.all([hold(), hold()]);
    const client = as(one.tls);
    const envelope = await one.chain('feed-f').next();
    // The held requests are on their way: asked until they have arrived, before they are closed for being slow.
    let answer = await client.send('POST', '/v1/envelopes', envelope.bytes);
    while (answer.status === 200) answer = await client.send('POST', '/v1/envelopes', envelope.bytes);
    expect(answer).toMatchObject({ status: 503, json: { code: 'receiver-busy', class: 'transient' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    for (const socket of held) socket.destroy();
  });
});

describe('tombstones and epochs', () => {
  it('takes a tombstone signed by the agent, and no other', async () => {
    const client = as(one.tls);
    const chain = one.chain('feed-g');
    const [lost, after] = [await chain.next(), await chain.next()];
    await client.send('POST', '/v1/envelopes', after.bytes);
    const fields = {
      ...{ agent: one.id, feed: 'feed-g', epoch: 1, seq: 1, envelope: lost.id },
      ...{ digest: lost.digest, prev: lost.prev, code: 'envelope-malformed' },
    };
    const forged = await signTombstone(fields, two.seal.privateKey);
    expect((await client.send('POST', '/v1/tombstones', forged)).json).toMatchObject({
      code: 'envelope-signature-invalid',
    });
    const signed = await signTombstone(fields, one.seal.privateKey);
    const answer = pushAnswer.parse((await client.send('POST', '/v1/tombstones', signed)).json);
    expect(JSON.parse(answer.receipt)).toMatchObject({ head: { seq: 2, digest: after.digest } });
  });

  it('opens the next epoch at the head it holds', async () => {
    const client = as(one.tls);
    const sent = await one.chain('feed-h').next();
    await client.send('POST', '/v1/envelopes', sent.bytes);
    expect((await client.send('POST', '/v1/epochs', { feed: 'feed-h', epoch: 2 })).json).toEqual({
      ...{ feed: 'feed-h', epoch: 2, prev: sent.digest },
    });
    for (const epoch of [1, 5000])
      expect(await client.send('POST', '/v1/epochs', { feed: 'feed-h', epoch })).toMatchObject({
        status: 409,
        json: { code: 'ledger-epoch-refused' },
      });
    // The receiver was restored from before the agent's last epochs.
    expect((await client.send('POST', '/v1/epochs', { feed: 'feed-h', epoch: 5 })).json).toEqual({
      ...{ feed: 'feed-h', epoch: 5, prev: sent.digest },
    });
  });
});

describe('receipts on their way back', () => {
  it('come page by page after a cursor, with proofs that verify, and only to their agent', async () => {
    const agent = await lab.addAgent();
    const client = as(agent.tls);
    const chain = agent.chain();
    for (let count = 0; count < 3; count += 1)
      await client.send('POST', '/v1/envelopes', (await chain.next()).bytes);
    const page = receiptPage.parse((await client.send('GET', '/v1/receipts?after=0')).json);
    expect(page.receipts).toHaveLength(3);
    expect(page.more).toBe(false);
    for (const { text, proof } of page.receipts) {
      const jws = page.proofs.find(({ id }) => id === proof)?.jws ?? '';
      expect(await lab.verifier.verify(text, jws)).toMatchObject({ agent: agent.id });
    }
    const rest = receiptPage.parse(
      (await client.send('GET', `/v1/receipts?after=${page.receipts[0]?.cursor ?? 0}`)).json,
    );
    expect(rest.receipts).toEqual(page.receipts.slice(1));
    const empty = receiptPage.parse((await client.send('GET', `/v1/receipts?after=${page.cursor}`)).json);
    expect(empty).toEqual({ receipts: [], proofs: [], cursor: page.cursor, more: false });
  });

  it('wake a request that is being held', async () => {
    const agent = await lab.addAgent();
    const client = as(agent.tls);
    const cursor = await firstCursor(client);
    const held = client.send('GET', `/v1/receipts?after=${cursor}&wait=25`);
    const envelope = await agent.chain().next();
    await client.send('POST', '/v1/envelopes', envelope.bytes);
    const page = receiptPage.parse((await held).json);
    expect(page.receipts.map(({ text }) => (JSON.parse(text) as { envelope: string }).envelope)).toEqual([
      envelope.id,
    ]);
  });

  it('refuse a wait beyond what the protocol allows', async () => {
    expect((await as(one.tls).send('GET', '/v1/receipts?wait=3600')).status).toBe(400);
  });
});

describe('heartbeats and renewals', () => {
  const beat = {
    ...{ version: '0.1.0', at: 1, feeds: [], freeDiskBytes: null, paused: null },
    bundleVersion: 2,
  };

  it('are kept with the exports the agent rejected, and bring what is newer back', async () => {
    const agent = await lab.addAgent();
    await as(agent.tls).send('POST', '/v1/envelopes', (await agent.chain().next()).bytes);
    const reject = {
      ...{ export: systemRandom.uuid(1), source: 'desk', digest: 'd', code: 'export-cut' },
      ...{ line: 3, record: null, at: 5 },
    };
    const answer = heartbeatAnswer.parse(
      (await as(agent.tls).send('POST', '/v1/heartbeat', { ...beat, rejectedExports: [reject] })).json,
    );
    expect(answer.bundle).toBe(lab.bundle.jws);
    expect(answer.facilities.map(({ finess }) => finess)).toEqual([facility]);
    expect(answer.heads).toMatchObject([{ feed: 'ed-visits', epoch: 1, seq: 1 }]);
    expect(await lab.store.read((tx) => tx.agents.rejectedExports(10))).toContainEqual({
      ...reject,
      agent: agent.id,
    });
    const current = { ...beat, bundleVersion: 3, rejectedExports: [] };
    expect((await as(agent.tls).send('POST', '/v1/heartbeat', current)).json).toMatchObject({ bundle: null });
  });

  it('certify fresh keys while the old certificates stay good', async () => {
    const agent = await lab.addAgent();
    const [tlsKey, sealKey] = await Promise.all([generateKey(), generateKey()]);
    const answer = await as(agent.tls).send('POST', '/v1/renewals', {
      v: 1,
      tlsRequest: createRequest(tlsKey, 'anything'),
      sealRequest: createRequest(sealKey, 'anything'),
    });
    const grant = agentGrant.parse(JSON.parse(enrolmentGrant.parse(answer.json).grant));
    expect(grant.agent).toBe(agent.id);
    const renewed = as(agent.tls, { key: privateKeyPem(tlsKey.privateKey), cert: grant.tlsCertificate });
    expect((await renewed.send('GET', '/v1/receipts')).status).toBe(200);
    expect((await as(agent.tls).send('GET', '/v1/receipts')).status).toBe(200);
  });
});

describe('what is not a route', () => {
  it('answers with a code like everything else', async () => {
    expect(await as(one.tls).send('GET', '/v1/other')).toMatchObject({
      status: 404,
      json: { code: 'route-unknown', class: 'permanent' },
    });
  });

  it('answers JSON that is none without quoting it', async () => {
    const answer = await as(one.tls).send('POST', '/v1/heartbeat', { patient: 'DUPONT' });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.json)).not.toContain('DUPONT');
  });
});
