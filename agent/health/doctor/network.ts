import { X509Certificate } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { systemCode } from '../../../shared/runtime/errors.ts';
import type { ProxySettings } from '../../push/proxy.ts';

/** One step on the way to the receiver: what became of it, never a throw. */
export type Reached =
  | { readonly kind: 'socket'; readonly socket: Socket; readonly ms: number }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The proxy's own answer to CONNECT. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly schemes: readonly string[];
      readonly date: string | undefined;
    };

export interface Target {
  readonly host: string;
  readonly port: number;
}

export function targetOf(url: string): Target {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'http:' ? 80 : 443;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) };
}

/** A connection to the receiver's port, straight or through the proxy. */
export function reach(
  target: Target,
  proxy: ProxySettings | undefined,
  signal: AbortSignal,
): Promise<Reached> {
  const from = performance.now();
  return proxy === undefined
    ? reachStraight(target, from, signal)
    : reachThrough(target, proxy, from, signal);
}

function reachStraight({ host, port }: Target, from: number, signal: AbortSignal): Promise<Reached> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, signal });
    socket.once('connect', () => resolve({ kind: 'socket', socket, ms: performance.now() - from }));
    socket.on('error', (error) => resolve({ kind: 'failed', reason: reasonOf(error) }));
  });
}

function reachThrough(
  { host, port }: Target,
  { url, token }: ProxySettings,
  from: number,
  signal: AbortSignal,
): Promise<Reached> {
  return new Promise((resolve) => {
    const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const to = targetOf(url);
    const ask = url.startsWith('https:') ? httpsRequest : httpRequest;
    const asking = ask({
      ...{ host: to.host, port: to.port, method: 'CONNECT', path: authority, agent: false, signal },
      headers: { host: authority, ...(token === undefined ? {} : { 'proxy-authorization': token }) },
    });
    const answered = (answer: IncomingMessage, socket: Socket): void => {
      if (answer.statusCode === 200) {
        resolve({ kind: 'socket', socket, ms: performance.now() - from });
        return;
      }
      socket.destroy();
      resolve({
        kind: 'refused',
        status: answer.statusCode ?? 0,
        schemes: schemesOf(answer),
        date: answer.headers.date,
      });
    };
    asking.on('connect', answered);
    asking.on('response', (answer) => answered(answer, answer.socket));
    asking.on('error', (error) => resolve({ kind: 'failed', reason: reasonOf(error) }));
    asking.end();
  });
}

/** "Negotiate", "NTLM", "Basic": the first word of each header. */
function schemesOf({ headersDistinct }: IncomingMessage): readonly string[] {
  return (headersDistinct['proxy-authenticate'] ?? []).flatMap((value) => value.trim().split(/\s/)[0] ?? []);
}

/** What was presented in the receiver's place, and whether the region's authority stands behind it. */
export interface SeenChain {
  /** Null: it holds. Else Node's reason. */
  readonly fault: string | null;
  /** The region's authority signed it, whatever else is wrong (dates, names). */
  readonly isOfRegion: boolean;
  readonly subject: string;
  readonly issuer: string;
  readonly from: number;
  readonly until: number;
  /** Lower-case hex SHA-256 of the certificate above it, else of itself. */
  readonly authorityFingerprint: string;
  readonly protocol: string;
}

