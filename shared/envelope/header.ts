import { z } from 'zod';
import { permanent } from '../runtime/errors.ts';

/**
 * The clear part of an envelope: UTF-8 JSON, signed as sent and never re-serialised. It names nothing of a patient and
 * no facility: an opaque agent, a feed, a place in the ledger, and who can open and who signed.
 */
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

export const envelopeHeader = z.strictObject({
  v: z.literal(1),
  /** 1 = AES-256-GCM, RSA-OAEP-SHA-256, RSA-PSS-3072-SHA-256. */
  suite: z.literal(1),
  /** UUIDv7, lower case: identity is compared as text. */
  id: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  agent: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  feed: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  epoch: z.int().min(1),
  seq: z.int().min(1),
  /** Digest of the envelope before in the same ledger; `genesis` for the very first. */
  prev: sha256Hex,
  /** Epoch milliseconds by the agent's clock: informative, never a test of freshness. */
  created: z.int().min(0),
  /** Version of the feed's record schema. */
  schema: z.int().min(1),
  zip: z.literal('br'),
  /** Lower-case hex SHA-256 of the DER of each recipient's certificate, and of the signer's. */
  recipients: z.array(sha256Hex).min(1).max(8),
  signer: sha256Hex,
});
export type EnvelopeHeader = z.infer<typeof envelopeHeader>;

/** What the caller of `seal` decides; the rest of the header is the sealer's. */
export type SealFields = Pick<
  EnvelopeHeader,
  'id' | 'agent' | 'feed' | 'epoch' | 'seq' | 'prev' | 'created' | 'schema'
>;

export const headerMaxBytes = 4096;

/** The `prev` of a ledger's first envelope. */
export const genesis = '0'.repeat(64);

export function printHeader(header: EnvelopeHeader): Buffer {
  return Buffer.from(JSON.stringify(header), 'utf8');
}

/** Throws `envelope-malformed`. */
export function readHeader(bytes: Buffer): EnvelopeHeader {
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw permanent('envelope-malformed', { facts: { where: 'header' } });
  }
  const header = envelopeHeader.safeParse(value);
  // Printing it again must give the same text: no repeated key, spacing or other spelling that two readers could take
  // differently.
  if (!header.success || JSON.stringify(value) !== text)
    throw permanent('envelope-malformed', { facts: { where: 'header' } });
  return header.data;
}
