import { privateDecrypt, constants } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DestinationConfig } from '../../../receiver/config-destinations.ts';
import { requireRsaSize } from '../../../receiver/forward/protection/agency-key.ts';
import { inspectKey } from '../../../receiver/forward/protection/inspect-key.ts';
import { decryptContent, readCms } from '../../../shared/envelope/cms.ts';
import { privateKeyPem } from '../../../shared/envelope/keys.ts';
import {
  certifiedPair,
  clockAt,
  codeOf,
  createFolder,
  dayMs,
  madeAt,
  opened,
  sealedFor,
  type CertifiedPair,
} from './agency.ts';

const folder = createFolder();
const content = Buffer.from('<PASSAGES>é</PASSAGES>\n'.repeat(500));
const agency = certifiedPair();
const other = certifiedPair();
afterAll(() => folder.remove());

const certificateFile = (bytes: string | Uint8Array): string => folder.file('agency.pem', bytes);
const settings = (pair = agency): DestinationConfig =>
  sealedFor({
    ...{ kind: 'cms', certificateFile: certificateFile(pair.certificate.toString()) },
    fingerprint: pair.fingerprint,
  });

function read(bytes: Buffer, { privateKey }: CertifiedPair): Buffer {
  const parts = readCms(bytes);
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  const encryptedKey = parts.recipients[0]?.encryptedKey ?? Buffer.alloc(0);
  return decryptContent(parts, privateDecrypt({ key: privateKey, ...padding }, encryptedKey));
}

describe('a dispatch sealed by CMS', () => {
  it('is opened by the agency, whole, and is never the same twice', async () => {
    const protection = await opened(settings());
    expect(protection).toMatchObject({
      ...{ suffix: '.p7m', fingerprint: agency.fingerprint, expiresAt: madeAt + 365 * dayMs },
    });
    const [first, second] = [
      await protection.seal('d.xml', content),
      await protection.seal('d.xml', content),
    ];
    expect(read(first, agency).equals(content)).toBe(true);
    expect(first.equals(second)).toBe(false);
    expect(readCms(first).nonce.equals(readCms(second).nonce)).toBe(false);
    expect(() => read(first, other)).toThrow();
  });
});

describe('the certificate of an agency', () => {
  const refused = (bytes: string | Uint8Array, { fingerprint }: CertifiedPair, at = madeAt + dayMs) =>
    codeOf(async () => {
      const file = certificateFile(bytes);
      const protection = sealedFor({ kind: 'cms', certificateFile: file, fingerprint });
      await (await opened(protection, clockAt(at))).seal('d.xml', content);
    });
  const refusedPair = (pair: CertifiedPair, at?: number): Promise<string> =>
    refused(pair.certificate.toString(), pair, at);

  it('is taken in PEM or DER, of 2048 bits or of more than ours', async () => {
    expect(await refused(agency.certificate.raw, agency)).toBe('passed');
    for (const bits of [2048, 4096])
      expect(await refusedPair(certifiedPair({ bits })), `${bits}`).toBe('passed');
  });

  it('is refused when it is none, not alone, or comes with its private key', async () => {
    const pem = agency.certificate.toString();
    expect(await refused('nothing', agency)).toBe('agency-key-unreadable');
    expect(await refused(pem.replace('MII', 'M!I'), agency)).toBe('agency-key-unreadable');
    expect(await refused(agency.certificate.raw.subarray(0, -1), agency)).toBe('agency-key-unreadable');
    const trailing = Buffer.concat([agency.certificate.raw, Buffer.alloc(1)]);
    expect(await refused(trailing, agency)).toBe('agency-key-unreadable');
    expect(await refused(pem + other.certificate.toString(), agency)).toBe('agency-key-several');
    expect(await refused(pem + privateKeyPem(agency.privateKey), agency)).toBe('agency-key-private');
  });

  it('is refused when it is not the one that the settings name', async () => {
    expect(await refused(other.certificate.toString(), agency)).toBe('agency-key-swapped');
  });

  it('is refused when its key is too short or its usage forbids encryption', async () => {
    expect(await refusedPair(certifiedPair({ bits: 1024 }))).toBe('agency-key-weak');
    for (const profile of [
      { kind: 'signature', uris: [] },
      { kind: 'authority', pathLength: 0 },
    ] as const)
      expect(await refusedPair(certifiedPair({ profile })), profile.kind).toBe('agency-key-unsuitable');
  });

  it('may have any size from 2048 to 8192 bits, and no other', async () => {
    const place = { destination: 'agency', file: 'agency.pem' };
    for (const [bits, code] of [
      [2047, 'agency-key-weak'],
      [2048, 'passed'],
      [8192, 'passed'],
      [8193, 'agency-key-unsuitable'],
    ] as const)
      expect(await codeOf(async () => requireRsaSize(bits, place)), `${bits}`).toBe(code);
  });

  it('is refused before its day and after its last', async () => {
    const brief = certifiedPair({ notAfter: madeAt + dayMs });
    expect(await refusedPair(brief, madeAt - 1)).toBe('agency-key-early');
    expect(await refusedPair(brief, madeAt + dayMs - 1)).toBe('passed');
    expect(await refusedPair(brief, madeAt + dayMs)).toBe('agency-key-expired');
  });

  it('is not sealed for any more once it has expired, or its file holds another or none', async () => {
    const clock = clockAt(madeAt + 365 * dayMs - 1);
    const protection = await opened(settings(), clock);
    const coded = (): Promise<string> => codeOf(() => protection.seal('d.xml', content));
    expect(await coded()).toBe('passed');
    certificateFile(other.certificate.toString());
    expect(await coded()).toBe('agency-key-swapped');
    rmSync(join(folder.path, 'agency.pem'));
    expect(await coded()).toBe('agency-key-unreadable');
    settings();
    expect(await coded()).toBe('passed');
    clock.advance(1);
    expect(await coded()).toBe('agency-key-expired');
  });

  it('is described by what is in its file', async () => {
    expect(await inspectKey(settings())).toEqual({
      ...{ kind: 'cms', fingerprint: agency.fingerprint, algorithm: 'rsa-3072', bits: 3072 },
      ...{ createdAt: madeAt, expiresAt: madeAt + 365 * dayMs },
    });
  });
});
