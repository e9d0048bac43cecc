import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { permanent, transient } from '../../shared/runtime/errors.ts';
import { charsetOf } from './hl7v2/charset.ts';

/**
 * Bytes to text by rules, never by guessing: the source's setting, a byte order mark, the XML declaration or the MSH-18 of
 * HL7 messages, then UTF-8
 * if the whole file is UTF-8, else windows-1252. What is said to be ISO-8859-1 is read as windows-1252, its superset
 * for text. UTF-8 is proved over the whole file before the first character is given out, so that nothing read has to
 * be taken back.
 */
export type Encoding = 'utf-8' | 'windows-1252' | 'iso-8859-15' | 'cp850';

export interface DecodeInput {
  /** One pass over the bytes; a chunk may be overwritten once the next is asked for. */
  open(): AsyncIterable<Buffer>;
  /** Setting of the source or of its mapping. */
  readonly encoding?: string | undefined;
  readonly fileBytes: number;
  readonly signal: AbortSignal;
}

export interface DecodedExport {
  readonly encoding: Encoding;
  /** It was said to be UTF-8 and is not. */
  readonly declaredWrong: boolean;
  /** The first characters of the export, at most about 64 K. */
  readonly head: string;
  /** The whole text from its start, in pieces of at most 64 K characters; may be called again. */
  texts(): AsyncIterable<string>;
}

const pieceBytes = 65_536;
const surveyBytes = 1_048_576;

/**
 * Looks at the beginning of an export, and at all of it when UTF-8 has to be proved. Throws `export-empty`,
 * `export-too-large`, `encoding-utf16`, `encoding-unsupported`.
 */
export async function decodeExport(input: DecodeInput): Promise<DecodedExport> {
  const survey = await surveyBytesOf(input);
  const { head } = survey;
  refuseUtf16(head);
  const declared = declaredEncoding(head, input.encoding);
  const valid = declared === undefined || declared === 'utf-8' ? await survey.isUtf8() : false;
  await survey.close();
  const encoding =
    declared === undefined || declared === 'utf-8' ? (valid ? 'utf-8' : 'windows-1252') : declared;
  const skipped = hasUtf8Mark(head) ? 3 : 0;
  const decodeHead = createDecoder(encoding);
  return {
    encoding,
    declaredWrong: declared === 'utf-8' && !valid,
    head: decodeHead.write(head.subarray(skipped, pieceBytes)),
    texts: () => textsOf(survey.complete ? [head] : bounded(input), encoding, skipped),
  };
}

interface Survey {
  readonly head: Buffer;
  /** The head is the whole export. */
  readonly complete: boolean;
  isUtf8(): Promise<boolean>;
  close(): Promise<void>;
}

async function surveyBytesOf(input: DecodeInput): Promise<Survey> {
  const chunks = bounded(input)[Symbol.asyncIterator]();
  const seen: Buffer[] = [];
  let bytes = 0;
  let complete = false;
  while (bytes < surveyBytes && !complete) {
    const next = await chunks.next();
    if (next.done === true) complete = true;
    else {
      // A chunk is the reader's until the next is asked for.
      seen.push(Buffer.from(next.value));
      bytes += next.value.length;
    }
  }
  const head = Buffer.concat(seen);
  if (complete && isBlank(head)) throw permanent('export-empty');
  return {
    head,
    complete,
    isUtf8: async () => {
      if (complete) return isUtf8(head);
      const decoder = new TextDecoder('utf-8', { fatal: true });
      try {
        decoder.decode(head, { stream: true });
        for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
          decoder.decode(next.value, { stream: true });
        }
        decoder.decode();
        return true;
      } catch (error) {
        if (error instanceof TypeError) return false;
        throw error;
      }
    },
    close: async () => {
      await chunks.return(undefined);
    },
  };
}

/** The export's bytes in pieces small enough to answer an abort, refused past the allowed size. */
async function* bounded(input: DecodeInput): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  for await (const chunk of input.open()) {
    input.signal.throwIfAborted();
    bytes += chunk.length;
    if (bytes > input.fileBytes)
      throw permanent('export-too-large', { facts: { limitBytes: input.fileBytes } });
    yield chunk;
  }
}

