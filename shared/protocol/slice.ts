import { isUtf8 } from 'node:buffer';
import { z, type ZodType } from 'zod';
import { permanent } from '../runtime/errors.ts';

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
  /** Whether the format has a header at all: where there is none, a missing window or EXTRACT is no fault. */
  header: z.boolean(),
  /** The header's window as written, when both dates parse and are in order; never clamped, never judged here. */
  window: z.strictObject({ from: isoDay, to: isoDay }).nullable(),
  /** The header's EXTRACT: source text and instant (epoch ms), null when missing or unreadable. */
  extract: z.strictObject({ text: z.string().max(40), at: z.int() }).nullable(),
  /** Lower-case hex SHA-256 of the export's bytes. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Visits that the source says never were (a cancelled admission): their keyed visit ids. The upsert takes them out. */
  withdrawn: z.array(z.string().min(1).max(64)).max(1000).exactOptional(),
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

/** A slice being printed. */
export interface SlicePrint {
  add(record: SliceRecord): void;
  /** So far. */
  bytes(): number;
  /** The plaintext. It lies in `memory`, or in what replaced it when that was too small. */
  end(manifest: Manifest | null): Buffer;
}

/** Prints into `memory`, so that a million records need not pile up as text: it may be used again once the plaintext is done with. */
export function beginSlice(head: SliceHead, memory: Buffer): SlicePrint {
  let buffer = memory;
  let end = 0;
  const write = (text: string): void => {
    const most = end + text.length * 3;
    if (most > buffer.length) buffer = Buffer.concat([buffer.subarray(0, end)], most * 2);
    end += buffer.write(text, end, 'utf8');
  };
  write(`${JSON.stringify(head)}\n`);
  return {
    add: ({ record, line, body }) => write(`${record} ${line} ${body}\n`),
    bytes: () => end,
    end: (manifest) => {
      if (manifest !== null) write(`${JSON.stringify({ manifest })}\n`);
      return buffer.subarray(0, end);
    },
  };
}

export function printSlice({ head, records, manifest }: Slice): Buffer {
  const print = beginSlice(head, Buffer.alloc(0));
  for (const record of records) print.add(record);
  return print.end(manifest);
}

const maxNumber = 100_000_000;
const manifestStart = '{"manifest":';

/**
 * Reads what `printSlice` wrote; bodies stay text, unparsed, as they came. Throws `slice-malformed` (anything not of
 * that form, or above `sliceLimits`).
 */
export function parseSlice(plaintext: Buffer): Slice {
  if (plaintext.length > sliceLimits.plaintextBytes) throw malformed(0);
  if (!isUtf8(plaintext)) throw malformed(0);
  const text = plaintext.toString('utf8');
  const headEnd = text.indexOf('\n');
  if (headEnd < 0 || !text.endsWith('\n')) throw malformed(1);
  const head = readJson(text.slice(0, headEnd), sliceHead, 1);

  const records: SliceRecord[] = [];
  let start = headEnd + 1;
  let last: Manifest | null = null;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const line = records.length + 2;
    if (text.startsWith(manifestStart, start)) {
      if (end !== text.length - 1) throw malformed(line);
      last = readJson(text.slice(start + manifestStart.length, end - 1), manifest, line);
      if (text[end - 1] !== '}') throw malformed(line);
    } else {
      if (records.length === sliceLimits.records) throw malformed(line);
      records.push(readRecord(text, start, end, line));
    }
    start = end + 1;
  }
  return { head, records, manifest: last };
}

/** `<record number> <line or 0> <body JSON>` */
function readRecord(text: string, start: number, end: number, line: number): SliceRecord {
  const first = text.indexOf(' ', start);
  const second = text.indexOf(' ', first + 1);
  if (first < 0 || second < 0 || second >= end) throw malformed(line);
  const record = readNumber(text, start, first);
  const sourceLine = readNumber(text, first + 1, second);
  if (record === undefined || record === 0 || sourceLine === undefined) throw malformed(line);
  if (text.charCodeAt(second + 1) !== openBrace || text.charCodeAt(end - 1) !== closeBrace)
    throw malformed(line);
  return { record, line: sourceLine, body: text.slice(second + 1, end) };
}

const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Decimal digits without leading zero, at most 100 million. */
function readNumber(text: string, start: number, end: number): number | undefined {
  if (end === start || end - start > 9) return undefined;
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9 || (digit === 0 && index === start && end - start > 1)) return undefined;
    value = value * 10 + digit;
  }
  return value <= maxNumber ? value : undefined;
}

function readJson<T>(text: string, schema: ZodType<T>, line: number): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(line);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw malformed(line);
  return parsed.data;
}

function malformed(line: number): Error {
  return permanent('slice-malformed', { facts: { line } });
}
