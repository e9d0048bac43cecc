import { hash } from 'node:crypto';
import { Fault, permanent, transient } from '../../../shared/runtime/errors.ts';
import { agencyCode } from '../answers/agency-code.ts';
import { readJsonAnswer, textAt, type JsonAnswer } from '../answers/json-answer.ts';
import type { UploadReply } from './upload-client.ts';

/** Why a file is not delivered, as a delivery report says it. */
export interface UploadFailure {
  readonly fault: Fault;
  readonly blame?: 'file' | 'destination';
  readonly retryAfterMs?: number;
}

/** What an answer to an upload means, by its status. */
export type Meaning =
  | { readonly kind: 'taken'; readonly json: JsonAnswer | undefined }
  /** 409, 412: something of this name is there. */
  | { readonly kind: 'present'; readonly json: JsonAnswer | undefined }
  /** The agency has read the file and does not want it. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'failed'; readonly failure: UploadFailure };

const dayMs = 86_400_000;

export function meaningOf(reply: UploadReply, destination: string, codePath: string | undefined): Meaning {
  const { status } = reply;
  const json = readJsonAnswer(reply.body);
  if (status >= 200 && status < 300) return { kind: 'taken', json };
  if (status === 409 || status === 412) return { kind: 'present', json };
  const refused: Meaning = {
    kind: 'refused',
    code: agencyCode(textAt(json, codePath) ?? '') ?? `http-${status}`,
  };
  if (status === 413 || status === 415 || status === 422) return refused;
  // A bare 400 is what servers say of a request itself: a client certificate that is missing (nginx), a header too many.
  // Taken for the agency's word on the file, it would mark a whole queue refused.
  if (status === 400 && json !== undefined) return refused;
  return { kind: 'failed', failure: { fault: faultOf(status, destination), ...retryAfter(reply) } };
}

function faultOf(status: number, destination: string): Fault {
  const facts = { destination, status };
  if (status === 401 || status === 403)
    return permanent('peer-login-refused', { facts: { ...facts, reason: `http-${status}` } });
  if (status === 507) return transient('delivery-disk-full', { facts });
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return transient('delivery-unavailable', { facts: { ...facts, reason: `http-${status}` } });
  if (status >= 300 && status < 400) return permanent('upload-redirected', { facts });
  if (status === 404 || status === 405 || status === 410) return permanent('upload-address-wrong', { facts });
  return permanent('upload-not-understood', { facts });
}

/** Seconds, or a date held against the server's own clock, which may not be ours; a day at most. */
function retryAfter({ headers }: UploadReply): { readonly retryAfterMs?: number } {
  const said = headers['retry-after']?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(said)
    ? Number(said) * 1000
    : Date.parse(said) - Date.parse(headers['date'] ?? '');
  return ms > 0 ? { retryAfterMs: Math.min(ms, dayMs) } : {};
}

/** Whether the digest that comes back with an answer is of these bytes; `unsaid` when none comes. */
export function digestSaid(
  reply: UploadReply,
  said: string | undefined,
  /** Lower-case hex SHA-256: of the file, and of the body it travelled in. */
  ours: { readonly file: string; readonly body: string },
): 'same' | 'other' | 'unsaid' {
  const digests = ['content-digest', 'repr-digest'].flatMap((name) => headerDigest(reply.headers[name]));
  // RFC 9530: a Content-Digest of an answer is of the answer's own bytes, which is no word on ours.
  const ofAnswer = reply.body === undefined ? undefined : hash('sha256', reply.body, 'hex');
  const told = digests.filter((digest) => digest !== ofAnswer);
  if (said !== undefined) told.push(asHex(said));
  if (told.length === 0) return 'unsaid';
  return told.every((digest) => digest === ours.file || digest === ours.body) ? 'same' : 'other';
}

function headerDigest(value: string | undefined): readonly string[] {
  const found = /(?:^|[\s,])sha-256=:([A-Za-z0-9+/]{43}=):/i.exec(value ?? '')?.[1];
  return found === undefined ? [] : [Buffer.from(found, 'base64').toString('hex')];
}

/** A digest in a JSON answer: hex, base64, or as a header has it. */
function asHex(said: string): string {
  const fromHeader = headerDigest(said)[0];
  if (fromHeader !== undefined) return fromHeader;
  const text = said.trim().replace(/^sha-?256[:=]/i, '');
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
    ? Buffer.from(text, 'base64').toString('hex')
    : text.toLowerCase();
}

/** The agency's own id of a file; undefined when what stands there is none: too long, not printable. */
export function referenceIn(json: JsonAnswer | undefined, path: string | undefined): string | undefined {
  const said = textAt(json, path);
  return said !== undefined && /^[\x21-\x7e]{1,200}$/.test(said) ? said : undefined;
}

/** Of the file itself: what a repeat is known by. */
export function idempotencyKey(name: string, digest: string): string {
  return hash('sha256', `${name}\0${digest}`, 'hex');
}
