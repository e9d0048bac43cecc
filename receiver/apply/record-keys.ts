import { hash } from 'node:crypto';

/**
 * Outside its body a record is known only by keyed hashes: HMAC-SHA-256 under a key of the facility, cut to 16 bytes, so
 * that nothing of a natural key can be guessed from an index or a trace.
 */
export interface RecordKeys {
  /** Of the feed's natural key. */
  key(naturalKey: string): Buffer;
  /** Of the visit id. */
  visit(visitId: string): Buffer;
}

export const digestBytes = 16;
const blockBytes = 64;
const rememberedKeys = 4096;

/** HMAC by two one-shot hashes over prepared pads: 2 µs against 10 µs for createHmac. */
export function createRecordKeys(facilityKey: Buffer): RecordKeys {
  let inner = Buffer.alloc(512);
  const outer = Buffer.alloc(blockBytes + 32);
  for (let index = 0; index < blockBytes; index += 1) {
    const byte = facilityKey[index] ?? 0;
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  const hmac = (text: string): Buffer => {
    const most = blockBytes + text.length * 3;
    if (most > inner.length) inner = Buffer.concat([inner.subarray(0, blockBytes)], most * 2);
    const end = blockBytes + inner.write(text, blockBytes, 'utf8');
    hash('sha256', inner.subarray(0, end), 'buffer').copy(outer, blockBytes);
    return hash('sha256', outer, 'buffer').subarray(0, digestBytes);
  };
  // Matching, looking elsewhere and writing ask for the same ones, a day at a time.
  const recent = new Map<string, Buffer>();
  const remembered = (text: string): Buffer => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    if (recent.size >= rememberedKeys) recent.clear();
    const made = hmac(text);
    recent.set(text, made);
    return made;
  };
  return {
    key: (naturalKey) => remembered(`natural\0${naturalKey}`),
    visit: (visitId) => remembered(`visit\0${visitId}`),
  };
}

/** What equal content has in common at both ends: SHA-256 of the body as it came, cut to 16 bytes. */
export function contentHash(body: string): Buffer {
  return hash('sha256', body, 'buffer').subarray(0, digestBytes);
}
