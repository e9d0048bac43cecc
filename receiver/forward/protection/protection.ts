import type { sealSuffixes } from '../parcel.ts';

/** What a dispatch is sealed with for one agency, so that nobody else reads it on its way. */
export interface Protection {
  /** Form and key: changes when the key does. */
  readonly id: string;
  /** Added to the name. */
  readonly suffix: (typeof sealSuffixes)[number];
  /** Lower-case hex fingerprint of the agency's key: two people vouch for it before anything is sealed. */
  readonly fingerprint: string;
  /** When the key stops being good, epoch ms; null: never. */
  readonly expiresAt: number | null;
  /** Throws `agency-key-expired`. */
  seal(name: string, content: Buffer): Promise<Buffer>;
}