async function* textsOf(
  chunks: AsyncIterable<Buffer> | readonly Buffer[],
  encoding: Encoding,
  skippedBytes: number,
): AsyncGenerator<string, void, undefined> {
  const decoder = createDecoder(encoding);
  let skip = skippedBytes;
  for await (const chunk of chunks) {
    const skippedHere = Math.min(skip, chunk.length);
    skip -= skippedHere;
    for (let offset = skippedHere; offset < chunk.length; offset += pieceBytes) {
      const text = decoder.write(chunk.subarray(offset, offset + pieceBytes));
      if (text !== '') yield text;
    }
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

/** A whole text whose encoding is known; bytes that are UTF-8 must have been proved to be. */
export function decodeBytes(bytes: Buffer, encoding: Encoding): string {
  const decoder = createDecoder(encoding);
  return decoder.write(bytes) + decoder.end();
}

/** The bytes that `decodeBytes` reads as this text; undefined when the encoding has none for some character. */
export function encodeText(text: string, encoding: Encoding): Buffer | undefined {
  const bytes = iconv.encode(text, encoding);
  return iconv.decode(bytes, encoding, { stripBOM: false }) === text ? bytes : undefined;
}

interface Decoder {
  write(bytes: Buffer): string;
  end(): string;
}

function createDecoder(encoding: Encoding): Decoder {
  if (encoding === 'utf-8') {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return {
      write: (bytes) => provedUtf8(() => decoder.decode(bytes, { stream: true })),
      end: () => provedUtf8(() => decoder.decode()),
    };
  }
  // All the single-byte encodings: a byte is a character, so pieces can be decoded apart. Where no byte lies between 80
  // and 9F, windows-1252 is Latin-1, which Node decodes some thirty times faster.
  return {
    write: (bytes) => {
      if (encoding !== 'windows-1252') return iconv.decode(bytes, encoding);
      const text = bytes.toString('latin1');
      return /[\x80-\x9f]/.test(text) ? iconv.decode(bytes, encoding) : text;
    },
    end: () => '',
  };
}

/** UTF-8 was proved on an earlier reading: if it no longer is, the file is still being written. */
function provedUtf8(decode: () => string): string {
  try {
    return decode();
  } catch (error) {
    throw transient('export-changed', { cause: error });
  }
}

const names: Readonly<Record<string, Encoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  // ASCII is what both agree on: whether the rest is UTF-8 is looked at.
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
  'iso-8859-15': 'iso-8859-15',
  'iso8859-15': 'iso-8859-15',
  latin9: 'iso-8859-15',
  cp850: 'cp850',
  ibm850: 'cp850',
};

/** What the product calls an encoding that a setting or a declaration names; undefined when it reads no such thing. */
export function encodingNamed(name: string): Encoding | undefined {
  const key = name.trim().toLowerCase().replaceAll('_', '-');
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

function declaredEncoding(head: Buffer, setting: string | undefined): Encoding | undefined {
  const mark = hasUtf8Mark(head);
  const name = setting ?? (mark ? 'utf-8' : declarationOf(head));
  if (name === undefined) return undefined;
  const encoding = encodingNamed(name);
  if (encoding === undefined) throw permanent('encoding-unsupported');
  return encoding;
}

function declarationOf(head: Buffer): string | undefined {
  const start = head.toString('latin1', 0, 256).trimStart();
  if (!start.startsWith('<?xml')) return charsetOf(head.toString('latin1', 0, 8192));
  return /^<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]{1,40})["']/.exec(start)?.[1];
}

function hasUtf8Mark(head: Buffer): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

/** By its mark, or by the zero beside the first character. */
function refuseUtf16(head: Buffer): void {
  const [first, second] = head;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const bare = (first === 0 && second !== 0) || (first !== 0 && second === 0);
  if (marked || (bare && head.length > 1)) throw permanent('encoding-utf16');
}

function isBlank(bytes: Buffer): boolean {
  return (
    bytes
      .subarray(hasUtf8Mark(bytes) ? 3 : 0)
      .toString('latin1')
      .trim() === ''
  );
}
