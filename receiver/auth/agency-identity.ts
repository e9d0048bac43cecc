import { createHash, timingSafeEqual, type X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault, permanent, transient, type Fault } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { tokenDigest, type TokenFile } from './agency-tokens.ts';

/**
 * Which agency is asking: whoever shows a client certificate that one of the region's destinations names, or says one of
 * its tokens, may open those destinations and sees no other. TLS asks for a certificate and judges none; that the caller
 * holds its key, the handshake has proven. Looked at anew on every request.
 */
export interface AgencyIdentify {
  /** Throws `agency-credentials-refused` and `agency-certificate-expired`, late; `agency-door-busy` when many are wrong at once. */
  check(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Names of the destinations that a request which `check` let through may open. */
  of(request: FastifyRequest): ReadonlySet<string>;
}

/** What opens one destination. */
export interface AgencyLock {
  readonly destination: string;
  /** Lower-case hex SHA-256 of certificates. */
  readonly certificates: readonly string[];
  readonly tokens: TokenFile | undefined;
}

export interface AgencyIdentifyDeps {
  readonly locks: readonly AgencyLock[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** A wrong caller is answered after this long. */
  readonly refusalMs: number;
  /** Fires when the receiver stops. */
  readonly stopping: AbortSignal;
}

/** Wrong callers kept waiting; one more is sent away at once. */
const mostRefusals = 64;

export function createAgencyIdentify(deps: AgencyIdentifyDeps): AgencyIdentify {
  const known = new WeakMap<FastifyRequest, ReadonlySet<string>>();
  const tokensOf = createTokenReading(deps.logger);
  let refusing = 0;

  const refuse = async (request: FastifyRequest, reply: FastifyReply, fault: Fault): Promise<never> => {
    if (refusing >= mostRefusals) throw transient('agency-door-busy');
    refusing += 1;
    const gone = new AbortController();
    request.raw.socket.once('close', () => gone.abort());
    try {
      await pause(deps.refusalMs, AbortSignal.any([gone.signal, deps.stopping]));
    } finally {
      refusing -= 1;
    }
    void reply.header('www-authenticate', 'Bearer');
    throw fault;
  };

  return {
    check: async (request, reply) => {
      const certificate = presented(request);
      const token = tokenIn(request.headers.authorization);
      const opened = new Set<string>();
      let expired = false;
      for (const lock of deps.locks) {
        const isPinned = certificate !== undefined && lock.certificates.includes(certificate.fingerprint);
        const isGood = isPinned && inTime(certificate, deps.clock.now());
        if (isPinned && !isGood) expired = true;
        const said = token === undefined ? false : isOneOf(token, await tokensOf(lock));
        if (isGood || said) opened.add(lock.destination);
      }
      if (opened.size === 0)
        await refuse(
          request,
          reply,
          permanent(expired ? 'agency-certificate-expired' : 'agency-credentials-refused'),
        );
      known.set(request, opened);
    },
    of: (request) => known.get(request) ?? new Set(),
  };
}

/** Of a file that cannot be read nothing opens anything; told of once per change. */
function createTokenReading(logger: Logger): (lock: AgencyLock) => Promise<readonly Buffer[]> {
  const failing = new Map<string, string>();
  return async ({ destination, tokens }) => {
    try {
      const digests = (await tokens?.digests()) ?? [];
      failing.delete(destination);
      return digests;
    } catch (error) {
      const fault = asFault(error);
      if (failing.get(destination) !== fault.code)
        logger.error({ err: fault, destination }, 'agency-tokens-failed');
      failing.set(destination, fault.code);
      return [];
    }
  };
}

/** Every token is compared, each in constant time. */
function isOneOf(token: Buffer, digests: readonly Buffer[]): boolean {
  return digests.filter((digest) => timingSafeEqual(digest, token)).length > 0;
}

function tokenIn(header: string | undefined): Buffer | undefined {
  const [, token] = /^Bearer +([\x21-\x7e]{1,1000})$/i.exec(header ?? '') ?? [];
  return token === undefined ? undefined : tokenDigest(token);
}

interface Presented {
  readonly fingerprint: string;
  readonly from: number;
  readonly until: number;
}

function inTime({ from, until }: Presented, now: number): boolean {
  return from <= now && now < until;
}

const ofSocket = new WeakMap<TLSSocket, Presented>();

/** A connection's certificate never changes: hashed once. */
function presented(request: FastifyRequest): Presented | undefined {
  const { socket } = request.raw;
  if (!(socket instanceof TLSSocket)) return undefined;
  const known = ofSocket.get(socket);
  if (known !== undefined) return known;
  const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const found = {
    fingerprint: createHash('sha256').update(certificate.raw).digest('hex'),
    from: Date.parse(certificate.validFrom),
    until: Date.parse(certificate.validTo),
  };
  ofSocket.set(socket, found);
  return found;
}
