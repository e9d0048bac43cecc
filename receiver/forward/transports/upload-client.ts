import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { connect, type SecureContextOptions } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { Fault, permanent, systemCode, transient } from '../../../shared/runtime/errors.ts';
import { readLogin, type UploadLogin } from './upload-login.ts';

/** One agency over HTTPS: its certificate checked, the region's own shown, no redirect followed, every wait bounded. */
export interface UploadClient {
  /**
   * Throws `peer-identity-refused`, `peer-login-refused` (the region's certificate), `delivery-unavailable` (transient, or
   * ambiguous once the whole body has left), `delivery-stopped`.
   */
  request(request: UploadRequest, signal: AbortSignal): Promise<UploadReply>;
  /** Goes there without asking for anything. Its steps throw as `request` does. */
  walk(url: string, signal: AbortSignal): UploadWalk;
  close(): Promise<void>;
}

export interface UploadRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** A longer answer is not read to its end; 64 kB unless said. */
  readonly maxBytes?: number;
}

export interface UploadReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: longer than `maxBytes`. */
  readonly body: Buffer | undefined;
}

export interface UploadWalk {
  /** The server's address. */
  resolve(): Promise<string>;
  /** The last day of its certificate. */
  connect(): Promise<string>;
}

const answerBytes = 64 * 1024;
const pieceBytes = 64 * 1024;
/** However steadily a peer drips. */
const wholeMs = 2 * 3_600_000;
/** Shorter than servers keep a quiet connection: one closed under a request leaves doubt for nothing. */
const quietMs = 4000;

/** Reads the files that the settings name; throws `upload-file-unreadable`, `upload-file-unusable`. */
export async function openUploadClient(destination: string, settings: UploadLogin): Promise<UploadClient> {
  const login = await readLogin(destination, settings);
  const timeoutMs = settings.timeoutSeconds * 1000;
  const heard = { error: undefined as unknown };
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: quietMs,
    keepAliveMaxTimeout: quietMs,
    // Waits are counted here, between one piece and the next: a long upload that goes on is not a slow answer.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: hearing(
      buildConnector({ ...login.tls, ALPNProtocols: ['http/1.1'], timeout: timeoutMs }),
      heard,
    ),
  });

  const request: UploadClient['request'] = async (asked, stopping) => {
    const url = new URL(asked.url);
    const patience = createPatience(timeoutMs);
    const upload = { isSent: false };
    heard.error = undefined;
    try {
      const answer = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: asked.method,
        headers: {
          'accept-encoding': 'identity',
          'user-agent': 'vaguemestre',
          ...login.headers,
          ...asked.headers,
          ...(asked.body === undefined ? {} : { 'content-length': String(asked.body.length) }),
        },
        ...(asked.body === undefined
          ? {}
          : { body: Readable.from(pieces(asked.body, patience, upload), { objectMode: false }) }),
        signal: AbortSignal.any([stopping, patience.signal, AbortSignal.timeout(wholeMs)]),
      });
      patience.renew();
      const body = await readBody(answer.body, asked.maxBytes ?? answerBytes, patience);
      return { status: answer.statusCode, headers: flat(answer.headers), body };
    } catch (error) {
      if (stopping.aborted) throw transient('delivery-stopped', { cause: error });
      const reason = patience.signal.aborted ? 'timeout' : undefined;
      throw (
        tlsRefusal(heard.error, destination) ??
        unanswered(error, { destination, reason, isSent: upload.isSent })
      );
    } finally {
      patience.end();
    }
  };
  return {
    request,
    walk: (url, signal) => createWalk(destination, { url, tls: login.tls, timeoutMs }, signal),
    close: () => agent.destroy(),
  };
}

/**
 * The first error of a socket. With TLS 1.3 a server refuses a client's certificate after the handshake: the alert is an error
 * of its own, then comes the end, and undici tells of the end.
 */
function hearing(connector: buildConnector.connector, heard: { error: unknown }): buildConnector.connector {
  return (options, callback) => {
    connector(options, (...[error, socket]) => {
      socket?.once('error', (first: unknown) => {
        heard.error ??= first;
      });
      if (error === null) callback(null, socket);
      else callback(error, null);
    });
  };
}

