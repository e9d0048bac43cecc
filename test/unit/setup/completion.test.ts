import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandSpecs } from '../../../agent/commands/catalogue.ts';
import { onCommandLine } from '../../support/command-line.ts';
import { peer } from '../../support/peer.ts';

const zsh = peer('zsh', 'its completion is not read by it') ?? '';

let folder: string;
let script: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vaguemestre-completion-'));
  script = join(folder, 'complete.bash');
  writeFileSync(script, (await onCommandLine(['completion', 'bash'])).out);
  writeFileSync(join(folder, 'sample.csv'), '');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers after these words; the last one is being typed. */
function offered(...words: string[]): string[] {
  const line = ['vaguemestre-agent', ...words].map((word) => `'${word}'`).join(' ');
  const asked = `source '${script}'; complete -p vaguemestre-agent >/dev/null || exit 9
    COMP_WORDS=(${line}); COMP_CWORD=${words.length}
    _vaguemestre_agent; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['--norc', '-c', asked], { cwd: folder, encoding: 'utf8' });
  return said.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it('offers every command and group of the catalogue', () => {
    const firsts = new Set(commandSpecs.map(({ usage }) => usage.split(' ')[0]));
    const words = offered('');
    expect([...firsts].filter((first) => !words.includes(first ?? ''))).toEqual([]);
  });

  it('offers the commands of a group, and what begins with what was typed', () => {
    expect(offered('service', 'st').sort()).toEqual(['start', 'status', 'stop']);
  });

  it('offers the options of a command, the common ones too', () => {
    const words = offered('run', '--');
    expect(words).toEqual(expect.arrayContaining(['--once', '--timeout', '--config', '--json', '--help']));
    expect(words).not.toContain('--code-file');
  });

  it('offers files where a file is wanted, and nothing where no word can be known', () => {
    expect(offered('enroll', '--code-file', 'sam')).toEqual(['sample.csv']);
    expect(offered('run', '--timeout', '')).toEqual([]);
  });

  it('has every command and option there is', async () => {
    const { out } = await onCommandLine(['completion', 'bash']);
    for (const { usage, options } of commandSpecs) {
      const names = usage.split(' ').filter((word) => !/^[<[]/.test(word));
      expect(out).toContain(`"${names.join(' ')}")`);
      for (const { flags } of options ?? []) expect(out).toContain(/--[\w-]+/.exec(flags)?.[0] ?? '');
    }
  });

  it('takes the name under which the agent is started', async () => {
    const { out } = await onCommandLine(['completion', 'bash', '--program', 'vgm']);
    expect(out).toContain('complete -F _vgm vgm');
    const refused = await onCommandLine(['completion', 'bash', '--program', 'x; rm y']);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('completion-program');
  });
});

describe('completion in zsh', () => {
  it('says what each word does, in the reader’s language', async () => {
    const fr = await onCommandLine(['completion', 'zsh'], { language: 'fr' });
    const en = await onCommandLine(['completion', 'zsh'], { language: 'en' });
    expect(fr.out).toContain("'start:démarre le service'");
    expect(en.out).toContain("'start:start the service'");
    expect(en.out).toMatch(/^#compdef vaguemestre-agent/);
  });

  it.skipIf(zsh === '')('is read by zsh without a complaint', async () => {
    const path = join(folder, '_vaguemestre-agent');
    writeFileSync(path, (await onCommandLine(['completion', 'zsh'])).out);
    const { status, stderr } = spawnSync(zsh, ['-n', path], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

it('answers in JSON, and refuses other shells', async () => {
  const { out } = await onCommandLine(['completion', 'zsh', '--json']);
  expect(JSON.parse(out)).toMatchObject({ shell: 'zsh', program: 'vaguemestre-agent' });
  const refused = await onCommandLine(['completion', 'fish'], { language: 'en' });
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('Choose bash or zsh');
});

it('a reader that has seen enough is no fault', () => {
  const main = join(import.meta.dirname, '../../../agent/main.ts');
  const { stderr } = spawnSync('bash', ['-c', `'${process.execPath}' '${main}' completion bash | true`], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
});
