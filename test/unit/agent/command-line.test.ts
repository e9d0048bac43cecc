import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandSpecs } from '../../../agent/commands/catalogue.ts';
import { placeholders } from '../../../shared/i18n/terminal-agent-commands.ts';
import { onCommandLine } from '../../support/command-line.ts';

/** The words that name a command: "quarantine list". */
const commands = commandSpecs.map(({ usage }) => usage.split(' ').filter((word) => !/^[<[]/.test(word)));
const languages = ['fr', 'en'] as const;

describe('the help of the agent', () => {
  it.each(languages)('names every command and every family, in %s', async (language) => {
    const { code, out, err } = await onCommandLine(['--help'], { language });
    expect(code).toBe(0);
    expect(err).toBe('');
    for (const [first = ''] of commands) expect(out).toMatch(new RegExp(`^  ${first}[ \\n]`, 'm'));
    expect(out).not.toMatch(/^ {2}\S+( \[options\])?( [<[]\w+[>\]])*$/m);
  });

  it.each(commands.map((words) => [words.join(' '), words] as const))(
    'of "%s" exists in both languages, fits a terminal, and is whole in a pipe',
    async (_name, words) => {
      const spec = commandSpecs[commands.indexOf(words)];
      for (const language of languages) {
        const narrow = await onCommandLine([...words, '--help'], { language, terminal: true });
        const piped = await onCommandLine([...words, '--help'], { language });
        expect([narrow.code, piped.code]).toEqual([0, 0]);
        for (const line of narrow.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
        expect(joined(piped.out)).toContain(joined(spec?.help[language] ?? '?'));
        for (const { flags, help } of spec?.options ?? []) {
          const [, name = '', word] = /^(\S+)(?: .(\w+))?/.exec(flags) ?? [];
          expect(piped.out).toMatch(new RegExp(`${name}\\b`));
          if (word !== undefined) expect(placeholders).toHaveProperty(word);
          if (language === 'en') expect(piped.out).toContain(flags);
          else if (word !== undefined) expect(piped.out).toContain(placeholders[word]);
          expect(joined(piped.out)).toContain(joined(help[language]));
          expect(help.fr).not.toBe(help.en);
        }
      }
      expect(spec?.help.fr).not.toBe(spec?.help.en);
    },
  );
});

describe('a wrong command line', () => {
  it.each([
    [['trace'], "il manque : 'quoi'", "missing required argument 'what'"],
    [['statu'], "commande inconnue : 'statu'\n(peut-être status ?)", "unknown command 'statu'"],
    [['status', '--zz'], "option inconnue : '--zz'", "unknown option '--zz'"],
    [['enroll'], "il manque l’option '--url <url>'", "required option '--url <url>' not specified"],
    [['enroll', '--url'], "il manque une valeur à l’option '--url <url>'", 'argument missing'],
    [['trace', 'a', 'b'], 'trop d’arguments', 'too many arguments'],
  ])('%j is told with the usage on stderr, and nothing on stdout', async (words, french, english) => {
    for (const [language, text] of [
      ['fr', french],
      ['en', english],
    ] as const) {
      const { code, out, err } = await onCommandLine(words, { language });
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toContain(text);
      expect(err).toMatch(/^Usage ?: vaguemestre-agent/m);
    }
  });

  it('says which code file cannot be read, without a stack', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
    try {
      const config = join(folder, 'agent.yaml');
      writeFileSync(config, `state: s\nsources: [{ name: a, folder: ., mappings: [rpu-2006] }]\n`);
      const words = ['enroll', '--url', 'https://x.example', '--code-file', join(folder, 'none.txt')];
      const said = await onCommandLine([...words, '--config', config]);
      expect(said).toMatchObject({ code: 1, out: '' });
      expect(said.err).toContain(`setup-code-file: Le fichier ${join(folder, 'none.txt')}`);
      expect(said.err).not.toContain(' at ');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names the configuration file that cannot be read, in the language of the locale', async () => {
    const french = await onCommandLine(['status', '--config', '/nowhere/agent.yaml'], { language: 'fr' });
    const english = await onCommandLine(['status', '--config', '/nowhere/agent.yaml', '--json'], {
      language: 'en',
    });
    expect(french.code).toBe(1);
    expect(french.err).toContain('config-unreadable: Le fichier de configuration /nowhere/agent.yaml');
    expect(french.err).toContain('→ ');
    expect(english.err).toContain('cannot be read');
    expect(JSON.parse(english.out)).toMatchObject({ error: { code: 'config-unreadable' } });
  });
});

function joined(text: string): string {
  return text.replace(/\s+/g, ' ');
}
