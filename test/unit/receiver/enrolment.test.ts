import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEnrolmentApp } from '../../../receiver/app.ts';
import { createCertifier } from '../../../receiver/auth/certifier.ts';
import { inviteAgent, revokeAgent } from '../../../receiver/auth/enrolment.ts';
import { fingerprint, generateKey, type KeyPair } from '../../../shared/envelope/keys.ts';
import { createRequest } from '../../../shared/envelope/request.ts';
import { parseEnrolmentCode, type EnrolmentCode } from '../../../shared/protocol/enrolment-code.ts';
import { deriveTokenKey, requestMac, verifyGrantMac } from '../../../shared/protocol/enrolment-mac.ts';
import {
  agentGrant,
  enrolmentGrant,
  type AgentGrant,
  type EnrolmentRequest,
} from '../../../shared/protocol/enrolment.ts';
import { verifyTrustBundle } from '../../../shared/protocol/trust-bundle.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLab, facility, quiet, type Lab } from './lab.ts';

let lab: Lab;
let app: ReturnType<typeof createEnrolmentApp>;
let keys: readonly [KeyPair, KeyPair];

beforeAll(async () => {
  lab = await createLab();
  keys = await Promise.all([generateKey(), generateKey()]);
  const { store, clock, region, bundle } = lab;
  app = createEnrolmentApp(
    {
      ...{ requestSeconds: 5, connections: 10, logger: quiet, random: systemRandom },
      tls: { key: region.serverKeyPem, certificate: region.serverChain },
    },
    {
      ...{ store, clock, bundle },
      certifier: createCertifier({ issuing: region.issuing, clock, random: systemRandom }),
      ingestUrl: () => 'https://receiver.example.org:8443',
    },
  );
});

afterAll(async () => {
  await app.close();
  await lab.close();
});

async function invited(agent?: string): Promise<EnrolmentCode> {
  const { store, clock, region } = lab;
  const deps = { store, clock, random: systemRandom, rootDigest: region.rootDigest };
  const request = agent === undefined ? { name: 'Agent', facilities: [facility] } : { agent };
  const { code } = await inviteAgent(request, deps);
  return parseEnrolmentCode(code);
}

function requestOf(
  { agent, token }: EnrolmentCode,
  change: Partial<EnrolmentRequest> = {},
): EnrolmentRequest {
  const requests = {
    agent,
    tlsRequest: createRequest(keys[0], 'whoever'),
    sealRequest: createRequest(keys[1], 'whoever'),
  };
  return { v: 1, ...requests, mac: requestMac(deriveTokenKey(token), requests), ...change };
}

async function enrolWith(request: EnrolmentRequest) {
  const response = await app.inject({ method: 'POST', url: '/v1/enrolments', payload: request });
  return { status: response.statusCode, json: response.json<Record<string, unknown>>() };
}

async function granted(code: EnrolmentCode): Promise<AgentGrant> {
  const answer = enrolmentGrant.parse((await enrolWith(requestOf(code))).json);
  expect(verifyGrantMac(deriveTokenKey(code.token), answer)).toBe(true);
  return agentGrant.parse(JSON.parse(answer.grant));
}

const refused = { status: 403, json: { code: 'enrolment-refused', class: 'permanent' } };
const zeroToken = Buffer.alloc(20);

