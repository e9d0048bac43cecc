import type { EnvelopeHeader } from '../../shared/envelope/header.ts';
import type { CertifiedKey } from '../../shared/envelope/keys.ts';
import { openEnvelope, parseEnvelope } from '../../shared/envelope/open.ts';
import { parseSlice, type Slice } from '../../shared/protocol/slice.ts';
import { Fault } from '../../shared/runtime/errors.ts';

export interface OpenedEnvelope {
  readonly header: EnvelopeHeader;
  readonly slice: Slice;
}

export type OpenSlice = (bytes: Buffer) => Promise<OpenedEnvelope>;

/**
 * Opens with the first key the envelope was made for; the current key comes first. Its signature was verified before it
 * was stored. Throws what `parseEnvelope`, `openEnvelope` and `parseSlice` throw.
 */
export function createSliceOpener(recipients: readonly CertifiedKey[]): OpenSlice {
  return async (bytes) => {
    const parsed = parseEnvelope(bytes);
    let refusal: unknown;
    for (const recipient of recipients) {
      try {
        const plaintext = await openEnvelope(parsed, recipient);
        return { header: parsed.header, slice: parseSlice(plaintext) };
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'envelope-wrong-recipient') throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  };
}