interface Patience {
  readonly signal: AbortSignal;
  renew(): void;
  end(): void;
}

/** Ends when nothing has moved for this long. */
function createPatience(ms: number): Patience {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ms);
  return { signal: over.signal, renew: () => void timer.refresh(), end: () => clearTimeout(timer) };
}

function* pieces(content: Buffer, patience: Patience, upload: { isSent: boolean }): Generator<Buffer> {
  for (let at = 0; at < content.length; at += pieceBytes) {
    patience.renew();
    yield content.subarray(at, at + pieceBytes);
  }
  patience.renew();
  // The last piece may still be on its way: from here on there is doubt.
  upload.isSent = true;
}

async function readBody(body: Readable, maxBytes: number, patience: Patience): Promise<Buffer | undefined> {
  const read: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    const chunk = Buffer.from(piece as Uint8Array);
    patience.renew();
    bytes += chunk.length;
    // Leaving the loop destroys the stream and its connection.
    if (bytes > maxBytes) return undefined;
    read.push(chunk);
  }
  return Buffer.concat(read);
}

function flat(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function unanswered(
  error: unknown,
  of: { readonly destination: string; readonly reason: string | undefined; readonly isSent: boolean },
): Fault {
  const { destination } = of;
  const code = systemCode(error) ?? '';
  const refusal = tlsRefusal(error, destination);
  if (refusal !== undefined) return refusal;
  const reason = of.reason ?? (code === '' ? 'connection' : code);
  return new Fault('delivery-unavailable', of.isSent ? 'ambiguous' : 'transient', {
    facts: { destination, reason },
    cause: error,
  });
}

/** Why nobody can be sure who answers, or why who answers does not want us; undefined for anything else. */
function tlsRefusal(error: unknown, destination: string): Fault | undefined {
  const code = systemCode(error) ?? '';
  const facts = { destination, reason: code };
  // What the server says of our certificate, as OpenSSL names alerts.
  if (
    /ALERT_(?:BAD|UNKNOWN|UNSUPPORTED|NO)_?(?:CERTIFICATE|CA)|ALERT_CERTIFICATE|ALERT_ACCESS_DENIED/.test(
      code,
    )
  )
    return permanent('peer-login-refused', { facts, cause: error });
  const isIdentity =
    code.startsWith('ERR_TLS_CERT') ||
    code.startsWith('CERT_') ||
    code.startsWith('UNABLE_TO_') ||
    code.includes('SELF_SIGNED') ||
    code === 'INVALID_CA' ||
    code === 'INVALID_PURPOSE' ||
    code === 'HOSTNAME_MISMATCH';
  return isIdentity ? permanent('peer-identity-refused', { facts, cause: error }) : undefined;
}

function createWalk(
  destination: string,
  to: { readonly url: string; readonly tls: SecureContextOptions; readonly timeoutMs: number },
  signal: AbortSignal,
): UploadWalk {
  const { hostname, port } = new URL(to.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    resolve: async () => {
      try {
        return (await lookup(host)).address;
      } catch (error) {
        throw unanswered(error, { destination, reason: undefined, isSent: false });
      }
    },
    connect: () =>
      new Promise((found, fail) => {
        const servername = isIP(host) === 0 ? { servername: host } : {};
        const socket = connect({ ...to.tls, host, port: Number(port || 443), ...servername });
        const refuse = (error: unknown, reason?: string): void => {
          socket.destroy();
          fail(unanswered(error, { destination, reason, isSent: false }));
        };
        signal.addEventListener('abort', () => refuse(signal.reason, 'stopped'), { once: true });
        socket.setTimeout(to.timeoutMs, () => refuse(undefined, 'timeout'));
        socket.on('error', (error) => refuse(error));
        socket.on('secureConnect', () => {
          const { valid_to: end } = socket.getPeerCertificate();
          socket.destroy();
          found(new Date(end).toISOString().slice(0, 10));
        });
      }),
  };
}
