import { createHash } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Store } from '../store/store.ts';

/**
 * Who is asking: the client certificate's fingerprint, looked up in the store on every request, so that a revocation
 * bites on connections already open and on resumed sessions, which TLS itself would let through.
 */
export interface AgentIdentity {
  readonly agent: string;
  readonly facilities: readonly string[];
}

export interface Identify {
  /** Throws `certificate-unknown`, `certificate-revoked`, `certificate-expired` or `agent-not-active`. */
  check(request: FastifyRequest): Promise<void>;
  /** Of a request that `check` let through. */
  of(request: FastifyRequest): AgentIdentity;
}

export interface IdentifyDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Lower-case hex SHA-256 of the peer certificate; undefined when there is none. */
  readonly fingerprintOf: (request: FastifyRequest) => string | undefined;
}

export function createIdentify(deps: IdentifyDeps): Identify {
  const known = new WeakMap<FastifyRequest, AgentIdentity>();
  return {
    check: async (request) => {
      known.set(request, await identify(deps.fingerprintOf(request), deps));
    },
    of: (request) => {
      const identity = known.get(request);
      if (identity === undefined) throw permanent('certificate-unknown');
      return identity;
    },
  };
}

async function identify(fingerprint: string | undefined, deps: IdentifyDeps): Promise<AgentIdentity> {
  if (fingerprint === undefined) throw permanent('certificate-unknown');
  const { certificate, agent } = await deps.store.read(async (tx) => {
    const row = await tx.agents.certificate(fingerprint);
    return { certificate: row, agent: row === undefined ? undefined : await tx.agents.get(row.agent) };
  });
  if (certificate?.use !== 'tls' || agent === undefined) throw permanent('certificate-unknown');
  if (certificate.revokedAt !== null) throw permanent('certificate-revoked');
  if (certificate.notAfter <= deps.clock.now()) throw permanent('certificate-expired');
  if (agent.status !== 'active') throw permanent('agent-not-active');
  return { agent: agent.id, facilities: agent.facilities };
}

const ofSocket = new WeakMap<TLSSocket, string>();

/** A connection's certificate never changes: hashed once. */
export function peerFingerprint(request: FastifyRequest): string | undefined {
  const { socket } = request.raw;
  if (!(socket instanceof TLSSocket)) return undefined;
  const known = ofSocket.get(socket);
  if (known !== undefined) return known;
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined) return undefined;
  const fingerprint = createHash('sha256').update(certificate.raw).digest('hex');
  ofSocket.set(socket, fingerprint);
  return fingerprint;
}
