import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../agent/config.ts';
import { french, visitsOf } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { openDoors, type RegionDoors } from '../support/region-doors.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** A machine on which nothing is configured yet, and a region that has given out a code. */
let doors: RegionDoors;
let folder: string;
let config: string;
const at = (...names: string[]): string => join(folder, ...names);
const national = rpuXml({
  ...{ finess: finess(801), extract: `${french(6)} 03:00:00`, from: french(5), to: french(5) },
  visits: visitsOf(5, 3),
});

beforeAll(async () => {
  doors = await openDoors(Date.now() - 60_000);
});
afterAll(() => doors.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaguemestre-setup-'));
  config = at('etc', 'agent.yaml');
  mkdirSync(at('in'));
  writeFileSync(at('in', 'RPU_1.xml'), national);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Document {
  readonly config: { file: string; result: string; keptAside: string | null };
  readonly enrolled: string;
  readonly codeFileDeleted: boolean;
  readonly service: string | null;
}

const files = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('in'));

/** Answers given one a line, as typed; `-` stands for Enter. */
function typed(...answers: string[]): string {
  return answers.map((answer) => `${answer === '.' ? '' : answer}\n`).join('');
}

describe('unattended', () => {
  async function setup(answers: object | string, ...words: string[]) {
    writeFileSync(at('answers.yaml'), typeof answers === 'string' ? answers : JSON.stringify(answers));
    return onCommandLine(['setup', '--answers', at('answers.yaml'), '--config', config, ...words], {
      language: 'en',
    });
  }
  const plain = {
    state: 'state',
    language: 'fr',
    sources: [{ name: 'urgences', folder: 'in', mappings: ['auto'] }],
  };

  it('writes the configuration, enrols, and takes the code away', async () => {
    const { code } = await doors.invite();
    writeFileSync(at('code.txt'), `${code}\n`);
    const answers = {
      ...plain,
      enroll: { url: doors.enrolmentUrl(), codeFile: 'code.txt', deleteCodeFile: true },
    };
    const said = await setup(answers, '--json');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(said.out)).toEqual({
      config: { file: config, result: 'written', keptAside: null },
      ...{ enrolled: 'now', codeFileDeleted: true, check: null, service: null },
    });
    expect(parseConfig(readFileSync(config, 'utf8'), config).sources[0]).toMatchObject({
      ...{ folder: at('in'), mappings: ['rpu-2006'] },
    });
    expect(statSync(config).mode & 0o777).toBe(0o640);
    expect(existsSync(at('code.txt'))).toBe(false);
    expect(existsSync(at('state/identity/grant.json'))).toBe(true);

    // The second run finds it all done; the exports have been archived meanwhile.
    const before = readFileSync(config, 'utf8');
    rmSync(at('in', 'RPU_1.xml'));
    const again = await setup(answers, '--json');
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(again.out) as Document).toMatchObject({
      config: { result: 'unchanged', keptAside: null },
      enrolled: 'already',
    });
    expect(readFileSync(config, 'utf8')).toBe(before);
  });

  it('leaves the token nowhere: not in what it says, not in a file', async () => {
    const { code } = await doors.invite();
    writeFileSync(at('code.txt'), code);
    const said = await setup({
      ...plain,
      enroll: { url: doors.enrolmentUrl(), codeFile: 'code.txt', deleteCodeFile: true },
    });
    expect(said.code).toBe(0);
    const token = code.split('.')[2] ?? '';
    expect(token.length).toBeGreaterThan(20);
    expect(said.out + said.err).not.toContain(token);
    for (const name of files())
      if (statSync(at(name)).isFile()) expect(readFileSync(at(name), 'latin1')).not.toContain(token);
  });

  it('tells every fault of the answers at once, with its line, and does nothing', async () => {
    const said = await setup(`state: s
langage: fr
sources:
  - name: urgences
    folder: in
    mappings: [auto]
    facility: "123456789"
    ready: { mode: soon }
enroll:
  url: http://region.example
service:
  start: perhaps
`);
    expect(said.code).toBe(1);
    for (const line of [
      '2: langage: unknown key',
      '7: sources[0].facility: found "123456789"',
      '8: sources[0].ready.mode',
      '10: enroll.url: found "http://region.example", expected an https address',
      '9: enroll.codeFile: found nothing',
      '12: service.start',
    ])
      expect(said.err).toContain(line);
    expect(files()).toEqual(['answers.yaml']);
    expect((await setup('a: [')).err).toMatch(/\nline 1: malformed YAML/);
  });

  it('does not replace another configuration unless it may, and keeps it aside then', async () => {
    mkdirSync(at('etc'));
    writeFileSync(config, 'state: elsewhere\n');
    const refused = await setup(plain);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('setup-config-exists');
    expect(readFileSync(config, 'utf8')).toBe('state: elsewhere\n');

    const said = await setup({ ...plain, overwrite: true }, '--json');
    expect((JSON.parse(said.out) as Document).config).toMatchObject({ keptAside: `${config}.1.old` });
    expect(readFileSync(`${config}.1.old`, 'utf8')).toBe('state: elsewhere\n');
    expect(readdirSync(at('etc')).sort()).toEqual(['agent.yaml', 'agent.yaml.1.old']);
  });

  it('stops where the files are not recognised, or the code is not there', async () => {
    writeFileSync(at('in', 'x.csv'), 'a;b\n1;2\n');
    expect((await setup(plain)).err).toContain('setup-not-recognised');
    rmSync(at('in', 'x.csv'));
    expect(existsSync(config)).toBe(false);
    const absent = await setup({ ...plain, enroll: { url: 'https://region.example', codeFile: 'none.txt' } });
    expect(absent.err).toContain('setup-code-file');
    expect((await setup(plain, '--answers', at('none.yaml'))).err).toContain('answers-unreadable');
  });

  it('says when the configuration cannot be written', async () => {
    writeFileSync(at('etc'), 'a file where the folder should be');
    expect((await setup(plain)).err).toMatch(/config-(not-written|unreadable)/);
    config = at('in');
    expect((await setup(plain)).err).toContain('config-unreadable');
    config = '/proc/self/agent.yaml';
    expect((await setup(plain)).err).toContain('config-not-written');
  });

  it('without answers and without anybody to ask is a wrong use', async () => {
    const said = await onCommandLine(['setup', '--config', config], { language: 'en' });
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain('--answers');
  });
});

