/** What a dispatch is sealed with for one agency, so that nobody else reads it on its way. */
export interface Protection {
  /** Form and key: changes when the key does. */
  readonly id: string;
  /** Added to the name. */
  readonly suffix: '.gpg' | '.asc' | '.p7m';
  /** Lower-case hex fingerprint of the agency's key: two people vouch for it before anything is sealed. */
  readonly fingerprint: string;
  /** When the key stops being good, epoch ms; null: never. */
  readonly expiresAt: number | null;
  /** Throws the faults of keys, `agency-key-expired` among them. After a fault, the protection is opened anew. */
  seal(name: string, content: Buffer): Promise<Buffer>;
}
