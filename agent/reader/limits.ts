/** Bounds on what an export may hold: past one of them it is rejected, so that memory stays flat whatever comes in. */
export interface ReadLimits {
  readonly fileBytes: number;
  readonly records: number;
  /** Nesting of XML elements. */
  readonly depth: number;
  /** Characters of one field. */
  readonly fieldChars: number;
  /** Characters of one whole record. */
  readonly recordChars: number;
}

export const defaultReadLimits: ReadLimits = {
  fileBytes: 2 * 1024 ** 3,
  records: 2_000_000,
  depth: 16,
  fieldChars: 65_536,
  recordChars: 1_048_576,
};
