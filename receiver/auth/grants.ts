import type { AgentGrant } from '../../shared/protocol/enrolment.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { TrustBundleFile } from './trust-bundle-file.ts';
import type { AgentRow, CertificateRow, StoreTx } from '../store/store.ts';

/** Issues an agent's certificates: only the key of a request counts, the rest comes from the agent's row. */
export interface AgentCertifier {
  certify(input: {
    readonly use: 'tls' | 'seal';
    /** PEM. Throws a permanent fault when it is malformed or not signed by its own key. */
    readonly request: string;
    readonly agent: string;
    readonly name: string;
    readonly facilities: readonly string[];
  }): Promise<{ readonly pem: string; readonly fingerprint: string; readonly notAfter: number }>;
}

export interface GrantDeps {
  readonly certifier: AgentCertifier;
  readonly bundle: TrustBundleFile;
  /** Where agents push, known once the listener has its port. */
  readonly ingestUrl: () => string;
}

export interface CertificateRequests {
  readonly tlsRequest: string;
  readonly sealRequest: string;
}

/** Issues and records both certificates, and answers the JSON text an agent keeps. */
export async function grantAgent(
  tx: StoreTx,
  agent: AgentRow,
  requests: CertificateRequests,
  deps: GrantDeps,
): Promise<string> {
  // One key for both uses would let whoever breaks one break the other.
  if (requests.tlsRequest === requests.sealRequest) throw permanent('message-malformed');
  const { id, name, facilities } = agent;
  const about = { agent: id, name, facilities };
  const tls = await deps.certifier.certify({ ...about, use: 'tls', request: requests.tlsRequest });
  const seal = await deps.certifier.certify({ ...about, use: 'seal', request: requests.sealRequest });
  const rows: readonly CertificateRow[] = [
    { ...tls, agent: id, use: 'tls', revokedAt: null },
    { ...seal, agent: id, use: 'seal', revokedAt: null },
  ];
  for (const row of rows) await tx.agents.putCertificate(row);
  const heads = await tx.inbox.heads(id);
  const grant: AgentGrant = {
    ...{ agent: id, name, tlsCertificate: tls.pem, sealCertificate: seal.pem },
    bundle: deps.bundle.jws,
    facilities: [...(await facilitiesOf(tx, facilities))],
    ingestUrl: deps.ingestUrl(),
    ledgers: heads.map(({ feed, epoch, seq, digest }) => ({ feed, epoch, seq, digest })),
  };
  return JSON.stringify(grant);
}

/** The facilities an agent may send for, with the keys that hide its record keys; unregistered ones are left out. */
export async function facilitiesOf(
  tx: StoreTx,
  finesses: readonly string[],
): Promise<readonly { readonly finess: string; readonly name: string; readonly key: string }[]> {
  const found: { finess: string; name: string; key: string }[] = [];
  for (const finess of finesses) {
    const row = await tx.facilities.get(finess);
    if (row !== undefined) found.push({ finess, name: row.name, key: row.key.toString('base64url') });
  }
  return found;
}