/** A handshake that trusts nobody, to look at who answers; nothing is sent over it. Text: the handshake failed. */
export function lookAtChain(
  socket: Socket,
  host: string,
  authorities: readonly string[],
  signal: AbortSignal,
): Promise<SeenChain | string> {
  return new Promise((resolve) => {
    const tls = connectTls({
      ...{ socket, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'], ca: [...authorities] },
      ...(/^[\d.:]+$/.test(host) ? {} : { servername: host }),
    });
    const end = (seen: SeenChain | string): void => {
      resolve(seen);
      tls.destroy();
    };
    signal.addEventListener('abort', () => end('timeout'), { once: true });
    tls.once('secureConnect', () => end(describe(tls, host, authorities)));
    tls.on('error', (error) => end(reasonOf(error)));
    tls.on('close', () => end('closed'));
  });
}

function describe(tls: TLSSocket, host: string, authorities: readonly string[]): SeenChain | string {
  const leaf = tls.getPeerX509Certificate();
  if (leaf === undefined) return 'no-certificate';
  const above = leaf.issuerCertificate;
  const regional = authorities.map((pem) => new X509Certificate(pem));
  const signs = (one: X509Certificate | undefined): boolean =>
    one !== undefined && regional.some((authority) => one.verify(authority.publicKey));
  const isOfRegion = signs(leaf) || (above !== undefined && leaf.verify(above.publicKey) && signs(above));
  const named = isIpHost(host) ? leaf.checkIP(host) : leaf.checkHost(host);
  // Typed as an error, it is the name of one.
  const fault = tls.authorized ? null : String(tls.authorizationError);
  return {
    fault: fault ?? (named === undefined ? 'ERR_TLS_CERT_ALTNAME_INVALID' : null),
    isOfRegion,
    subject: commonName(leaf.subject),
    issuer: commonName(leaf.issuer),
    from: Date.parse(leaf.validFrom),
    until: Date.parse(leaf.validTo),
    authorityFingerprint: (above ?? leaf).fingerprint256.replaceAll(':', '').toLowerCase(),
    protocol: tls.getProtocol() ?? '?',
  };
}

function isIpHost(host: string): boolean {
  return /^[\d.]+$|:/.test(host);
}

export function commonName(name: string): string {
  return /^CN=(.*)$/m.exec(name)?.[1]?.replace(/\\(.)/g, '$1') ?? name.split('\n').at(-1) ?? '?';
}

export interface Answer {
  readonly status: number;
  /** The receiver's code of an error. */
  readonly code: string | undefined;
  /** Epoch ms of the answer's Date header: whole seconds. */
  readonly at: number | undefined;
  readonly ms: number;
}

/** One authenticated question over a socket to the receiver; text: why there is no answer. */
export function askReceiver(
  socket: Socket,
  target: Target,
  tls: {
    readonly ca: readonly string[];
    readonly key: string;
    readonly certificate: string;
    /** The chain was seen to be the region's: only its dates, or our clock, are wrong. */
    readonly despiteDates: boolean;
  },
  signal: AbortSignal,
): Promise<Answer | string> {
  return new Promise((resolve) => {
    const from = performance.now();
    const secured = connectTls({
      ...{ socket, ca: [...tls.ca], key: tls.key, cert: tls.certificate, minVersion: 'TLSv1.3' },
      ...(/^[\d.:]+$/.test(target.host) ? {} : { servername: target.host }),
      ...{ ALPNProtocols: ['http/1.1'], rejectUnauthorized: !tls.despiteDates },
    });
    const fail = (error: Error): void => resolve(reasonOf(error));
    secured.on('error', fail);
    const asking = httpRequest({
      ...{ createConnection: () => secured, signal, method: 'GET' },
      path: `/v1/receipts?after=${Number.MAX_SAFE_INTEGER}&wait=0`,
      headers: { host: `${target.host}:${target.port}` },
    });
    asking.on('error', fail);
    asking.on('response', (answer) => {
      void readCode(answer).then((code) => {
        secured.destroy();
        const at = Date.parse(answer.headers.date ?? '');
        resolve({
          ...{ status: answer.statusCode ?? 0, code, ms: performance.now() - from },
          at: Number.isNaN(at) ? undefined : at,
        });
      }, fail);
    });
    asking.end();
  });
}

async function readCode(answer: IncomingMessage): Promise<string | undefined> {
  let text = '';
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.length > 65_536) return undefined;
  }
  return /"code":"([a-z0-9-]{1,60})"/.exec(text)?.[1];
}

export function reasonOf(error: unknown): string {
  return systemCode(error) ?? (error instanceof Error ? error.name : 'unexpected');
}
