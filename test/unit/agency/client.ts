import { request as httpsRequest, Agent, type RequestOptions } from 'node:https';
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { createCertificate } from '../../../receiver/pki/certificate.ts';
import { fingerprint, generateKey, privateKeyPem } from '../../../shared/envelope/keys.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

/** An agency's own client certificate: signed by nobody the region knows. */
export interface AgencyCertificate {
  readonly key: string;
  readonly cert: string;
  readonly fingerprint: string;
}

export async function agencyCertificate(
  now: number,
  days: { readonly from?: number; readonly until?: number } = {},
): Promise<AgencyCertificate> {
  const { privateKey, publicKey } = await generateKey();
  const dayMs = 86_400_000;
  const certificate: X509Certificate = createCertificate(
    {
      ...{ commonName: 'An agency', publicKey, profile: { kind: 'client', uris: ['urn:agency'] } },
      ...{ notBefore: now + (days.from ?? -1) * dayMs, notAfter: now + (days.until ?? 30) * dayMs },
    },
    { privateKey, certificate: undefined },
    systemRandom,
  );
  return {
    ...{ key: privateKeyPem(privateKey), cert: certificate.toString() },
    fingerprint: fingerprint(certificate),
  };
}

export interface AgencyReplyTo {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Of a JSON answer. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface AgencyClient {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<AgencyReplyTo>;
  head(path: string): Promise<AgencyReplyTo>;
  post(path: string, body: object): Promise<AgencyReplyTo>;
  /** Takes the beginning of an answer, then breaks the connection. */
  breakOff(path: string): Promise<void>;
  /** Takes the beginning of an answer and nothing more. */
  stall(path: string): Promise<void>;
  /** Two connections, one after the other; answers whether the second resumed the first one's session, and its status. */
  twice(path: string): Promise<{ readonly resumed: boolean; readonly status: number }>;
  close(): void;
}

export function agencyClient(options: {
  readonly port: () => number;
  readonly authorities: readonly string[];
  readonly certificate?: AgencyCertificate;
  readonly token?: string;
}): AgencyClient {
  const { certificate, token } = options;
  const agent = new Agent({
    ...{ keepAlive: true, ca: [...options.authorities], servername: 'localhost' },
    ...(certificate === undefined ? {} : { key: certificate.key, cert: certificate.cert }),
  });
  const settings = (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): RequestOptions => ({
    ...{ agent, host: '127.0.0.1', port: options.port(), method, path },
    headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  });
  const send = (method: string, path: string, headers?: Readonly<Record<string, string>>, body?: string) =>
    new Promise<AgencyReplyTo>((resolve, reject) => {
      const request = httpsRequest(settings(method, path, headers), (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const whole = Buffer.concat(chunks);
          const isJson = String(response.headers['content-type']).startsWith('application/json');
          const json = isJson && whole.length > 0 ? (JSON.parse(whole.toString('utf8')) as object) : {};
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, headers: answered, body: whole, json: json as AgencyReplyTo['json'] });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  return {
    get: (path, headers) => send('GET', path, headers),
    head: (path) => send('HEAD', path),
    post: (path, body) => send('POST', path, { 'content-type': 'application/json' }, JSON.stringify(body)),
    breakOff: (path) =>
      new Promise((resolve, reject) => {
        const request = httpsRequest(settings('GET', path), (response) => {
          response.once('data', () => response.destroy());
          response.once('error', () => undefined);
          response.once('close', resolve);
        });
        request.on('error', reject);
        request.end();
      }),
    stall: (path) =>
      new Promise((resolve, reject) => {
        const request = httpsRequest(settings('GET', path), (response) => {
          response.socket.pause();
          response.once('error', () => undefined);
          resolve();
        });
        request.on('error', reject);
        request.end();
      }),
    twice: async (path) => {
      const once = new Agent({ ...agent.options, keepAlive: false });
      const look = () =>
        new Promise<{ readonly resumed: boolean; readonly status: number }>((resolve, reject) => {
          const request = httpsRequest({ ...settings('GET', path), agent: once }, (response) => {
            const { socket, statusCode: status = 0 } = response;
            const resumed = socket instanceof TLSSocket && socket.isSessionReused();
            response.resume();
            response.once('close', () => resolve({ resumed, status }));
          });
          request.on('error', reject);
          request.end();
        });
      await look();
      return look();
    },
    close: () => agent.destroy(),
  };
}
