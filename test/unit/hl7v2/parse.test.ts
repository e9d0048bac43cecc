import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../agent/reader/hl7v2/parse.ts';
import { Fault } from '../../../shared/runtime/errors.ts';

const header = 'MSH|^~\\&|GAM|CH|DPI|CH|20260105101500||ADT^A04^ADT_A01|17|P|2.5^FRA^2.11';
const message = (...segments: readonly string[]): string =>
  [header, ...segments].map((one) => `${one}\r`).join('');

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return 'none';
}

describe('a message', () => {
  it('gives fields, components, subcomponents and repetitions by their place in the standard', () => {
    const parsed = parseMessage(message('PID|1||A1^^^CH&1.2.3&ISO^PI~B2^^^INS||TEST-NOM^CAMILLE'));
    expect(parsed.get('PID-3')).toBe('A1');
    expect(parsed.get('PID-3.4')).toBe('CH');
    expect(parsed.get('PID-3.4.2')).toBe('1.2.3');
    expect(parsed.get('PID-3.5')).toBe('PI');
    expect(parsed.get('PID-3', 2)).toBe('B2');
    expect(parsed.get('PID-3.4', 2)).toBe('INS');
    expect(parsed.repetitions('PID-3')).toBe(2);
    expect(parsed.get('PID-5.2')).toBe('CAMILLE');
    expect(parsed.raw('PID-3')).toBe('A1^^^CH&1.2.3&ISO^PI~B2^^^INS');
  });

  it('counts the fields of MSH from the separator itself', () => {
    const parsed = parseMessage(message());
    expect(parsed.get('MSH-1')).toBe('|');
    expect(parsed.get('MSH-2')).toBe('^~\\&');
    expect(parsed.get('MSH-3')).toBe('GAM');
    expect(parsed.get('MSH-9.2')).toBe('A04');
    expect(parsed.get('MSH-10')).toBe('17');
    expect(parsed.get('MSH-12.3')).toBe('2.11');
  });

  it('answers nothing for what is not there', () => {
    const parsed = parseMessage(message('PID|1||A1'));
    for (const path of ['PID-3.2', 'PID-3.1.2', 'PID-4', 'PID-99', 'PV1-19'])
      expect(parsed.get(path)).toBe('');
    expect(parsed.get('PID-3', 2)).toBe('');
    expect(parsed.repetitions('PV1-3')).toBe(0);
    expect(parsed.has('PID')).toBe(true);
    expect(parsed.has('PV1')).toBe(false);
  });

  it('tells "empty it" from "nothing said"', () => {
    const parsed = parseMessage(message('PID|1||A1||TEST||""|'));
    expect(parsed.get('PID-7')).toBe('""');
    expect(parsed.get('PID-8')).toBe('');
  });

  it.each(['\r', '\n', '\r\n'])('ends its segments at %j', (end) => {
    const parsed = parseMessage([header, 'EVN||20260105', 'PID|1||A1', ''].join(end));
    expect(parsed.segments.map(({ name }) => name)).toEqual(['MSH', 'EVN', 'PID']);
    expect(parsed.get('PID-3')).toBe('A1');
  });

  it('passes over blank lines, trailing blanks, a byte order mark and the signs of a frame', () => {
    const parsed = parseMessage(`\ufeff\u000b${header}  \r\r\nPID|1||A1|  \t\r\u001c\r`);
    expect(parsed.segments.map(({ text }) => text)).toEqual([header, 'PID|1||A1|']);
  });

  it('keeps segments of its own making', () => {
    expect(parseMessage(message('ZFM|8^a|7', 'ZZ1|x')).get('ZFM-2')).toBe('7');
    expect(parseMessage(message('ZFM|8^a|7', 'ZZ1|x')).get('ZZ1-1')).toBe('x');
  });

  it('reads separators by their role in the header, whichever they are', () => {
    const parsed = parseMessage('MSH#*!?%#GAM#CH\rPID#1##A*B%C!D*?T?\r');
    expect(parsed.get('PID-3.2')).toBe('B');
    expect(parsed.get('PID-3.2.2')).toBe('C');
    expect(parsed.get('PID-3.2', 2)).toBe('%');
  });

  it('does without escape and subcomponent signs where the header gives none', () => {
    const parsed = parseMessage('MSH|^~|GAM\rPID|1||A\\T\\&B^C~D\r');
    expect(parsed.get('PID-3')).toBe('A\\T\\&B');
    expect(parsed.get('PID-3', 2)).toBe('D');
  });

  it('takes a line that is no segment for the rest of a text with a bare line break', () => {
    const parsed = parseMessage(message('NTE|1||first', 'second | line', 'PID|1||A1'));
    expect(parsed.segments.map(({ name }) => name)).toEqual(['MSH', 'NTE', 'PID']);
    expect(parsed.get('NTE-3')).toBe('first\nsecond ');
  });
});

