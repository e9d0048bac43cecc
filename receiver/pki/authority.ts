import type { KeyObject, X509Certificate } from 'node:crypto';
import type { CertifiedKey, KeyPair } from '../../shared/envelope/keys.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { createCertificate, type CertificateProfile } from './certificate.ts';

/**
 * The region's certificates. The root signs the issuing authority and the trust bundle; the issuing authority signs
 * everything else and nothing below it may sign.
 */
const dayMs = 86_400_000;
/** Certificates are good from an hour ago: clocks of hospitals are late. */
const earlyMs = 3_600_000;

export const lifetimeDays = {
  root: 20 * 365,
  issuing: 10 * 365,
  server: 2 * 365,
  encryption: 3 * 365,
  recovery: 10 * 365,
  /** Agents renew when two thirds of it are over. */
  agent: 90,
} as const;

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
}

export interface AgentSubject {
  readonly agent: string;
  readonly name: string;
  /** FINESS of each facility it speaks for. */
  readonly facilities: readonly string[];
}

export interface Authority {
  /** Ingest and enrolment listeners; localhost and 127.0.0.1 are always among the hosts. */
  issueServer(publicKey: KeyObject, hosts: readonly string[]): X509Certificate;
  issueAgentTls(publicKey: KeyObject, subject: AgentSubject): X509Certificate;
  issueAgentSeal(publicKey: KeyObject, subject: AgentSubject): X509Certificate;
  issueEncryption(publicKey: KeyObject, commonName: string, days: number): X509Certificate;
}

export function createAuthority(issuing: CertifiedKey, { clock, random }: Deps): Authority {
  const issue = (
    publicKey: KeyObject,
    commonName: string,
    profile: CertificateProfile,
    days: number,
  ): X509Certificate => {
    const validity = period(clock, days);
    // Nothing outlives its issuer: a verifier would refuse it from that day on without saying why.
    const notAfter = Math.min(validity.notAfter, Date.parse(issuing.certificate.validTo));
    const spec = { commonName: shortName(commonName), publicKey, profile, ...validity, notAfter };
    return createCertificate(spec, issuing, random);
  };

  return {
    issueServer: (publicKey, hosts) => {
      const all = [...new Set([...hosts, 'localhost', '127.0.0.1', '::1'])];
      return issue(publicKey, all[0] ?? 'localhost', { kind: 'server', hosts: all }, lifetimeDays.server);
    },
    issueAgentTls: (publicKey, subject) =>
      issue(publicKey, subject.name, { kind: 'client', uris: agentUris(subject) }, lifetimeDays.agent),
    issueAgentSeal: (publicKey, subject) =>
      issue(publicKey, subject.name, { kind: 'signature', uris: agentUris(subject) }, lifetimeDays.agent),
    issueEncryption: (publicKey, commonName, days) =>
      issue(publicKey, commonName, { kind: 'encryption' }, days),
  };
}

export function createRoot(key: KeyPair, region: string, { clock, random }: Deps): CertifiedKey {
  const certificate = createCertificate(
    {
      commonName: `${regionPart(region)}, region root`,
      publicKey: key.publicKey,
      profile: { kind: 'authority', pathLength: 1 },
      ...period(clock, lifetimeDays.root),
    },
    { privateKey: key.privateKey, certificate: undefined },
    random,
  );
  return { privateKey: key.privateKey, certificate };
}

export function createIssuing(
  key: KeyPair,
  region: string,
  root: CertifiedKey,
  { clock, random }: Deps,
  /** Which one of the region's it is: two of one name would be told apart by their keys only. */
  number = 1,
): CertifiedKey {
  const validity = period(clock, lifetimeDays.issuing);
  const certificate = createCertificate(
    {
      commonName: `${regionPart(region)}, ${number === 1 ? 'issuing authority' : `authority ${number}`}`,
      publicKey: key.publicKey,
      profile: { kind: 'authority', pathLength: 0 },
      ...validity,
      notAfter: Math.min(validity.notAfter, Date.parse(root.certificate.validTo)),
    },
    root,
    random,
  );
  return { privateKey: key.privateKey, certificate };
}

const agentUri = 'urn:vaguemestre:agent:';
const facilityUri = 'urn:vaguemestre:facility:';

function agentUris({ agent, facilities }: AgentSubject): readonly string[] {
  return [`${agentUri}${agent}`, ...facilities.map((finess) => `${facilityUri}${finess}`)];
}

/** The agent a certificate was issued to, undefined for any other certificate. */
export function agentOf(certificate: X509Certificate): string | undefined {
  const names = certificate.subjectAltName?.split(', ') ?? [];
  const own = names.filter((name) => name.startsWith(`URI:${agentUri}`));
  return own.length === 1 ? own[0]?.slice(4 + agentUri.length) : undefined;
}

function period(clock: Clock, days: number): { notBefore: number; notAfter: number } {
  const now = clock.now();
  return { notBefore: now - earlyMs, notAfter: now + days * dayMs };
}

/** RFC 5280 bounds a common name to 64 characters. */
function shortName(name: string): string {
  return Array.from(name).slice(0, 64).join('');
}

/** Cut before the suffix, or a long region's root and issuing authority would bear one name. */
function regionPart(region: string): string {
  return Array.from(region).slice(0, 44).join('');
}
