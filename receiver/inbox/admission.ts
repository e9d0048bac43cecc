import { X509Certificate, type KeyObject } from 'node:crypto';
import { parseEnvelope, verifyEnvelope } from '../../shared/envelope/open.ts';
import { verifyTombstone } from '../../shared/protocol/tombstone.ts';
import type { TombstoneRequest } from '../../shared/protocol/push.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { CertificateRow, Store } from '../store/store.ts';
import type { VerifiedArrival } from './intake.ts';

/**
 * What is checked before an envelope may reach the ledger: it parses within its bounds, names the agent that sends it,
 * and is signed by one of that agent's seal keys. Nothing is decrypted here.
 */
export interface Admission {
  envelope(agent: string, content: Buffer): Promise<VerifiedArrival>;
  tombstone(agent: string, request: TombstoneRequest): Promise<VerifiedArrival>;
}

export function createAdmission({ store }: { readonly store: Store }): Admission {
  const keys = createKeyCache(4096);

  return {
    envelope: async (agent, content) => {
      const parsed = parseEnvelope(content);
      const { header, digest } = parsed;
      if (header.agent !== agent) throw permanent('envelope-other-agent');
      const signer = await store.read((tx) => tx.agents.certificate(header.signer));
      if (signer === undefined || !mayHaveSealed(signer, agent, header.created))
        throw permanent('envelope-signer-unknown');
      if (!(await verifyEnvelope(parsed, keys.of(signer)))) throw permanent('envelope-signature-invalid');
      const { id, feed, epoch, seq, prev } = header;
      return { id, agent, feed, epoch, seq, digest, prev, content };
    },
    tombstone: async (agent, request) => {
      if (request.agent !== agent) throw permanent('envelope-other-agent');
      const certificates = await store.read((tx) => tx.agents.certificatesOf(agent));
      const signers = certificates.filter((row) => row.use === 'seal' && row.revokedAt === null);
      if (!signers.some((row) => verifyTombstone(request, keys.of(row))))
        throw permanent('envelope-signature-invalid');
      const { feed, epoch, seq, digest, prev } = request;
      return { id: request.envelope, agent, feed, epoch, seq, digest, prev, content: null };
    },
  };
}

/** An envelope sealed while its certificate was good stays good: outages may outlast a certificate. */
function mayHaveSealed(certificate: CertificateRow, agent: string, createdAt: number): boolean {
  return (
    certificate.use === 'seal' &&
    certificate.agent === agent &&
    certificate.revokedAt === null &&
    createdAt < certificate.notAfter
  );
}

function createKeyCache(limit: number): { of(certificate: CertificateRow): KeyObject } {
  const keys = new Map<string, KeyObject>();
  return {
    of: ({ fingerprint, pem }) => {
      const known = keys.get(fingerprint);
      if (known !== undefined) return known;
      if (keys.size >= limit) keys.clear();
      const key = new X509Certificate(pem).publicKey;
      keys.set(fingerprint, key);
      return key;
    },
  };
}
