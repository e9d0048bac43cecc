import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterLog } from '../../../agent/support/log-lines.ts';
import { tarGz } from '../../../agent/support/tar.ts';
import { createVeil } from '../../../agent/support/veil.ts';

const veilOf = (names: readonly string[], folders: readonly string[] = []) =>
  createVeil({ key: Buffer.alloc(32, 7), names, folders, lift: false });

describe('the names of files in a bundle', () => {
  it('become the same hash wherever they stand, with an ending that is known', () => {
    const veil = veilOf(['DUPONT Jean.XML']);
    const hidden = veil.name('DUPONT Jean.XML');
    expect(hidden).toMatch(/^file-[0-9a-f]{12}\.xml$/);
    expect(
      veil.document({ troubles: [{ where: 'urgences: DUPONT Jean.XML' }], file: 'other.DUPONT' }),
    ).toEqual({
      troubles: [{ where: `urgences: ${hidden}` }],
      file: expect.stringMatching(/^file-[0-9a-f]{12}$/) as string,
    });
  });

  it('do not show through where one name is part of another, or lies under a source', () => {
    const veil = veilOf(['JEAN', 'JEAN DUPONT.csv'], ['/srv/in']);
    const said = JSON.stringify(
      veil.document(['JEAN DUPONT.csv and JEAN', '/srv/in/MARTIN.xml: locked', '/srv/in/a/DURAND.xml']),
    );
    expect(said).not.toMatch(/JEAN|DUPONT|MARTIN|DURAND/);
    expect(said).toContain('/srv/in/file-');
    expect(said).toContain(': locked');
    expect(veil.document('/srv/in')).toBe('/srv/in');
  });

  it('cannot be told from their hash without the key', () => {
    const other = createVeil({ key: Buffer.alloc(32, 8), names: [], folders: [], lift: false });
    expect(other.name('a.xml')).not.toBe(veilOf([]).name('a.xml'));
  });
});

describe('the log in a bundle', () => {
  it('keeps known fields, numbers and codes', () => {
    const line = JSON.stringify({
      level: 'info',
      event: 'export-read',
      records: 5,
      code: 'file-changed',
      err: { code: 'X', facts: { line: 3, file: 'DUPONT.xml' } },
    });
    expect(filterLog(`prefix ${line}\n`, 10)).toEqual({
      lines: [
        '{"level":"info","event":"export-read","records":5,"code":"file-changed","err":{"code":"X","facts":{"line":3}}}',
      ],
      dropped: 0,
    });
  });

  it('never holds a text with a blank, an accent, or under an unknown name, whatever is logged', () => {
    const nested = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(nested, fc.string(), (value, key) => {
        const text = JSON.stringify({
          event: 'x',
          [key]: value,
          err: { deep: value, facts: { [key]: 'Jean Dupont' } },
        });
        for (const line of filterLog(text, 5).lines) {
          expect(line).not.toContain('Jean');
          for (const found of line.matchAll(/"([^"]*)"/g)) expect(found[1]).toMatch(/^[\w.:+-]*$/);
        }
      }),
    );
  });

  it('is cut to its last lines, and counts what was none of its own', () => {
    const text = Array.from({ length: 9 }, (_none, index) => `{"event":"e","n":${index}}`).join('\n');
    expect(filterLog(`${text}\nGarbage DUPONT\n`, 3)).toEqual({
      lines: ['{"event":"e","n":7}', '{"event":"e","n":8}'],
      dropped: 1,
    });
  });
});

it('a bundle of any sizes is opened by tar, byte for byte', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vaguemestre-tar-'));
  try {
    const files = [0, 1, 511, 512, 513, 70_000].map((bytes) => ({
      name: `a/${bytes}.bin`,
      content: Buffer.alloc(bytes, `${bytes}`),
    }));
    writeFileSync(join(folder, 't.tar.gz'), tarGz(files, Date.UTC(2026, 0, 5)));
    execFileSync('tar', ['xzf', 't.tar.gz'], { cwd: folder });
    for (const { name, content } of files)
      expect(readFileSync(join(folder, name)).equals(content)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(() => tarGz([{ name: '../é', content: Buffer.alloc(0) }], 0)).toThrow('bundle-entry');
});