describe('enrolment', () => {
  it('shows the trust bundle to anyone, for the code to verify it', async () => {
    const code = await invited();
    const response = await app.inject({ method: 'GET', url: '/v1/trust' });
    const bundle = await verifyTrustBundle(response.body, code.rootDigest, 1);
    expect(bundle.region).toBe('Test region');
  });

  it('grants what the database says of the agent, whatever its requests say', async () => {
    const code = await invited();
    const grant = await granted(code);
    expect(grant).toMatchObject({
      ...{ agent: code.agent, name: 'Agent', ingestUrl: 'https://receiver.example.org:8443', ledgers: [] },
      facilities: [{ finess: facility, name: 'Facility' }],
    });
    const tls = new X509Certificate(grant.tlsCertificate);
    expect(tls.subject).toContain('CN=Agent');
    expect(tls.subjectAltName).toContain(code.agent);
    expect(tls.checkIssued(lab.region.issuing.certificate)).toBe(true);
    const known = await lab.store.read((tx) => tx.agents.certificatesOf(code.agent));
    expect(known.map(({ use }) => use).sort()).toEqual(['seal', 'tls']);
    expect(known.map((row) => row.fingerprint)).toContain(fingerprint(tls));
    expect((await lab.store.read((tx) => tx.agents.get(code.agent)))?.status).toBe('active');
  });

  it('works once', async () => {
    const code = await invited();
    await granted(code);
    expect(await enrolWith(requestOf(code))).toMatchObject(refused);
  });

  it('refuses requests swapped on the way, and still lets the right ones in', async () => {
    const code = await invited();
    const stolen = createRequest(await generateKey(), 'thief');
    expect(await enrolWith({ ...requestOf(code), tlsRequest: stolen })).toMatchObject(refused);
    await granted(code);
  });

  it('gives up after five wrong tries, even for the right token', async () => {
    const code = await invited();
    for (let tries = 0; tries < 4; tries += 1)
      expect(await enrolWith(requestOf({ ...code, token: zeroToken }))).toMatchObject(refused);
    const twin = await invited();
    for (let tries = 0; tries < 5; tries += 1)
      expect(await enrolWith(requestOf({ ...twin, token: zeroToken }))).toMatchObject(refused);
    expect(await enrolWith(requestOf(twin))).toMatchObject(refused);
    await granted(code);
  });

  it('refuses a code after a day', async () => {
    const code = await invited();
    const late = await invited();
    lab.clock.advance(24 * 3_600_000 - 1);
    await granted(code);
    lab.clock.advance(1);
    expect(await enrolWith(requestOf(late))).toMatchObject(refused);
  });

  it('refuses an agent nobody invited in the same words', async () => {
    const code = await invited();
    expect(await enrolWith(requestOf({ ...code, agent: systemRandom.uuid(1) }))).toMatchObject(refused);
  });

  it('refuses a request whose sender does not hold its key, without spending the code', async () => {
    const code = await invited();
    const pem = createRequest(keys[0], 'whoever');
    const at = Math.floor(pem.length / 2);
    const broken = `${pem.slice(0, at)}${pem[at] === 'A' ? 'B' : 'A'}${pem.slice(at + 1)}`;
    const requests = { agent: code.agent, tlsRequest: broken, sealRequest: createRequest(keys[1], 'x') };
    const mac = requestMac(deriveTokenKey(code.token), requests);
    expect((await enrolWith({ v: 1, ...requests, mac })).status).toBe(422);
    await granted(code);
  });

  it('refuses one key for both uses', async () => {
    const code = await invited();
    const same = createRequest(keys[0], 'x');
    const requests = { agent: code.agent, tlsRequest: same, sealRequest: same };
    const mac = requestMac(deriveTokenKey(code.token), requests);
    expect((await enrolWith({ v: 1, ...requests, mac })).json).toMatchObject({ code: 'message-malformed' });
  });

  it('refuses a body larger than any request', async () => {
    const code = await invited();
    expect((await enrolWith(requestOf(code, { mac: 'x'.repeat(30_000) }))).status).toBe(413);
  });

  it('replaces a lost machine: old certificates end, its ledger goes on in a new epoch', async () => {
    const code = await invited();
    const first = await granted(code);
    const digest = 'a'.repeat(64);
    const head = { agent: code.agent, feed: 'ed-visits', epoch: 1, seq: 7, digest };
    await lab.store.transaction((tx) => tx.inbox.putHead(head));
    const again = await granted(await invited(code.agent));
    expect(again.agent).toBe(code.agent);
    expect(again.facilities).toEqual(first.facilities);
    expect(again.ledgers).toEqual([{ feed: 'ed-visits', epoch: 2, seq: 0, digest }]);
    const old = fingerprint(new X509Certificate(first.tlsCertificate));
    const row = await lab.store.read((tx) => tx.agents.certificate(old));
    expect(row?.revokedAt).not.toBeNull();
  });

  it('is closed to an agent revoked since its invitation', async () => {
    const code = await invited();
    await revokeAgent(code.agent, lab);
    expect(await enrolWith(requestOf(code))).toMatchObject(refused);
  });

  it('invites only for facilities that are registered', async () => {
    const { store, clock, region } = lab;
    const deps = { store, clock, random: systemRandom, rootDigest: region.rootDigest };
    await expect(inviteAgent({ name: 'Agent', facilities: ['990000028'] }, deps)).rejects.toMatchObject({
      code: 'facility-not-registered',
    });
  });
});
