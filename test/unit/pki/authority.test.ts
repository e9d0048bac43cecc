import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentOf, createAuthority, createIssuing, createRoot } from '../../../receiver/pki/authority.ts';
import { privateKeyPem, type CertifiedKey, type KeyPair } from '../../../shared/envelope/keys.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { testKey, type TestKeyName } from '../../golden/envelope/vector.ts';
import { openssl, withOpenssl } from '../envelope/openssl.ts';

const deps = { clock: systemClock, random: systemRandom };
const pair = (name: TestKeyName): KeyPair => {
  const { privateKey, certificate } = testKey(name);
  return { privateKey, publicKey: certificate.publicKey };
};
const region = 'Région Île-de-Exemple, d’un nom bien trop long pour un certificat';
const root = createRoot(pair('root'), region, deps);
const issuing = createIssuing(pair('issuing'), region, root, deps);
const authority = createAuthority(issuing, deps);
const subject = {
  agent: '11111111-2222-4333-8444-555555555555',
  name: 'Hôpital inventé',
  facilities: ['990000010', '990000028'],
};
const leaves: Readonly<Record<string, X509Certificate>> = {
  server: authority.issueServer(pair('other').publicKey, ['receveur.example', '192.0.2.7']),
  tls: authority.issueAgentTls(pair('seal').publicKey, subject),
  seal: authority.issueAgentSeal(pair('seal').publicKey, subject),
  encryption: authority.issueEncryption(pair('receiver').publicKey, 'receiver', 100),
};
const dayMs = 86_400_000;

test('the chain holds from every leaf to the root, and the root signs itself', () => {
  expect(root.certificate.verify(root.certificate.publicKey)).toBe(true);
  expect(issuing.certificate.verify(root.certificate.publicKey)).toBe(true);
  expect(issuing.certificate.checkIssued(root.certificate)).toBe(true);
  for (const leaf of Object.values(leaves)) {
    expect(leaf.checkIssued(issuing.certificate)).toBe(true);
    expect(leaf.verify(issuing.certificate.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
  }
});

test('accents survive, and root and issuing authority keep different names when the region is long', () => {
  expect(root.certificate.subject).toContain('Région Île-de-Exemple');
  expect(issuing.certificate.issuer).toBe(root.certificate.subject);
  expect(issuing.certificate.subject).not.toBe(root.certificate.subject);
});

test('an agent certificate says which agent and which facilities, and lasts 90 days', () => {
  for (const leaf of [leaves['tls'], leaves['seal']]) {
    expect(leaf?.subjectAltName).toContain('URI:urn:vaguemestre:facility:990000010');
    expect(leaf && agentOf(leaf)).toBe(subject.agent);
    const days = (Date.parse(leaf?.validTo ?? '') - Date.parse(leaf?.validFrom ?? '')) / dayMs;
    expect(Math.round(days)).toBe(90);
  }
  expect(leaves['server'] && agentOf(leaves['server'])).toBeUndefined();
});

test('serial numbers are positive, sixteen bytes, and never repeated', () => {
  const serials = Object.values(leaves).map((leaf) => leaf.serialNumber);
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  expect(new Set(serials).size).toBe(serials.length);
});

test('nothing is issued beyond the life of its issuer', () => {
  const leaf = authority.issueEncryption(pair('receiver').publicKey, 'receiver', 100 * 365);
  expect(Date.parse(leaf.validTo)).toBe(Date.parse(issuing.certificate.validTo));
});

describe('against openssl', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vgm-pki-'));
    const all = { root: root.certificate, issuing: issuing.certificate, ...leaves };
    for (const [name, certificate] of Object.entries(all))
      writeFileSync(join(folder, `${name}.pem`), certificate.toString());
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const verify = (name: string, ...more: readonly string[]): ReturnType<typeof openssl> => {
    const at = (file: string): string => join(folder, `${file}.pem`);
    const chain = ['-CAfile', at('root'), '-untrusted', at('issuing')];
    return openssl('verify', '-x509_strict', ...chain, ...more, at(name));
  };

  withOpenssl('every certificate passes strict verification for its purpose', () => {
    for (const [name, purpose] of [
      ['server', 'sslserver'],
      ['tls', 'sslclient'],
      ['seal', 'any'],
      ['encryption', 'any'],
      ['issuing', 'any'],
    ] as const) {
      const { code, stderr } = verify(name, '-purpose', purpose);
      expect(code, `${name}: ${stderr}`).toBe(0);
    }
  });

  withOpenssl('an agent certificate is no server, and a server certificate no client', () => {
    expect(verify('tls', '-purpose', 'sslserver').code).not.toBe(0);
    expect(verify('server', '-purpose', 'sslclient').code).not.toBe(0);
  });
});

describe('over TLS 1.3 with client certificates', () => {
  const ca = [root.certificate.toString(), issuing.certificate.toString()];
  const keyOf = (name: TestKeyName): string => privateKeyPem(testKey(name).privateKey);
  const server = createServer(
    {
      key: keyOf('other'),
      cert: `${leaves['server']?.toString() ?? ''}${issuing.certificate.toString()}`,
      ca,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    },
    (request, response) => {
      const peer = request.socket instanceof TLSSocket ? request.socket.getPeerX509Certificate() : undefined;
      response.end(peer === undefined ? 'none' : agentOf(peer));
    },
  );
  let port: number;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(() => {
    server.close();
  });

  const call = (
    host: string,
    client: Partial<CertifiedKey> & { cert?: string; key?: string },
  ): Promise<string> =>
    new Promise((resolve, reject) => {
      httpsRequest({ host, port, ca, cert: client.cert, key: client.key, agent: false }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve(body));
        response.on('error', reject);
      })
        .on('error', reject)
        .end();
    });
  const tls = { cert: leaves['tls']?.toString() ?? '', key: keyOf('seal') };

  test('an agent is let in and recognised, at localhost as at 127.0.0.1', async () => {
    expect(await call('127.0.0.1', tls)).toBe(subject.agent);
    expect(await call('localhost', tls)).toBe(subject.agent);
  });

  test('without certificate, or with one from elsewhere, nobody comes in', async () => {
    await expect(call('127.0.0.1', {})).rejects.toThrow();
    const own = createRoot(pair('recovery'), 'elsewhere', deps);
    const foreign = { cert: own.certificate.toString(), key: keyOf('recovery') };
    await expect(call('127.0.0.1', foreign)).rejects.toThrow();
  });
});