describe('with a person at a terminal', () => {
  const onTerminal = (language: 'fr' | 'en', ...answers: string[]) =>
    onCommandLine(['setup', '--config', config], {
      ...{ language, terminal: true, stdin: typed(...answers), env: { HOME: folder } },
    });
  /** language, state | url | proxy | folder, mapping, FINESS, name, ready, seconds, after, another | e-mail */
  const answers = (): string[] => [
    '.',
    at('state'),
    '.',
    '.',
    at('in'),
    '.',
    '.',
    '.',
    '.',
    '.',
    '.',
    '.',
    '.',
  ];

  it('asks, recognises the files, shows what it will write, and writes it', async () => {
    const said = await onTerminal('fr', ...answers(), 'o', 'n', 'n');
    expect(said.code).toBe(0);
    expect(said.err).toContain('Reconnu : la correspondance « rpu-2006 » lit ces fichiers.');
    expect(said.err).toContain(`FINESS trouvé dans les fichiers : ${finess(801)}`);
    expect(said.out).toContain('# Dossiers où le logiciel');
    const written = readFileSync(config, 'utf8');
    expect(said.out).toContain(written.trimEnd());
    expect(parseConfig(written, config)).toMatchObject({
      ...{ state: at('state'), language: 'fr' },
      sources: [{ name: 'in', folder: at('in'), mappings: ['rpu-2006'], after: 'archive' }],
    });
  });

  it.skipIf(existsSync('/run/systemd/system'))(
    'offers no service where none can be, and still the check',
    async () => {
      const said = await onTerminal('fr', ...answers(), 'o', 'n');
      expect(said.code).toBe(0);
      expect(said.err).not.toContain('comme service du système ?');
      expect(said.err).toContain('service install --config');
      expect(said.err).toContain('Vérifier maintenant');
    },
  );

  it('checks every answer at once, and asks again', async () => {
    const said = await onTerminal(
      'en',
      ...['de', 'en', at('in', 'RPU_1.xml'), at('state'), 'http://region', '.', 'proxy', '.'],
      ...[
        at('none'),
        at('in'),
        'nothing',
        '.',
        '123456789',
        '.',
        '!',
        'ed',
        'later',
        '.',
        'ten',
        '5',
        'keep',
      ],
      ...['perhaps', 'n', 'nobody', '.', 'y', 'n', 'n'],
    );
    for (const hint of [
      'Choose one of: fr, en',
      'No folder at',
      'An address starts with https://',
      'For example http://proxy',
      'neither a readable file nor a mapping',
      'A FINESS has 9 characters',
      'Letters, digits, spaces',
      'Choose one of: stable, marker',
      'A whole number of seconds',
      'Answer y (yes) or n (no)',
      'This is no e-mail address',
    ])
      expect(said.err).toContain(hint);
    expect(parseConfig(readFileSync(config, 'utf8'), config).sources[0]).toMatchObject({
      ...{ name: 'ed', ready: { mode: 'stable', seconds: 5 }, after: 'keep' },
    });
  });

  it('takes proxy, password files, several sources and the notice by e-mail', async () => {
    writeFileSync(at('secret'), 'x');
    mkdirSync(at('beds'));
    const said = await onTerminal(
      'en',
      ...['.', at('state'), '.', 'http://proxy.example:3128', 'agent', at('secret')],
      ...[at('in'), '.', finess(801), 'ed', '.', '.', 'archive', 'y'],
      ...[at('beds'), 'beds-csv', '.', 'beds', '1', 'marker', '.', 'n'],
      ...[
        'it@hospital.example',
        'smtp.hospital.example',
        '.',
        '.',
        'agent@hospital.example',
        '.',
        'y',
        'n',
        'n',
      ],
    );
    expect(said.err).toContain('The folder is empty');
    expect(parseConfig(readFileSync(config, 'utf8'), config)).toMatchObject({
      proxy: { url: 'http://proxy.example:3128', username: 'agent', passwordFile: at('secret') },
      sources: [
        { name: 'ed', facility: finess(801) },
        { name: 'beds', mappings: ['beds-csv'], part: '1', ready: { mode: 'marker' } },
      ],
      notify: { email: { host: 'smtp.hospital.example', port: 587, to: ['it@hospital.example'] } },
    });
  });

  it('leaves nothing behind when answers end early, wherever that is', async () => {
    const all = [...answers(), 'o'];
    for (let given = 0; given < all.length; given += 1) {
      const said = await onTerminal('fr', ...all.slice(0, given));
      expect(said.code).toBe(1);
      expect(said.err).toContain('setup-interrupted');
      expect(files()).toEqual([]);
    }
  });

  it('never replaces a configuration without being told to, and keeps the old one', async () => {
    mkdirSync(at('etc'));
    writeFileSync(config, 'state: elsewhere\n');
    const kept = await onTerminal('fr', ...answers(), '.');
    expect(kept).toMatchObject({ code: 1 });
    expect(kept.err).toContain('Rien n’a été écrit.');
    expect(readFileSync(config, 'utf8')).toBe('state: elsewhere\n');
    const replaced = await onTerminal('fr', ...answers(), 'o', 'n', 'n');
    expect(replaced.out).toContain('L’ancienne est gardée');
    expect(readFileSync(`${config}.1.old`, 'utf8')).toBe('state: elsewhere\n');
  });

  it('enrols with the code that was typed, which it does not say again', async () => {
    const { code } = await doors.invite();
    const wrong = `${code.slice(0, 60)}${code[60] === 'a' ? 'b' : 'a'}${code.slice(61)}`;
    const region = [doors.enrolmentUrl(), wrong, code];
    const [first = '', second = '', , ...rest] = answers();
    const said = await onTerminal('en', first, second, ...region, ...rest, 'y', 'y', 'n', 'n');
    expect(said.err).toContain('A character of the code is wrong');
    expect(said.out).toContain('Agent "Agent" enrolled');
    expect(said.out + said.err).not.toContain(code.split('.')[2]);
    expect(existsSync(at('state/identity/grant.json'))).toBe(true);
  });

  it('says of files it does not know how a mapping is made, and of OpenPGP and HL7 what they are', async () => {
    mkdirSync(at('own'));
    writeFileSync(at('own', 'a.csv'), 'SECRETCOLUMN;b\nSECRETVALUE;2\n');
    const pgp = Buffer.concat([Buffer.from([0xc1, 0x5e, 0x03, 0, 0, 0xff, 0xfe]), Buffer.alloc(64, 0x9a)]);
    writeFileSync(at('own', 'b.gpg'), pgp);
    writeFileSync(at('own', 'c.hl7'), 'MSH|^~\\&|A|B\rPID|SECRETVALUE\r');
    writeFileSync(at('own', 'd.xml'), national.slice(0, 400));
    const said = await onTerminal('en', '.', at('state'), '.', '.', at('own'));
    expect(said.err).toContain(`map init "${at('own', 'a.csv')}"`);
    expect(said.err).toContain('1 file(s) encrypted by OpenPGP');
    expect(said.err).toContain('HL7 messages (1 file(s))');
    expect(said.err + said.out).not.toMatch(/SECRETVALUE|SECRETCOLUMN/);
  });
});

