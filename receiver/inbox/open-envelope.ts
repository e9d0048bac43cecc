import type { EnvelopeHeader } from '../../shared/envelope/header.ts';
import type { CertifiedKey } from '../../shared/envelope/keys.ts';
import { openEnvelope, parseEnvelope } from '../../shared/envelope/open.ts';
import { parseSlice, type Slice } from '../../shared/protocol/slice.ts';
import { Fault, permanent } from '../../shared/runtime/errors.ts';

export interface OpenedEnvelope {
  readonly header: EnvelopeHeader;
  readonly slice: Slice;
}

export type OpenSlice = (bytes: Buffer) => Promise<OpenedEnvelope>;

/**
 * Opens with the first key the envelope was made for; the latest comes first. Its signature was verified before it was
 * stored. Throws what `parseEnvelope`, `openEnvelope` and `parseSlice` throw, and `envelope-key-destroyed` when it is sealed
 * for a key of the region that is no more.
 */
export function createSliceOpener(keys: {
  readonly openers: () => readonly CertifiedKey[];
  readonly isDestroyed: (fingerprint: string) => boolean;
}): OpenSlice {
  return async (bytes) => {
    const parsed = parseEnvelope(bytes);
    for (const recipient of keys.openers()) {
      try {
        const plaintext = await openEnvelope(parsed, recipient);
        return { header: parsed.header, slice: parseSlice(plaintext) };
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'envelope-wrong-recipient') throw error;
      }
    }
    throw permanent(
      parsed.header.recipients.some(keys.isDestroyed) ? 'envelope-key-destroyed' : 'envelope-wrong-recipient',
    );
  };
}