describe('escapes', () => {
  const escaped = (text: string): string => parseMessage(message(`NTE|1||${text}`)).get('NTE-3');

  it.each([
    ['a\\F\\b', 'a|b'],
    ['a\\S\\b', 'a^b'],
    ['a\\T\\b', 'a&b'],
    ['a\\R\\b', 'a~b'],
    ['a\\E\\b', 'a\\b'],
    ['a\\.br\\b', 'a\nb'],
    ['\\X41\\\\X0D\\', 'A\r'],
    ['\\XE9\\', 'é'],
    ['\\XC3A9\\', 'é'],
    ['\\E\\F\\E\\', '\\F\\'],
    ['', ''],
  ])('of %j are undone', (text, meant) => {
    expect(escaped(text)).toBe(meant);
  });

  it.each(['\\H\\loud\\N\\', '\\Zxy\\', '\\X4\\', '\\XGG\\', 'C:\\dossier', 'end\\'])(
    'that nothing here knows stay as they came: %j',
    (text) => {
      expect(escaped(text)).toBe(text);
    },
  );

  it('are undone behind one that is not known', () => {
    expect(escaped('C:\\x\\T\\y')).toBe('C:\\x&y');
  });

  it('that are not known are counted, without what the header itself says', () => {
    const parsed = parseMessage(message('NTE|1||\\H\\loud\\N\\ \\T\\', 'NTE|2||C:\\x'));
    expect(parsed.unknownEscapes()).toBe(3);
    expect(parseMessage(message('PID|1||A')).unknownEscapes()).toBe(0);
  });

  it('cannot make two fields out of one, nor two components', () => {
    const parsed = parseMessage(message('PID|1||A\\F\\B\\S\\C|D'));
    expect(parsed.get('PID-3')).toBe('A|B^C');
    expect(parsed.get('PID-3.2')).toBe('');
    expect(parsed.get('PID-4')).toBe('D');
  });
});

describe('hostile text', () => {
  it.each(['', '\r\n', 'bonjour', 'PID|1||A1', 'MS', 'MSH', 'MSHA^~', ' MSH|^~\\&|', '<RPU/>'])(
    'without a header is refused: %j',
    (text) => {
      expect(codeOf(() => parseMessage(text))).toBe('hl7-header-missing');
    },
  );

  it.each([
    'MSH|',
    'MSH|^',
    'MSH|^|',
    'MSH|^^\\&|',
    'MSH||~\\&|',
    'MSH|a~\\&|',
    'MSH|^~\\&#@|',
    'MSH|^~ &|x',
  ])('whose header is cut or gives no separators is refused: %j', (text) => {
    expect(codeOf(() => parseMessage(text))).toBe('hl7-separators-unreadable');
  });

  it('with a field of a megabyte is refused', () => {
    expect(codeOf(() => parseMessage(message(`NTE|1||${'x'.repeat(1_048_576)}`)))).toBe(
      'hl7-message-too-long',
    );
  });

  it('with a field of just under a megabyte is read', () => {
    expect(parseMessage(message(`NTE|1||${' x'.repeat(500_000)}`)).get('NTE-3')).toHaveLength(1_000_000);
  });

  it('with a hundred thousand segments is refused before they are kept', () => {
    expect(codeOf(() => parseMessage(`${header}\r${'ZZZ|\r'.repeat(100_000)}`))).toBe(
      'hl7-too-many-segments',
    );
  });

  it('with a segment of very many fields is refused', () => {
    expect(codeOf(() => parseMessage(message(`OBX${'|'.repeat(501)}`)))).toBe('hl7-too-many-fields');
  });

  it('of blanks and escape signs is read in time that grows with its length', () => {
    const from = performance.now();
    const text = message(`NTE|1||${' '.repeat(400_000)}x`, `NTE|2||${'\\'.repeat(400_000)}`);
    const parsed = parseMessage(text);
    parsed.get('NTE-3');
    parsed.unknownEscapes();
    expect(performance.now() - from).toBeLessThan(5000);
  });
});
