import { X509Certificate } from 'node:crypto';
import {
  availableParallelism,
  freemem,
  release,
  totalmem,
  type,
  uptime,
  version as osVersion,
} from 'node:os';
import type { Identity } from '../enrolment/identity.ts';
import { agentVersion } from '../version.ts';

/** Facts of this machine that help to help; no name of it, of its accounts or of its network. */
export function machineFacts(now: number): unknown {
  return {
    agent: agentVersion,
    node: process.versions.node,
    openssl: process.versions.openssl,
    sqlite: 'better-sqlite3',
    system: { type: type(), release: release(), version: osVersion(), arch: process.arch },
    processors: availableParallelism(),
    memoryBytes: { total: totalmem(), free: freemem() },
    uptimeSeconds: Math.floor(uptime()),
    at: new Date(now).toISOString(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    administrator: process.getuid?.() === 0,
  };
}

/** Fingerprints and dates; never a key. */
export function certificateFacts(identity: Identity): unknown {
  const bundle = identity.bundle();
  return {
    agent: identity.agent,
    rootDigest: identity.rootDigest,
    tls: chainFacts(identity.tls.certificate),
    validUntil: new Date(identity.validity.until).toISOString(),
    bundle: {
      version: bundle.version,
      issuedAt: new Date(bundle.issuedAt).toISOString(),
      authorities: bundle.authorities.flatMap(chainFacts),
      recipients: bundle.recipients.map(({ certificate, use }) => ({
        use,
        certificate: chainFacts(certificate),
      })),
      receiptKeys: bundle.receiptKeys.map(({ kid, notBefore, notAfter }) => ({ kid, notBefore, notAfter })),
    },
  };
}

function chainFacts(pem: string): readonly unknown[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => {
    const { fingerprint256, validFrom, validTo, issuer } = new X509Certificate(block);
    return { fingerprint256, validFrom, validTo, issuer };
  });
}
