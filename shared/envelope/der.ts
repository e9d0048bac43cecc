import { permanent } from '../runtime/errors.ts';

/** Strict DER over Buffers: definite minimal lengths, single-byte tags, bounded depth, no copy when reading. */
export const tags = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** [0] constructed and primitive, [1] constructed */
  explicit0: 0xa0,
  implicit0: 0x80,
  explicit1: 0xa1,
} as const;

const maxDepth = 8;

export function derHeader(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([tag, 0x80 | bytes.length, ...bytes]);
}

export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([derHeader(tag, length), ...parts]);
}

export function derSmallInteger(value: number): Buffer {
  return Buffer.from([tags.integer, 1, value]);
}

/** Object identifier from its dotted text; arcs below 2^32. */
export function derOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const group = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      group.unshift(0x80 | (left % 128));
    bytes.push(...group);
  }
  return der(tags.oid, Buffer.from(bytes));
}

export interface DerReader {
  /** Content of the next element, which must have this tag. */
  content(tag: number): Buffer;
  /** The next element whole, header included. */
  whole(tag: number): Buffer;
  enter(tag: number): DerReader;
  /** Tag of the next element, undefined at the end. */
  peek(): number | undefined;
  /** The next element must be exactly these bytes. */
  exactly(expected: Buffer): void;
  /** Nothing may follow. */
  end(): void;
}

/** `code` is the Fault thrown for anything that is not strict DER of the expected shape. */
export function createDerReader(bytes: Buffer, code: string, depth = 0): DerReader {
  let offset = 0;

  const fail = (): Error => permanent(code, { facts: { where: 'der' } });

  const next = (tag: number): { start: number; content: number; end: number } => {
    const start = offset;
    if (bytes[start] !== tag) throw fail();
    const first = bytes[start + 1];
    if (first === undefined) throw fail();
    let content = start + 2;
    let length = first;
    if (first >= 0x80) {
      const size = first & 0x7f;
      if (size === 0 || size > 4 || content + size > bytes.length) throw fail();
      length = bytes.readUIntBE(content, size);
      if (length < 0x80 || (size > 1 && bytes[content] === 0)) throw fail();
      content += size;
    }
    const end = content + length;
    if (end > bytes.length) throw fail();
    offset = end;
    return { start, content, end };
  };

  const content = (tag: number): Buffer => {
    const element = next(tag);
    return bytes.subarray(element.content, element.end);
  };

  return {
    content,
    whole: (tag) => {
      const element = next(tag);
      return bytes.subarray(element.start, element.end);
    },
    enter: (tag) => {
      if (depth >= maxDepth) throw fail();
      return createDerReader(content(tag), code, depth + 1);
    },
    peek: () => bytes[offset],
    exactly: (expected) => {
      const end = offset + expected.length;
      if (end > bytes.length || !bytes.subarray(offset, end).equals(expected)) throw fail();
      offset = end;
    },
    end: () => {
      if (offset !== bytes.length) throw fail();
    },
  };
}
