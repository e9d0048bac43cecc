import { hash } from 'node:crypto';
import type { OutgoingFile } from '../destination.ts';
import type { UploadClient, UploadReply } from './upload-client.ts';

/** What is at the address where a file goes. */
export type Compared =
  | { readonly kind: 'absent' | 'same' | 'other' }
  /** The first bytes of ours and no more: what a cut upload leaves where the server writes in place. */
  | { readonly kind: 'beginning'; readonly etag: string | undefined }
  /** The server does not let us look. */
  | { readonly kind: 'unreadable' }
  /** Something is there, and the server does not show it. */
  | { readonly kind: 'hidden' }
  | { readonly kind: 'failed'; readonly reply: UploadReply };

/** Throws as the client does. */
export async function compareAt(
  client: UploadClient,
  url: string,
  { content, digest }: OutgoingFile,
  signal: AbortSignal,
): Promise<Compared> {
  const head = await client.request({ method: 'HEAD', url }, signal);
  const looked = lookedAt(head);
  if (looked !== undefined) return looked;
  const length = lengthOf(head);
  if (length !== undefined && length > content.length) return { kind: 'other' };
  const found = await client.request({ method: 'GET', url, maxBytes: content.length }, signal);
  const read = lookedAt(found);
  if (read !== undefined) return read.kind === 'unreadable' ? { kind: 'hidden' } : read;
  // Longer than ours.
  if (found.body === undefined) return { kind: 'other' };
  if (hash('sha256', found.body, 'hex') === digest) return { kind: 'same' };
  const isBeginning =
    found.body.length < content.length && found.body.equals(content.subarray(0, found.body.length));
  return isBeginning ? { kind: 'beginning', etag: strongEtag(found) } : { kind: 'other' };
}

/** How many bytes are there now; undefined where the server does not tell. */
export async function lengthAt(
  client: UploadClient,
  url: string,
  signal: AbortSignal,
): Promise<number | Exclude<NoLook, { kind: 'unreadable' }> | undefined> {
  const head = await client.request({ method: 'HEAD', url }, signal);
  const looked = lookedAt(head);
  if (looked === undefined) return lengthOf(head);
  return looked.kind === 'unreadable' ? undefined : looked;
}

type NoLook =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'failed'; readonly reply: UploadReply };

/** Undefined: it is there. */
function lookedAt(reply: UploadReply): NoLook | undefined {
  const { status } = reply;
  if (status === 200) return undefined;
  if (status === 404 || status === 410) return { kind: 'absent' };
  const passes = status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
  // Write-only folders answer 401, 403 or 405 to a look: the upload itself tells whether the login is good.
  return passes || (status >= 300 && status < 400) ? { kind: 'failed', reply } : { kind: 'unreadable' };
}

function lengthOf({ headers }: UploadReply): number | undefined {
  const said = headers['content-length'];
  if (said === undefined || headers['content-encoding'] !== undefined) return undefined;
  return /^\d{1,15}$/.test(said) ? Number(said) : undefined;
}

/** `If-Match` compares strongly. */
function strongEtag({ headers }: UploadReply): string | undefined {
  const etag = headers['etag'];
  return etag?.startsWith('"') === true ? etag : undefined;
}
