import { randomBytes, randomFillSync } from 'node:crypto';

/** Where chance comes from. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number;
  bytes(length: number): Buffer;
  /** UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits. */
  uuid(nowMs: number): string;
}

const scratch = Buffer.alloc(16);

export const systemRandom: Random = {
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  bytes: (length) => randomBytes(length),
  uuid: (nowMs) => {
    randomFillSync(scratch, 6);
    return formatUuid7(nowMs, scratch);
  },
};

/** Writes time, version and variant into sixteen bytes whose last ten are random, and prints them. */
export function formatUuid7(nowMs: number, bytes: Buffer): string {
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
