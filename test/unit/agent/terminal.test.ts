import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal, tableLines } from '../../../agent/commands/terminal.ts';

const heads = ['When', 'Source', 'File'];
const rows = [
  ['21/01/2026 12:00', 'emergencies', 'O990000010_0_20260121023000.xml'],
  ['20/01/2026 12:00', 'u', 'a.xml'],
];

describe('a table', () => {
  it('is one line a row where there is room, and in a pipe', () => {
    for (const columns of [100, Infinity])
      expect(tableLines(heads, rows, { columns })).toEqual([
        'When              Source       File',
        '21/01/2026 12:00  emergencies  O990000010_0_20260121023000.xml',
        '20/01/2026 12:00  u            a.xml',
      ]);
  });

  it('has the last cell of a wide row below the others on a narrow terminal: no file name is lost', () => {
    expect(tableLines(heads, rows, { columns: 50 })).toEqual([
      'When              Source       File',
      '21/01/2026 12:00  emergencies',
      '    O990000010_0_20260121023000.xml',
      '20/01/2026 12:00  u            a.xml',
    ]);
  });

  it('leaves no cell half shown where more than the last one has no room', () => {
    expect(tableLines(heads, rows, { columns: 36 }).slice(1)).toEqual([
      '21/01/2026 12:00  emergencies',
      '    O990000010_0_20260121023000.xml',
      '20/01/2026 12:00  u            a.xml',
    ]);
    const narrow = tableLines(heads, rows, { columns: 25 });
    expect(narrow).toContain('21/01/2026 12:00');
    expect(narrow).toContain('    emergencies');
    expect(narrow.join('').replaceAll(' ', '')).toContain('O990000010_0_20260121023000.xml');
  });

  it('wraps a sentence between its words, and cuts what no terminal of that width can hold', () => {
    const sentence = 'Look at the file again, then have it read once more';
    const lines = tableLines(['Code', 'What to do'], [['x'.repeat(40), sentence]], { columns: 30 });
    expect(lines.every((line) => line.length <= 30)).toBe(true);
    expect(lines[2]).toBe(`${'x'.repeat(29)}…`);
    const told = lines.slice(3);
    expect(told.length).toBeGreaterThan(1);
    expect(told.map((line) => line.trim()).join(' ')).toBe(sentence);
  });
});

it('a terminal that does not know its width still shows words', () => {
  const terminal = createTerminal({
    stdin: Readable.from([]),
    stdout: { isTTY: true, columns: 0, write: () => true },
    stderr: { isTTY: true, write: () => true },
    env: {},
  });
  expect(tableLines(heads, rows, terminal)).toContain('    a.xml');
});
