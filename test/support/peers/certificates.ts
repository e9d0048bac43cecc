import { generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { createCertificate, type CertificateProfile } from '../../../receiver/pki/certificate.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

/** A certificate and its key, PEM. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
}

export interface TestAuthority {
  /** Its own certificate, PEM. */
  readonly pem: string;
  /** For localhost and 127.0.0.1 unless said; `expired` ended yesterday. */
  server(options?: { readonly hosts?: readonly string[]; readonly expired?: boolean }): Identity;
  client(name: string, options?: { readonly expired?: boolean }): Identity;
}

const dayMs = 86_400_000;

/** A certificate authority made on the spot, for peers on loopback. */
export function createTestAuthority(commonName = 'Autorité de test'): TestAuthority {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certify = (
    subject: string,
    publicKey: KeyObject,
    profile: CertificateProfile,
    expired: boolean,
    issuer: X509Certificate | undefined,
  ): X509Certificate => {
    const now = Date.now();
    const notBefore = now - 30 * dayMs;
    const notAfter = now + (expired ? -dayMs : 30 * dayMs);
    return createCertificate(
      { commonName: subject, publicKey, profile, notBefore, notAfter },
      { privateKey: own.privateKey, certificate: issuer },
      systemRandom,
    );
  };
  const authority = certify(
    commonName,
    own.publicKey,
    { kind: 'authority', pathLength: 0 },
    false,
    undefined,
  );
  const identity = (subject: string, profile: CertificateProfile, expired: boolean): Identity => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const made = certify(subject, pair.publicKey, profile, expired, authority);
    return {
      key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      certificate: made.toString(),
      fingerprint: made.fingerprint256.replaceAll(':', '').toLowerCase(),
    };
  };
  return {
    pem: authority.toString(),
    server: ({ hosts = ['localhost', '127.0.0.1'], expired = false } = {}) =>
      identity(hosts[0] ?? 'localhost', { kind: 'server', hosts }, expired),
    client: (name, { expired = false } = {}) => identity(name, { kind: 'client', uris: [] }, expired),
  };
}
