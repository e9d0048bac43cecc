import { describe, expect, it } from 'vitest';
import { decodeExport, encodingNamed } from '../../../agent/reader/decode.ts';
import { chunksOf } from './reading.ts';

const signal = new AbortController().signal;

async function textOf(bytes: Buffer, encoding?: string, chunk = 65_536) {
  const decoded = await decodeExport({
    open: () => chunksOf(bytes, chunk),
    encoding,
    fileBytes: 1e9,
    signal,
  });
  let text = '';
  for await (const piece of decoded.texts()) text += piece;
  return { text, encoding: decoded.encoding, declaredWrong: decoded.declaredWrong };
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the encoding of an export', () => {
  it('is UTF-8 when nothing is declared and every byte agrees', async () => {
    expect(await textOf(Buffer.from('Évry œuvre'))).toEqual({
      text: 'Évry œuvre',
      encoding: 'utf-8',
      declaredWrong: false,
    });
  });

  it('is windows-1252 when nothing is declared and it is not UTF-8', async () => {
    const bytes = Buffer.from([0x80, 0x20, 0x9c, 0x92, 0xe9]);
    expect(await textOf(bytes)).toEqual({ text: '€ œ’é', encoding: 'windows-1252', declaredWrong: false });
  });

  it('is windows-1252 when ISO-8859-1 is declared, because the field writes € and œ under that name', async () => {
    const bytes = Buffer.concat([
      latin('<?xml version="1.0" encoding="ISO-8859-1"?><A>'),
      Buffer.from([0x9c, 0xe9]),
    ]);
    const { text, encoding } = await textOf(bytes);
    expect(encoding).toBe('windows-1252');
    expect(text.endsWith('<A>œé')).toBe(true);
  });

  it('is ISO-8859-15 when that is declared: the byte of ¤ is the euro', async () => {
    const bytes = Buffer.concat([latin("<?xml version='1.0' encoding='iso-8859-15'?>"), Buffer.from([0xa4])]);
    expect((await textOf(bytes)).text.at(-1)).toBe('€');
  });

  it('falls back to windows-1252, and says so, when UTF-8 is declared and the bytes are not', async () => {
    const bytes = latin('<?xml version="1.0" encoding="UTF-8"?><A>é</A>');
    const { text, encoding, declaredWrong } = await textOf(bytes);
    expect([encoding, declaredWrong, text.slice(-5)]).toEqual(['windows-1252', true, 'é</A>']);
  });

  it('keeps mojibake as it was written: what is declared is read as declared', async () => {
    const bytes = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><A>É</A>');
    expect((await textOf(bytes)).text).toContain('<A>Ã‰</A>');
  });

  it('is the one of the source before any other, and of the mark before the declaration', async () => {
    expect((await textOf(latin('<?xml version="1.0" encoding="UTF-8"?>é'), 'cp1252')).declaredWrong).toBe(
      false,
    );
    expect((await textOf(Buffer.from([0x82]), 'cp850')).text).toBe('é');
    const marked = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>é'),
    ]);
    const { text, encoding } = await textOf(marked);
    expect([encoding, text[0], text.at(-1)]).toEqual(['utf-8', '<', 'é']);
  });

  it('is proved over the whole file: one bad byte far beyond the first megabyte changes the answer', async () => {
    const bytes = Buffer.concat([Buffer.from('é'), Buffer.alloc(2_500_000, 0x61), Buffer.from([0xe9])]);
    const { text, encoding } = await textOf(bytes);
    expect([encoding, text.slice(0, 2), text.at(-1)]).toEqual(['windows-1252', 'Ã©', 'é']);
    const whole = Buffer.concat([Buffer.from('é'), Buffer.alloc(2_500_000, 0x61), Buffer.from('é')]);
    expect((await textOf(whole)).text.at(-1)).toBe('é');
  });

  it('does not depend on how the bytes arrive', async () => {
    const bytes = Buffer.from('a€œé𝄞'.repeat(20));
    for (const chunk of [1, 2, 3, 7])
      expect((await textOf(bytes, undefined, chunk)).text).toBe(bytes.toString());
  });

  it('is refused as UTF-16 by its mark or by its zeros', async () => {
    for (const bytes of [
      Buffer.from([0xff, 0xfe, 0x3c, 0]),
      Buffer.from([0xfe, 0xff, 0, 0x3c]),
      Buffer.from('<OSCOUR>', 'utf16le'),
    ])
      await expect(textOf(bytes)).rejects.toMatchObject({ code: 'encoding-utf16' });
  });

  it('is refused when it has a name nothing is known by', async () => {
    await expect(textOf(latin('<?xml version="1.0" encoding="EBCDIC-FR"?>'))).rejects.toMatchObject({
      code: 'encoding-unsupported',
    });
    expect(encodingNamed('constructor')).toBeUndefined();
    expect(encodingNamed(' ISO_8859-1 ')).toBe('windows-1252');
  });
});

describe('the bytes of an export', () => {
  it('are refused when there are none, or only blanks', async () => {
    for (const text of ['', ' \r\n\t', '\ufeff\n'])
      await expect(textOf(Buffer.from(text))).rejects.toMatchObject({ code: 'export-empty' });
  });

  it('are refused past the allowed size, without being read on', async () => {
    let given = 0;
    const endless = async function* () {
      for (;;) {
        given += 1000;
        yield Buffer.alloc(1000, 0x61);
      }
    };
    const reading = decodeExport({ open: endless, fileBytes: 5000, signal });
    await expect(reading).rejects.toMatchObject({ code: 'export-too-large', facts: { limitBytes: 5000 } });
    expect(given).toBe(6000);
  });

  it('that stop being UTF-8 between two readings say that the file is changing, which a retry may mend', async () => {
    let readings = 0;
    const open = (): AsyncIterable<Buffer> => {
      readings += 1;
      return chunksOf(
        Buffer.concat([Buffer.alloc(1_500_000, 0x61), Buffer.from(readings === 1 ? [0x61] : [0xff])]),
      );
    };
    const decoded = await decodeExport({ open, fileBytes: 1e9, signal });
    const all = async (): Promise<void> => {
      for await (const piece of decoded.texts()) expect(piece).not.toBe('');
    };
    await expect(all()).rejects.toMatchObject({ code: 'export-changed', class: 'transient' });
  });

  it('stop coming when the reading is called off', async () => {
    const stop = new AbortController();
    const open = async function* () {
      yield Buffer.from('a');
      stop.abort(new Error('called off'));
      yield Buffer.from('b');
    };
    await expect(decodeExport({ open, fileBytes: 1e9, signal: stop.signal })).rejects.toThrow('called off');
  });
});