it('what is typed is what it means: no setting can be slipped in', async () => {
  const { configText } = await import('../../agent/setup/config-text.ts');
  const nasty = 'a: b # "c" \n- d \\ ${e} é';
  const settings = {
    state: `/x/${nasty}`,
    sources: [{ name: 'n', folder: nasty, mappings: ['yes', '01', 'rpu-2006', nasty], facility: finess(2) }],
    notify: { email: { host: 'null', from: 'a@b.fr', to: ['a@b.fr'] } },
  };
  for (const language of ['fr', 'en'] as const)
    expect(parseConfig(configText(settings, language), '/c.yaml')).toMatchObject({
      state: settings.state,
      sources: [
        { name: 'n', facility: finess(2), mappings: ['yes', '01', 'rpu-2006', expect.any(String) as string] },
      ],
      notify: { email: { host: 'null' } },
    });
});

it('the answer file in the README is one', async () => {
  const { readAnswers } = await import('../../agent/config-answers.ts');
  const readme = readFileSync(join(import.meta.dirname, '../../agent/README.md'), 'utf8');
  const example = /```yaml\n(# answers\.yaml[\s\S]*?)```/.exec(readme)?.[1] ?? '';
  writeFileSync(at('answers.yaml'), example);
  expect(await readAnswers(at('answers.yaml'))).toMatchObject({
    settings: { sources: [{ mappings: ['auto'] }] },
    enroll: { codeFile: at('code.txt'), deleteCodeFile: true },
    service: { install: true, start: true },
  });
});
