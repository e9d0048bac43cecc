/** One release of a product, as it is being made. */
export interface Release {
  readonly version: string;
  /** Seconds since 1970: every file's date, so that the same sources make the same bytes. */
  readonly epoch: number;
  readonly sequence: number;
  readonly minimum: string;
  readonly downgrade: boolean;
  readonly expiresAt: number;
}
