import { getCACertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { systemCode, transient, type Fault } from '../../shared/runtime/errors.ts';
import type { ProxySettings } from './proxy.ts';
import { Agent, Pool, ProxyAgent } from './undici-client.ts';

/** How the receiver is reached: directly, or through a tunnel (CONNECT) of the hospital's proxy. */
export interface TlsSettings {
  readonly ca?: string[];
  readonly key?: string;
  readonly cert?: string;
  readonly minVersion?: 'TLSv1.3';
  readonly ALPNProtocols: string[];
  readonly rejectUnauthorized?: boolean;
  readonly checkServerIdentity?: () => Error;
}

const answerMaxBytes = 64 * 1024 * 1024;
const connectMs = 15_000;

/** Through a proxy, `requestTls` is what reaches the receiver; `connect` would be ignored. */
export function createDispatcher(
  { connections, proxy }: { readonly connections: number; readonly proxy: ProxySettings | undefined },
  tls: TlsSettings,
): Dispatcher {
  const common = {
    connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 30_000,
    maxResponseSize: answerMaxBytes,
    connectTimeout: connectMs,
  };
  if (proxy === undefined) return new Agent({ ...common, connect: { ...tls, timeout: connectMs } });
  return new ProxyAgent({
    ...common,
    uri: proxy.url,
    requestTls: { ...tls, timeout: connectMs },
    // A proxy over TLS is the hospital's: its authority is the machine's, not the region's.
    proxyTls: { ca: machineAuthorities(), timeout: connectMs },
    clientFactory: (origin, options) => tellingRefusals(new Pool(origin, options)),
    ...(proxy.token === undefined ? {} : { token: proxy.token }),
  });
}

function machineAuthorities(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}

/**
 * The dispatcher to a proxy, whose refusals become faults of their own: undici puts the status of a refused CONNECT into a
 * text only. Faults: `proxy-authentication`, `proxy-refused`, `proxy-unreachable`, `proxy-not-trusted`.
 */
function tellingRefusals(pool: Pool): Pool {
  type Connect = (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;
  // Binding takes the last overload, the one with a callback; called without one, it answers a promise.
  const ask = pool.connect.bind(pool);
  const connect: Connect = async (options) => {
    const answer = await ask(options).catch((error: unknown) => {
      throw options.signal instanceof AbortSignal && options.signal.aborted ? error : notReached(error);
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => undefined).destroy();
    throw transient(answer.statusCode === 407 ? 'proxy-authentication' : 'proxy-refused', {
      facts: { status: answer.statusCode },
    });
  };
  return Object.assign(pool, { connect });
}

function notReached(cause: unknown): Fault {
  const code = systemCode(cause) ?? '';
  return transient(isTlsFault(code) ? 'proxy-not-trusted' : 'proxy-unreachable', { cause });
}

/** Whether a connection failed because of who answered, not because nobody did. */
export function isTlsFault(code: string): boolean {
  return (
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL') ||
    code.includes('CERT') ||
    code.startsWith('UNABLE_TO_') ||
    code === 'HOSTNAME_MISMATCH' ||
    code === 'UND_ERR_PRX_TLS'
  );
}

/**
 * Whether whoever answers in the receiver's place is somebody this machine trusts: a proxy that opens TLS, most often. A
 * handshake under the machine's own authorities tells; it is broken off before anything is sent.
 */
export async function isIntercepted(to: {
  readonly url: string;
  readonly proxy: ProxySettings | undefined;
}): Promise<boolean> {
  let isTrusted = false;
  const dispatcher = createDispatcher(
    { connections: 1, proxy: to.proxy },
    {
      ca: machineAuthorities(),
      ALPNProtocols: ['http/1.1'],
      checkServerIdentity: () => {
        // Node asks only for a chain that it has verified.
        isTrusted = true;
        return new Error('looked at');
      },
    },
  );
  try {
    await dispatcher.request({
      ...{ origin: to.url, path: '/', method: 'GET' },
      signal: AbortSignal.timeout(connectMs),
    });
  } catch {
    // It was to fail.
  } finally {
    await dispatcher.destroy();
  }
  return isTrusted;
}
