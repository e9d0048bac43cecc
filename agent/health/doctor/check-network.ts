import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { failure, fine, warning, type Check, type DoctorFinding, type Examined } from './finding.ts';
import {
  askReceiver,
  lookAtChain,
  reach,
  reasonOf,
  targetOf,
  type Reached,
  type SeenChain,
} from './network.ts';

const dayMs = 86_400_000;
const clockWarnMs = 30_000;
const clockFailMs = 300_000;
/** Ways of proving oneself to a proxy that no header of ours can serve. */
const tickets = new Set(['ntlm', 'negotiate', 'kerberos']);

/** Names: the receiver's, or the proxy's when that is who resolves the receiver's. */
export const namesCheck: Check = {
  name: 'names',
  run: async ({ url, proxy, proxyFault }) => {
    if (proxyFault !== undefined) return [failure(proxyFault.code, proxyFault.facts)];
    if (url === undefined) return [];
    const found: DoctorFinding[] = [];
    for (const [address, isProxy] of [[proxy?.url, true] as const, [url, false] as const]) {
      if (address === undefined) continue;
      const { host } = targetOf(address);
      const addresses = await resolve(host);
      if (typeof addresses !== 'string')
        found.push(fine('name-found', { host, addresses: addresses.join(', ') }));
      // Behind a proxy, it is the proxy that has to know the receiver's name.
      else if (proxy !== undefined && !isProxy) found.push(fine('name-left-to-proxy', { host }));
      else found.push(failure('name-unknown', { host, reason: addresses }));
    }
    return found;
  },
};

export async function resolve(host: string): Promise<readonly string[] | string> {
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    return reasonOf(error);
  }
}

/** The way to the receiver's port: straight, or what the proxy says to CONNECT. */
export const wayCheck: Check = {
  name: 'way',
  run: async ({ url, proxy, proxyFault }, signal) => {
    if (url === undefined || proxyFault !== undefined) return [];
    const target = targetOf(url);
    const reached = await reach(target, proxy, signal);
    if (reached.kind === 'socket') {
      reached.socket.destroy();
      const ms = Math.round(reached.ms);
      return [
        proxy === undefined
          ? fine('way-straight', { ...target, ms })
          : fine('way-through', { ...target, ms, proxy: proxy.url }),
      ];
    }
    return [notReached(reached, target, proxy?.url)];
  },
};

function notReached(
  reached: Exclude<Reached, { kind: 'socket' }>,
  target: { readonly host: string; readonly port: number },
  proxy: string | undefined,
): DoctorFinding {
  if (reached.kind === 'failed') {
    const facts = { ...target, reason: reached.reason };
    return proxy === undefined ? failure('way-closed', facts) : failure('proxy-away', { ...facts, proxy });
  }
  const { status, schemes } = reached;
  const facts = { ...target, proxy: proxy ?? '', status, schemes: schemes.join(', ') };
  if (status !== 407) return failure(status === 403 ? 'proxy-forbids' : 'proxy-answers', facts);
  const hasBasic = schemes.some((scheme) => scheme.toLowerCase() === 'basic');
  const hasTickets = schemes.some((scheme) => tickets.has(scheme.toLowerCase()));
  return failure(hasTickets && !hasBasic ? 'proxy-wants-ticket' : 'proxy-wants-password', facts);
}

/** Who answers: the region's receiver, or something on the way that opens TLS. */
export const tlsCheck: Check = {
  name: 'tls',
  run: async (examined, signal) => {
    const seen = await lookAtPeer(examined, signal);
    if (seen === undefined) return [];
    if (typeof seen === 'string') return [failure('tls-failed', { reason: seen })];
    const { identity, clock, url } = examined;
    if (identity === undefined) return [fine('tls-unverified', { issuer: seen.issuer })];
    return [judgeChain(seen, targetOf(url ?? '').host, clock.now())];
  },
};

/** Undefined: there is no way to it, which another check says. */
export async function lookAtPeer(
  { url, proxy, proxyFault, identity }: Examined,
  signal: AbortSignal,
): Promise<SeenChain | string | undefined> {
  if (url === undefined || proxyFault !== undefined) return undefined;
  const target = targetOf(url);
  const reached = await reach(target, proxy, signal);
  if (reached.kind !== 'socket') return undefined;
  return lookAtChain(reached.socket, target.host, identity?.bundle().authorities ?? [], signal);
}

function judgeChain(seen: SeenChain, host: string, now: number): DoctorFinding {
  const [from, until] = [seen.from, seen.until].map((at) => new Date(at).toISOString());
  const facts = { host, issuer: seen.issuer, subject: seen.subject, from: from ?? '', until: until ?? '' };
  if (!seen.isOfRegion)
    return failure('tls-intercepted', { ...facts, fingerprint: seen.authorityFingerprint });
  if (isDateFault(seen) && now < seen.from) return failure('tls-not-yet', facts);
  if (isDateFault(seen)) return failure('tls-expired', facts);
  if (seen.fault === 'ERR_TLS_CERT_ALTNAME_INVALID') return failure('tls-other-host', facts);
  if (seen.fault !== null) return failure('tls-failed', { reason: seen.fault });
  const days = Math.floor((seen.until - now) / dayMs);
  return days < 30
    ? warning('tls-ends', { ...facts, days })
    : fine('tls-fine', { ...facts, protocol: seen.protocol });
}

function isDateFault({ fault }: SeenChain): boolean {
  return fault === 'CERT_HAS_EXPIRED' || fault === 'CERT_NOT_YET_VALID';
}

/** One authenticated question and its answer: identity, clock, time. */
export const regionCheck: Check = {
  name: 'region',
  run: async (examined, signal) => {
    const { url, proxy, identity, clock } = examined;
    const seen = await lookAtPeer(examined, signal);
    if (identity === undefined || url === undefined || seen === undefined || typeof seen === 'string')
      return [];
    // Whoever is not the region's receiver is asked nothing.
    if (!seen.isOfRegion || (seen.fault !== null && !isDateFault(seen))) return [];
    const target = targetOf(url);
    const reached = await reach(target, proxy, signal);
    if (reached.kind !== 'socket') return [];
    const ca = identity.bundle().authorities;
    const tls = { ca, ...identity.tls, despiteDates: isDateFault(seen) };
    const answer = await askReceiver(reached.socket, target, tls, signal);
    if (typeof answer === 'string') return [failure('region-no-answer', { reason: answer })];
    const found = answer.at === undefined ? [] : [judgeClock(clock.now() - answer.at)];
    if (answer.status === 200) return [fine('region-fine', { ms: Math.round(answer.ms) }), ...found];
    return [failure(refusal(answer.code), { status: answer.status, code: answer.code ?? '-' }), ...found];
  },
};

function refusal(code: string | undefined): string {
  if (code === 'certificate-revoked' || code === 'agent-not-active') return 'region-revoked';
  if (code === 'certificate-expired') return 'region-expired';
  return code === 'certificate-unknown' ? 'region-unknown' : 'region-refuses';
}

/** The header tells whole seconds: half a one is nobody's fault. */
function judgeClock(offsetMs: number): DoctorFinding {
  const seconds = Math.round((offsetMs - 500) / 1000);
  // Which way it is off, the finding says.
  const facts = { seconds: Math.abs(seconds), hours: Math.round(Math.abs(seconds) / 360) / 10 };
  if (Math.abs(seconds) * 1000 > clockFailMs)
    return failure(seconds > 0 ? 'clock-ahead' : 'clock-behind', facts);
  return Math.abs(seconds) * 1000 > clockWarnMs ? warning('clock-drifts', facts) : fine('clock-fine', facts);
}
