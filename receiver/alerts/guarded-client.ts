import { Agent } from 'undici';
import { Fault, permanent, systemCode, transient } from '../../shared/runtime/errors.ts';
import { checkedAddress, type GuardOptions } from './address-guard.ts';
import { certificateFault, readAuthorities } from './authorities.ts';

/** One request to an address of the settings: checked, pinned, no redirect followed, every wait and answer bounded. */
export interface GuardedRequest {
  readonly method: 'POST' | 'PUT' | 'GET';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
  /** Who vouches for the host; undefined: whoever this machine trusts. */
  readonly authorityFile: string | undefined;
}

export interface GuardedReply {
  readonly status: number;
  /** Lower-case, '' when there is none. */
  readonly type: string;
  /** At most `answerBytes`. */
  readonly text: string;
}

const answerBytes = 64 * 1024;

/**
 * Throws `alert-host-unknown`, `alert-host-private`, `alert-certificate-refused`, `alert-unreachable` (ambiguous once the request may have left),
 * `alert-answer-refused` (permanent: a redirect, or what asking again will not change), `alert-answer-later`.
 */
export async function guardedRequest(
  { method, url, headers, body, timeoutMs, authorityFile }: GuardedRequest,
  guard: GuardOptions,
  stopping: AbortSignal,
): Promise<GuardedReply> {
  const { hostname: host, origin, pathname, search } = new URL(url);
  const ca = await readAuthorities(authorityFile);
  const pinned = await withinTime(checkedAddress(host, guard), timeoutMs, host);
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    allowH2: false,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: 16 * 1024,
    connect: {
      ...{ timeout: timeoutMs, ca },
      ALPNProtocols: ['http/1.1'],
      // What was checked is what is connected to; the name stays for the certificate.
      lookup: (_host, options, found) => {
        if (options.all === true) found(null, [pinned]);
        else found(null, pinned.address, pinned.family);
      },
    },
  });
  try {
    const answer = await agent.request({
      ...{ origin, path: pathname + search, method },
      headers: { 'user-agent': 'vaguemestre', 'accept-encoding': 'identity', ...headers },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await readBounded(answer.body);
    const type = answer.headers['content-type'];
    const reply = {
      ...{ status: answer.statusCode, text },
      type: (typeof type === 'string' ? type : '').toLowerCase(),
    };
    refuseStatus(host, reply.status);
    return reply;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw certificateFault(host, error) ?? unanswered(host, error);
  } finally {
    await agent.destroy();
  }
}

/** 408, 429 and 5xx may pass; a redirect would lead where nobody has looked. */
function refuseStatus(host: string, status: number): void {
  if (status >= 200 && status < 300) return;
  const facts = { host, status };
  if (status === 408 || status === 429 || status >= 500) throw transient('alert-answer-later', { facts });
  throw permanent('alert-answer-refused', { facts });
}

/** What is longer is cut: it was an answer all the same, and leaving the loop closes the connection. */
async function readBounded(body: AsyncIterable<unknown>): Promise<string> {
  const read: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    const chunk = Buffer.from(piece as Uint8Array);
    bytes += chunk.length;
    read.push(chunk);
    if (bytes > answerBytes) break;
  }
  return Buffer.concat(read).subarray(0, answerBytes).toString('utf8');
}

const neverLeft = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EACCES|UND_ERR_CONNECT_TIMEOUT|ERR_TLS)/;

function unanswered(host: string, error: unknown): Fault {
  const name = error instanceof Error ? error.name : '';
  const reason = systemCode(error) ?? (name === 'TimeoutError' || name === 'AbortError' ? 'timeout' : '');
  const kind = neverLeft.test(reason) ? 'transient' : 'ambiguous';
  return new Fault('alert-unreachable', kind, { facts: { host, reason }, cause: error });
}

/** Looking a name up has no deadline of its own. */
async function withinTime<T>(work: Promise<T>, ms: number, host: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(transient('alert-host-unknown', { facts: { host, reason: 'timeout' } })),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
