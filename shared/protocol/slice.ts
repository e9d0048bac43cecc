import { z } from 'zod';

/**
 * The plaintext of an envelope: UTF-8 lines.
 *
 *   {"export":…,"slice":1,"facility":…,"part":"0","source":…}          SliceHead
 *   12 57 {"facility":…}                                               record number, line, body
 *   …
 *   {"manifest":{…}}                                                   only in the last slice of an export
 *
 * A record line is `<record number> <line or 0> <body JSON>`: the receiver keeps the body's bytes as they came, so that
 * both ends hash the same thing.
 */
export const sliceHead = z.strictObject({
  /** UUIDv7 of the export. */
  export: z.uuid(),
  /** 1-based. */
  slice: z.int().min(1).max(100_000),
  facility: z.string().length(9),
  part: z.string().min(1).max(40),
  /** Name of the agent's source; with the agent id it says who feeds a part. */
  source: z.string().min(1).max(100),
});
export type SliceHead = z.infer<typeof sliceHead>;

const count = z.int().min(0).max(100_000_000);
const isoDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** What the agent says of the whole export once it has read it to its last byte. */
export const manifest = z.strictObject({
  slices: z.int().min(1).max(100_000),
  /** records = accepted + rejected */
  records: count,
  rejected: count,
  /** The header's window as written, when both dates parse and are in order; never clamped, never judged here. */
  window: z.strictObject({ from: isoDay, to: isoDay }).nullable(),
  /** The header's EXTRACT: source text and instant (epoch ms), null when missing or unreadable. */
  extract: z.strictObject({ text: z.string().max(40), at: z.int() }).nullable(),
  /** Lower-case hex SHA-256 of the export's bytes. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Resend asked for by a person: a digest already processed is processed anew. */
  resend: z.boolean(),
});
export type Manifest = z.infer<typeof manifest>;

export interface SliceRecord {
  readonly record: number;
  /** 1-based line in the export; 0 = not known. */
  readonly line: number;
  /** Canonical JSON of the record. */
  readonly body: string;
}

export interface Slice {
  readonly head: SliceHead;
  readonly records: readonly SliceRecord[];
  readonly manifest: Manifest | null;
}

export const sliceLimits = { records: 1000, plaintextBytes: 16 * 1024 * 1024 } as const;

export function printSlice(slice: Slice): Buffer {
  let text = `${JSON.stringify(slice.head)}\n`;
  for (const { record, line, body } of slice.records) text += `${record} ${line} ${body}\n`;
  if (slice.manifest !== null) text += `${JSON.stringify({ manifest: slice.manifest })}\n`;
  return Buffer.from(text, 'utf8');
}
