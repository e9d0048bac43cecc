import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTexts } from '../../../shared/i18n/errors.ts';

const root = resolve(import.meta.dirname, '../../..');
const self = 'test/unit/ground/sources.test.ts';

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

const productFiles = tracked.filter((file) => /^(agent|receiver|shared|installers)\/.*\.ts$/.test(file));
const writtenByHand = tracked.filter(
  (file) => file !== self && !/^(package-lock\.json|LICENSE)$|^test\/golden\//.test(file),
);

function thrownCodes(text: string): string[] {
  const thrown = /\b(?:permanent|transient|ambiguous|new Fault)\(\s*(['"`])([a-z][a-z0-9-]*)\1/g;
  return [...text.matchAll(thrown)].map((match) => match[2] ?? '');
}

describe('the error catalogue', () => {
  it('has a message and a hint, in both languages, for every code thrown', () => {
    const missing = productFiles.flatMap((file) =>
      thrownCodes(textOf(file))
        .filter((code) => {
          const text = errorTexts[code];
          if (text === undefined) return true;
          return [text.message.fr, text.message.en, text.hint.fr, text.hint.en].some((part) => part === '');
        })
        .map((code) => `${file}: ${code}`),
    );
    expect(missing).toEqual([]);
  });

  it('has no entry that nothing uses', () => {
    const sources = productFiles
      .filter((file) => !file.startsWith('shared/i18n/'))
      .map(textOf)
      .join('\n');
    const unused = Object.keys(errorTexts).filter((code) => !new RegExp(`(['"\`])${code}\\1`).test(sources));
    expect(unused).toEqual([]);
  });

  it('sees the forms in which codes are thrown', () => {
    const forms =
      "throw permanent('a-one'); transient(\n  \"b-two\", {}); new Fault('c-three', x); Fault('d');";
    expect(thrownCodes(forms)).toEqual(['a-one', 'b-two', 'c-three']);
  });
});

describe('the tree', () => {
  it('holds no unfinished-work marks', () => {
    const mark = /\b(TODO|FIXME|XXX)\b/;
    expect(writtenByHand.filter((file) => mark.test(textOf(file)))).toEqual([]);
  });

  it('names no path of a development machine', () => {
    const path = /(?<![\w.$}])\/(work|root)\/\w/;
    expect(writtenByHand.filter((file) => path.test(textOf(file)))).toEqual([]);
  });

  it('explains every dependency in the README', () => {
    const packages = JSON.parse(textOf('package.json')) as Record<string, Record<string, string> | undefined>;
    const names = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.keys(packages[kind] ?? {}),
    );
    const readme = textOf('README.md');
    const rows = readme.split('\n').filter((line) => line.startsWith('|'));
    expect(names.filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))).toEqual([]);
  });

  it('has one version', () => {
    const { version } = JSON.parse(textOf('package.json')) as { readonly version: string };
    const told = ['agent/version.ts', 'receiver/version.ts'].map((file) => /'(.*)'/.exec(textOf(file))?.[1]);
    expect(told).toEqual([version, version]);
  });

  it('has a README in every top-level folder', () => {
    const folders = ['agent', 'receiver', 'shared', 'installers', 'test'];
    expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([]);
  });
});
