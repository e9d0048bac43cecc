import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { trustBundlePath } from '../../receiver/auth/trust-bundle-file.ts';
import { parseConfig } from '../../receiver/config.ts';
import { createAuthority } from '../../receiver/pki/authority.ts';
import { startReceiver } from '../../receiver/receiver.ts';
import { fingerprint, generateKey, privateKeyPem, type CertifiedKey } from '../../shared/envelope/keys.ts';
import { verifyTrustBundle } from '../../shared/protocol/trust-bundle.ts';
import type { Service } from '../../shared/runtime/lifecycle.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { eventually } from '../fault/live.ts';
import { keyLabOf, type KeyLab } from '../unit/keys/lab.ts';
import { connect, createLab, quiet, type Client, type Lab, type LabAgent } from '../unit/receiver/lab.ts';

/** A receiver in this process, whose keys commands change beside it. */
let lab: Lab;
let keys: KeyLab;
let receiver: Service;
let agent: LabAgent;
let port: number;
const clients: Client[] = [];

beforeAll(async () => {
  lab = await createLab();
  keys = keyLabOf(lab);
  agent = await lab.addAgent();
  await writeFile(trustBundlePath(lab.folder), lab.bundle.jws);
  const any = '{ host: 127.0.0.1, port: 0 }';
  const settings = `state: ${lab.folder}\nregion: Test region\nlisteners: { ingest: ${any}, enrolment: ${any}, health: ${any} }\n`;
  receiver = await startReceiver({
    config: parseConfig(settings, join(lab.folder, 'receiver.yaml')),
    ...{ clock: lab.clock, random: systemRandom, logger: quiet },
  });
  const listeners = JSON.parse(readFileSync(join(lab.folder, 'listeners.json'), 'utf8')) as {
    ingest: { port: number };
  };
  ({ port } = listeners.ingest);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await receiver.stop();
  await lab.close();
});

function as(identity: CertifiedKey): Client {
  const client = connect(port, lab, identity);
  clients.push(client);
  return client;
}

const beat = (bundleVersion: number) => ({
  ...{ version: '1', at: lab.clock.now(), feeds: [], freeDiskBytes: null, paused: null },
  ...{ rejectedExports: [], bundleVersion },
});

/** Fingerprint of the certificate that the door shows; undefined: it does not let this one in. */
async function shownTo(identity: CertifiedKey): Promise<string | undefined> {
  const socket = connectTls({
    ...{ host: '127.0.0.1', port, servername: 'localhost', ca: [...lab.region.authorities] },
    key: privateKeyPem(identity.privateKey),
    cert: identity.certificate.toString(),
  });
  try {
    await once(socket, 'secureConnect');
    const shown = socket.getPeerX509Certificate();
    return shown === undefined ? undefined : fingerprint(shown);
  } finally {
    socket.destroy();
  }
}

/** Issued by the authority in use, and known to the region. */
async function renewed(): Promise<CertifiedKey> {
  const { publicKey, privateKey } = await generateKey();
  const { issuing } = await keys.region();
  const authority = createAuthority(issuing, { clock: lab.clock, random: systemRandom });
  const certificate = authority.issueAgentTls(publicKey, { agent: agent.id, name: 'Agent', facilities: [] });
  const notAfter = Date.parse(certificate.validTo);
  await lab.store.transaction((tx) =>
    tx.agents.putCertificate({
      ...{ fingerprint: fingerprint(certificate), agent: agent.id, use: 'tls', revokedAt: null },
      ...{ pem: certificate.toString(), notAfter },
    }),
  );
  return { privateKey, certificate };
}

describe('a serving receiver whose keys turn over', () => {
  it('shows the next certificate of its door from the next connection on, and drops nobody', async () => {
    const open = as(agent.tls);
    expect((await open.send('GET', '/v1/receipts')).status).toBe(200);
    const before = await shownTo(agent.tls);
    await keys.rotate('server');
    const after = fingerprint((await keys.region()).server.certificate);
    expect(after).not.toBe(before);
    await eventually('the next certificate', async () => (await shownTo(agent.tls)) === after);
    expect((await open.send('GET', '/v1/receipts')).status).toBe(200);
  });

  it('tells agents of the next bundle with their heartbeat, and takes none of them back', async () => {
    const client = as(agent.tls);
    const { version } = await keys.bundle();
    await keys.rotate('encryption', { after: '60' });
    const jws = await eventually('the next bundle', async () => {
      const { json } = await client.send('POST', '/v1/heartbeat', beat(version));
      return typeof json['bundle'] === 'string' && json['bundle'];
    });
    expect((await verifyTrustBundle(jws, lab.region.rootDigest, version + 1)).version).toBe(version + 1);
    // Played back to an agent that knows it, the bundle from before is refused.
    await expect(verifyTrustBundle(lab.bundle.jws, lab.region.rootDigest, version + 1)).rejects.toMatchObject(
      { code: 'bundle-rollback' },
    );
    const { json } = await client.send('POST', '/v1/heartbeat', beat(version + 1));
    expect(json['bundle']).toBeNull();
  });

  it('lets in what either authority issued, until the old one is no more', async () => {
    const old = (await keys.list()).keys.find(({ role }) => role === 'issuing');
    const open = as(agent.tls);
    expect((await open.send('GET', '/v1/receipts')).status).toBe(200);
    await keys.rotate('ca', { now: true });
    const next = await renewed();
    expect(next.certificate.issuer).not.toBe(agent.tls.certificate.issuer);
    await eventually('the next authority', async () =>
      as(next)
        .send('GET', '/v1/receipts')
        .then(
          ({ status }) => status === 200,
          () => false,
        ),
    );
    expect((await as(agent.tls).send('GET', '/v1/receipts')).status).toBe(200);

    await keys.destroy(old?.id ?? '', { evenSo: true, reason: 'stolen' });
    // At once on the connection it has, and on every other: TLS alone would let it in, with the old authority shown along.
    const gone = { status: 403, json: { code: 'certificate-revoked' } };
    expect(await open.send('GET', '/v1/receipts')).toMatchObject(gone);
    expect(await as(agent.tls).send('GET', '/v1/receipts')).toMatchObject(gone);
    expect((await as(next).send('GET', '/v1/receipts')).status).toBe(200);
  });
});
