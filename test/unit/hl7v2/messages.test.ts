import { describe, expect, it } from 'vitest';
import { decodeExport } from '../../../agent/reader/decode.ts';
import { charsetOf } from '../../../agent/reader/hl7v2/charset.ts';
import { decodeMessage } from '../../../agent/reader/hl7v2/decode-message.ts';
import { readMessages, type FoundMessage } from '../../../agent/reader/hl7v2/messages.ts';
import { defaultHl7Limits, type Hl7Limits } from '../../../agent/reader/hl7v2/parse.ts';
import { Fault } from '../../../shared/runtime/errors.ts';
import { chunksOf } from '../reader/reading.ts';

async function* inPieces(text: string, chars: number): AsyncGenerator<string, void, undefined> {
  for (let start = 0; start < text.length; start += chars) yield text.slice(start, start + chars);
}

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function found(text: string, chars = 7, limits?: Hl7Limits): Promise<FoundMessage[]> {
  return listOf(readMessages(inPieces(text, chars), limits));
}

const one = (id: number): string => `MSH|^~\\&|GAM|CH|||20260105||ADT^A04|${id}|P|2.5`;

describe('an export of HL7 messages', () => {
  it.each(['\r', '\n', '\r\n'])(
    'is cut at its headers, lines ended by %j, in pieces of any length',
    async (end) => {
      const text = [one(1), 'PID|1||A', '', one(2), 'PID|1||B', one(3)].join(end);
      for (const chars of [1, 2, 3, 50, 1000]) {
        expect(await found(text, chars)).toEqual([
          { kind: 'message', line: 1, text: `${one(1)}\rPID|1||A` },
          { kind: 'message', line: 4, text: `${one(2)}\rPID|1||B` },
          { kind: 'message', line: 6, text: one(3) },
        ]);
      }
    },
  );

  it('may stand between batch headers and trailers', async () => {
    const text = `FHS|^~\\&|GAM\rBHS|^~\\&|GAM\r${one(1)}\rPID|1||A\r${one(2)}\rBTS|2\rFTS|1\r`;
    expect((await found(text)).map(({ line }) => line)).toEqual([3, 5]);
  });

  it('may hold several batches', async () => {
    const text = `BHS|^~\\&\n${one(1)}\nBTS|1\nBHS|^~\\&\n${one(2)}\nBTS|1\n`;
    expect((await found(text)).map(({ line }) => line)).toEqual([2, 5]);
  });

  it('may be a recording of MLLP frames', async () => {
    const text = `\u000b${one(1)}\rPID|1||A\r\u001c\r\u000b${one(2)}\rPID|1||B\r\u001c\r`;
    expect((await found(text)).map((message) => message.kind === 'message' && message.text)).toEqual([
      `${one(1)}\rPID|1||A`,
      `${one(2)}\rPID|1||B`,
    ]);
  });

  it('may begin with a byte order mark', async () => {
    expect((await found(`\ufeff${one(1)}\r`)).map(({ kind }) => kind)).toEqual(['message']);
  });

  it('that is none is refused at its first line', async () => {
    const refused = found('\n\nENTREE;SORTIE\n1;2\n');
    await expect(refused).rejects.toThrow(Fault);
    await expect(refused).rejects.toMatchObject({ code: 'hl7-header-missing', position: { line: 3 } });
  });

  it('of a segment without its header behind a batch trailer is refused there', async () => {
    await expect(found(`${one(1)}\rBTS|1\rPID|1||A\r`)).rejects.toMatchObject({ position: { line: 3 } });
  });

  it('goes on behind a message that is too long, of one line or of many', async () => {
    const limits = { ...defaultHl7Limits, messageChars: 200 };
    const long = `NTE|1||${'x'.repeat(300)}`;
    const many = Array.from({ length: 30 }, () => 'NTE|1||xxxxx').join('\r');
    const text = [one(1), long, one(2), many, one(3), `${one(4)}|${'y'.repeat(300)}`, one(5)].join('\r');
    for (const chars of [5, 64, 10_000]) {
      expect((await found(text, chars, limits)).map(({ kind, line }) => `${kind} ${line}`)).toEqual([
        'too-large 1',
        'too-large 3',
        'message 34',
        'too-large 35',
        'message 36',
      ]);
    }
  });

  it('of one endless line is read without keeping it', async () => {
    async function* endless(): AsyncGenerator<string, void, undefined> {
      yield `${one(1)}\rNTE|1||`;
      const piece = 'x'.repeat(1_048_576);
      for (let count = 0; count < 400; count += 1) yield piece;
      yield `\r${one(2)}\r`;
    }
    const before = process.memoryUsage().heapUsed;
    const kinds: string[] = [];
    let most = 0;
    for await (const message of readMessages(endless())) {
      kinds.push(message.kind);
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
    expect(kinds).toEqual(['too-large', 'message']);
    expect(most).toBeLessThan(100_000_000);
  });

  it('of a hundred thousand segments under one header gives one refusal', async () => {
    const text = `${one(1)}\r${'ZZZ|\r'.repeat(100_000)}${one(2)}\r`;
    expect((await found(text, 65_536)).map(({ kind }) => kind)).toEqual(['too-large', 'message']);
  });
});

describe('the character set', () => {
  const header = (set: string): string => `MSH|^~\\&|GAM|CH|||20260105||ADT^A04|1|P|2.5|||||FRA|${set}|FR\r`;

  it.each([
    ['8859/1', 'iso-8859-1'],
    ['8859/15', 'iso-8859-15'],
    ['UNICODE UTF-8', 'utf-8'],
    ['unicode utf-8', 'utf-8'],
    ['ASCII', 'ascii'],
    ['8859/15~UNICODE UTF-8', 'iso-8859-15'],
    ['', undefined],
    ['ISO IR87', 'ISO IR87'],
  ])('%j of MSH-18 is %j', (set, name) => {
    expect(charsetOf(header(set))).toBe(name);
  });

  it('is that of the first message behind a batch header', () => {
    expect(charsetOf(`FHS|^~\\&|x\rBHS|^~\\&|x\r${header('8859/15')}`)).toBe('iso-8859-15');
  });

  it('is looked for in HL7 only', () => {
    expect(charsetOf(`a;b\r${header('8859/15')}`)).toBeUndefined();
  });

  const person = Buffer.concat([Buffer.from('PID|1||A||'), Buffer.from([0xe9, 0xa4]), Buffer.from('\r')]);

  it('decides how an export is decoded', async () => {
    const textOf = async (set: string): Promise<string> => {
      const bytes = Buffer.concat([Buffer.from(header(set)), person]);
      const signal = new AbortController().signal;
      const decoded = await decodeExport({ open: () => chunksOf(bytes, 10), fileBytes: 1e6, signal });
      return (await listOf(decoded.texts())).join('');
    };
    expect(await textOf('8859/15')).toContain('|é€');
    expect(await textOf('8859/1')).toContain('|é¤');
    expect(await textOf('')).toContain('|é¤');
    // It says UTF-8 and is not.
    expect(await textOf('UNICODE UTF-8')).toContain('|é¤');
    await expect(textOf('ISO IR87')).rejects.toMatchObject({ code: 'encoding-unsupported' });
  });

  it('decides how a message that comes alone is decoded, unless the source is set otherwise', () => {
    const bytes = (set: string): Buffer => Buffer.concat([Buffer.from(header(set)), person]);
    expect(decodeMessage(bytes('8859/15'))).toContain('|é€');
    expect(decodeMessage(bytes('8859/1'))).toContain('|é¤');
    expect(decodeMessage(bytes(''))).toContain('|é¤');
    expect(decodeMessage(bytes('8859/1'), 'iso-8859-15')).toContain('|é€');
    expect(decodeMessage(Buffer.from(`${header('')}PID|1||A||ÉVÉ€\r`))).toContain('ÉVÉ€');
    expect(() => decodeMessage(bytes('ISO IR87'))).toThrow('encoding-unsupported');
  });
});
