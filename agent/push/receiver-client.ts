import type { Dispatcher } from 'undici';
import type { z } from 'zod';
import {
  epochAnswer,
  errorAnswer,
  heartbeatAnswer,
  pushAnswer,
  scorecardAnswer,
  type HeartbeatAnswer,
  type HeartbeatRequest,
  type PushAnswer,
  type ScorecardAnswer,
  type TombstoneRequest,
} from '../../shared/protocol/push.ts';
import { enrolmentGrant, type EnrolmentGrant } from '../../shared/protocol/enrolment.ts';
import type { RenewalRequest } from '../../shared/protocol/renewal.ts';
import { receiptPage, type ReceiptPage } from '../../shared/protocol/receipts.ts';
import { Fault, systemCode } from '../../shared/runtime/errors.ts';
import { createDispatcher, isIntercepted, isTlsFault } from './connection-client.ts';
import type { ProxySettings } from './proxy.ts';
import type { Attempt } from './verdict.ts';

export type Reply<Body> =
  | { readonly kind: 'ok'; readonly body: Body }
  | {
      readonly kind: 'failed';
      readonly attempt: Attempt;
      readonly head?: { readonly epoch: number; readonly seq: number; readonly digest: string };
    };

/** The receiver as the agent sees it. No method throws for what the network or the receiver does. */
export interface ReceiverClient {
  push(envelope: Buffer, signal: AbortSignal): Promise<Reply<PushAnswer>>;
  tombstone(request: TombstoneRequest, signal: AbortSignal): Promise<Reply<PushAnswer>>;
  receipts(after: number, waitSeconds: number, signal: AbortSignal): Promise<Reply<ReceiptPage>>;
  heartbeat(request: HeartbeatRequest, signal: AbortSignal): Promise<Reply<HeartbeatAnswer>>;
  openEpoch(feed: string, epoch: number, signal: AbortSignal): Promise<Reply<z.infer<typeof epochAnswer>>>;
  scorecard(facility: string, signal: AbortSignal): Promise<Reply<ScorecardAnswer>>;
  renew(request: RenewalRequest, signal: AbortSignal): Promise<Reply<EnrolmentGrant>>;
  /** Takes no more requests, and closes once those on their way are answered. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

export interface Connection {
  readonly url: string;
  readonly tls: { readonly key: string; readonly certificate: string };
  readonly authorities: readonly string[];
  readonly connections: number;
  readonly proxy: ProxySettings | undefined;
}

const requestTimeoutMs = 60_000;

/** TLS 1.3 with both certificates, HTTP/1.1 keep-alive, the region's authority and no other. */
export function createReceiverClient(connection: Connection): ReceiverClient {
  const dispatcher = createDispatcher(connection, {
    ca: [...connection.authorities],
    key: connection.tls.key,
    cert: connection.tls.certificate,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['http/1.1'],
  });
  const call = async <Schema extends z.ZodType>(
    schema: Schema,
    request: { method: 'GET' | 'POST'; path: string; body?: Buffer | object; timeoutMs?: number },
    signal: AbortSignal,
  ): Promise<Reply<z.infer<Schema>>> => {
    const reply = await exchange(dispatcher, connection.url, schema, request, signal);
    if (reply.kind === 'ok') looked = undefined;
    if (reply.kind === 'ok' || !isTrustFault(reply.attempt)) return reply;
    // Once per outage: who stands there does not change while nobody answers.
    looked ??= isIntercepted(connection);
    return (await looked)
      ? { kind: 'failed', attempt: { ...reply.attempt, code: 'receiver-intercepted' } }
      : reply;
  };
  let looked: Promise<boolean> | undefined;

  return {
    push: (body, signal) => call(pushAnswer, { method: 'POST', path: '/v1/envelopes', body }, signal),
    tombstone: (body, signal) => call(pushAnswer, { method: 'POST', path: '/v1/tombstones', body }, signal),
    receipts: (after, wait, signal) =>
      call(
        receiptPage,
        {
          method: 'GET',
          path: `/v1/receipts?after=${after}&wait=${wait}`,
          timeoutMs: requestTimeoutMs + wait * 1000,
        },
        signal,
      ),
    heartbeat: (body, signal) =>
      call(heartbeatAnswer, { method: 'POST', path: '/v1/heartbeat', body }, signal),
    openEpoch: (feed, epoch, signal) =>
      call(epochAnswer, { method: 'POST', path: '/v1/epochs', body: { feed, epoch } }, signal),
    scorecard: (facility, signal) =>
      call(
        scorecardAnswer,
        { method: 'GET', path: `/v1/scorecards/${encodeURIComponent(facility)}` },
        signal,
      ),
    renew: (body, signal) => call(enrolmentGrant, { method: 'POST', path: '/v1/renewals', body }, signal),
    finish: () => dispatcher.close(),
    close: () => dispatcher.destroy(),
  };
}

export async function exchange<Schema extends z.ZodType>(
  dispatcher: Dispatcher,
  origin: string,
  schema: Schema,
  request: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly body?: Buffer | object;
    readonly timeoutMs?: number;
    /** The answer is text, not JSON. */
    readonly text?: boolean;
  },
  signal: AbortSignal,
): Promise<Reply<z.infer<Schema>>> {
  const timeoutMs = request.timeoutMs ?? requestTimeoutMs;
  const bytes = Buffer.isBuffer(request.body);
  try {
    const answer = await dispatcher.request({
      origin,
      method: request.method,
      path: request.path,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      ...(request.body === undefined
        ? {}
        : {
            headers: { 'content-type': bytes ? 'application/octet-stream' : 'application/json' },
            body: bytes ? request.body : JSON.stringify(request.body),
          }),
    });
    const text = await answer.body.text();
    const value = request.text === true && answer.statusCode === 200 ? text : parseJson(text);
    return readAnswer(answer.statusCode, answer.headers['retry-after'], value, schema);
  } catch (error) {
    return { kind: 'failed', attempt: unanswered(error) };
  }
}

function readAnswer<Schema extends z.ZodType>(
  status: number,
  retryAfter: string | string[] | undefined,
  value: unknown,
  schema: Schema,
): Reply<z.infer<Schema>> {
  if (status === 200) {
    const body = schema.safeParse(value);
    return body.success
      ? { kind: 'ok', body: body.data }
      : { kind: 'failed', attempt: { kind: 'unproven', code: 'answer-malformed' } };
  }
  const known = errorAnswer.safeParse(value);
  const attempt: Attempt = {
    kind: 'answered',
    status,
    code: known.success ? known.data.code : `http-${status}`,
    retryAfterMs: retryAfterMs(retryAfter),
    ...(known.success ? { class: known.data.class } : {}),
  };
  const head = known.success ? known.data.head : undefined;
  return { kind: 'failed', attempt, ...(head === undefined ? {} : { head }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function retryAfterMs(header: string | string[] | undefined): number {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) ? Math.min(3600, Math.max(0, seconds)) * 1000 : 0;
}

function isTrustFault(attempt: Attempt): boolean {
  return attempt.kind === 'unanswered' && attempt.code === 'receiver-not-trusted';
}

/** Failures before a byte could be taken; any other leaves doubt. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function unanswered(error: unknown): Attempt {
  // Ours: the proxy's refusal, before anything was sent.
  if (error instanceof Fault) return { kind: 'unanswered', code: error.code, sent: false };
  const system = systemCode(error) ?? '';
  const isTls = isTlsFault(system);
  const code = isTls ? 'receiver-not-trusted' : 'receiver-unreachable';
  return { kind: 'unanswered', code, sent: !isTls && !beforeSending.has(system) };
}
