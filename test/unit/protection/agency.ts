import { generateKeyPairSync, type KeyObject, type X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openpgp from 'openpgp';
import { destination, type DestinationConfig } from '../../../receiver/config-destinations.ts';
import { openProtectionOf } from '../../../receiver/forward/protection/open-protection.ts';
import type { Protection } from '../../../receiver/forward/protection/protection.ts';
import { createCertificate, type CertificateProfile } from '../../../receiver/pki/certificate.ts';
import { fingerprint } from '../../../shared/envelope/keys.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

/** Agencies with keys of their own, made here, and a region that seals for them. */
export const dayMs = 86_400_000;
export const madeAt = Date.UTC(2026, 0, 5, 8);

export interface Folder {
  readonly path: string;
  /** Writes a file and answers its path; readable by its owner alone. */
  file(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function createFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'vgm-agency-'));
  return {
    path,
    file: (name, content) => {
      writeFileSync(join(path, name), content, { mode: 0o600 });
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}

export interface Clockwork {
  now(): number;
  monotonic(): number;
  advance(ms: number): void;
}

export function clockAt(start: number): Clockwork {
  let at = start;
  return {
    now: () => at,
    monotonic: () => at,
    advance: (ms) => {
      at += ms;
    },
  };
}

export interface OpenPgpKeys {
  readonly privateKey: openpgp.PrivateKey;
  readonly armored: string;
  readonly fingerprint: string;
}

export async function openPgpKeys(options: object = {}): Promise<OpenPgpKeys> {
  const { privateKey } = await openpgp.generateKey({
    ...{ type: 'ecc', userIDs: [{ name: 'agency' }], date: new Date(madeAt), ...options },
    format: 'object',
  });
  return printed(privateKey);
}

export function printed(privateKey: openpgp.PrivateKey): OpenPgpKeys {
  return {
    privateKey,
    armored: privateKey.toPublic().armor(),
    fingerprint: privateKey.getFingerprint(),
  };
}

export interface CertifiedPair {
  readonly privateKey: KeyObject;
  readonly certificate: X509Certificate;
  readonly fingerprint: string;
}

export function certifiedPair(
  options: {
    readonly bits?: number;
    readonly profile?: CertificateProfile;
    readonly notBefore?: number;
    readonly notAfter?: number;
  } = {},
): CertifiedPair {
  const { bits = 3072, profile = { kind: 'encryption' } } = options;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const certificate = createCertificate(
    {
      ...{ commonName: 'agency', publicKey, profile },
      notBefore: options.notBefore ?? madeAt,
      notAfter: options.notAfter ?? madeAt + 365 * dayMs,
    },
    { privateKey, certificate: undefined },
    systemRandom,
  );
  return { privateKey, certificate, fingerprint: fingerprint(certificate) };
}

/** The smallest settings that seal. */
export function sealedFor(protection: object, name = 'agency'): DestinationConfig {
  return destination.parse({
    ...{ name, feed: 'ed-visits', format: 'oscour-xml', protection },
    transport: { kind: 'directory', folder: 'out' },
  });
}

export async function opened(
  settings: DestinationConfig,
  clock = clockAt(madeAt + dayMs),
): Promise<Protection> {
  const protection = await openProtectionOf(settings, { clock, random: systemRandom });
  if (protection === undefined) throw new Error('not sealed');
  return protection;
}

export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'passed';
  } catch (error) {
    return asFault(error).code;
  }
}
