/** That something ends, told to one address: once for each number of days before. */
export interface ExpiryNotice {
  readonly subject: string;
  /** Epoch ms. */
  readonly endsAt: number;
  readonly threshold: number;
  readonly address: string;
}

export interface KeyTables {
  /** True once for each attempt: never for what was sent, may have been, or failed `most` times. */
  claimNotice(notice: ExpiryNotice, most: number, at: number): Promise<boolean>;
  /** Of what is claimed: about to be handed over, or nobody knows. failed: surely not sent. */
  settleNotice(notice: ExpiryNotice, state: 'sent' | 'failed', at: number): Promise<void>;
  /** Of what ended before this. */
  purgeNotices(endedBefore: number): Promise<void>;
}
