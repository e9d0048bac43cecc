import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, win32 } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runStep, type Child } from '../../installers/sandbox/children.ts';
import { checkPublisher, publisherFault } from '../../installers/windows/authenticode.ts';
import { createRegion, type Region } from '../../installers/sandbox/region.ts';
import { eventually, french, freePorts, visitsOf } from '../fault/live.ts';
import { peer } from '../support/peer.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';
import { runProgram, tryProgram, type Said } from './support/processes.ts';
import { tellInOrder } from './support/story.ts';
import { buildSetup, failItsSelfTest, neverStart } from './support/windows-setup.ts';
import { hasWine, openWine, type Wine } from './support/wine.ts';

const missed = 'the Windows setup is not tried';
const tried =
  hasWine(missed) &&
  ['makensis', 'osslsigncode'].map((tool) => peer(tool, missed)).every((path) => path !== undefined);

const home = 'C:\\Program Files\\Vaguemestre Agent';
const data = 'C:\\ProgramData\\Vaguemestre';
const service = 'vaguemestre-agent';
const uninstallKey = `HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\${service}`;
const facility = finess(801);

/**
 * The setup on a Windows of its own beside a region on this machine, from a bare server to the last purge. What wine is no
 * measure of (rights, accounts, restarts of the machine, Node 24) is in installers/windows/CHECKLIST.md.
 */
describe.runIf(tried)('the Windows setup', () => {
  tellInOrder();
  let folder: string;
  let wine: Wine;
  let region: Region;
  let serving: Child;
  let code: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vaguemestre-windows-'));
    await buildSetup(folder, '0.1.0');
    await signedAs('Vaguemestre Essai', () => buildSetup(folder, '0.2.0'));
    await buildSetup(folder, '0.3.0', failItsSelfTest);
    await buildSetup(folder, '0.4.0', neverStart);
    wine = await openWine();
    region = await createRegion({ keep: false, ports: await freePorts() });
    await region.addFacilities([{ finess: facility, name: 'CH d’essai' }]);
    serving = await region.serve();
    code = await invite();
    mkdirSync(wine.at('C:\\exports'));
    mkdirSync(wine.at('C:\\given'));
    for (const version of ['0.1.0', '0.2.0', '0.3.0', '0.4.0'])
      copyFileSync(join(folder, `${service}-${version}-setup.exe`), wine.at(`C:\\given\\${version}.exe`));
  });
  afterAll(async () => {
    await wine.close();
    await region.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** With a certificate of a moment. */
  async function signedAs(name: string, build: () => Promise<unknown>): Promise<void> {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
    const usage = ['-addext', 'extendedKeyUsage=codeSigning', '-out', cert, '-keyout', key];
    await runProgram('openssl', [...words, ...usage]);
    vi.stubEnv('VAGUEMESTRE_WINDOWS_CERT', cert);
    vi.stubEnv('VAGUEMESTRE_WINDOWS_KEY', key);
    await build();
    vi.unstubAllEnvs();
  }

  async function invite(): Promise<string> {
    const words = ['agent', 'invite', '--name', 'windows', '--facilities', facility, '--json'];
    const logFile = join(folder, 'invite.log');
    const command = ['receiver/main.ts', ...words, '--config', region.receiverConfig] as const;
    return (JSON.parse(await runStep('agent invite', { command, logFile }, new Set())) as { code: string })
      .code;
  }

  const setup = (version: string, ...words: string[]): Promise<Said> =>
    wine.run(`C:\\given\\${version}.exe`, ['/S', ...words]);
  /** The folder is the rest of the line as it stands: without quotes, whatever is in it. */
  const uninstall = (at: string, ...words: string[]): Promise<Said> =>
    wine.run(win32.join(at, 'uninstall.exe'), ['/S', ...words, ...`_?=${at}`.split(' ')]);
  const agent = (...words: string[]): Promise<Said> =>
    wine.run(win32.join(home, 'runtime\\node.exe'), [win32.join(home, 'launch.mjs'), ...words]);
  const version = async (): Promise<string> => (await agent('--version')).out.trim();
  const has = (path: string): boolean => existsSync(wine.at(path));
  /** The uninstaller cannot take itself away before it has ended. */
  const gone = (path: string): Promise<true> =>
    eventually(`${path} is gone`, () => !has(path) || undefined, 60);
  const setupLog = (): string => readFileSync(wine.at(`${data}\\logs\\setup.log`), 'utf8');

  function drop(day: number): void {
    const text = rpuXml({
      ...{ finess: facility, extract: `${french(day + 1)} 03:00:00`, from: french(day), to: french(day) },
      visits: visitsOf(day, 4),
    });
    // Not seen before it is whole.
    writeFileSync(wine.at(`C:\\exports\\RPU_${day}.tmp`), text);
    renameSync(wine.at(`C:\\exports\\RPU_${day}.tmp`), wine.at(`C:\\exports\\RPU_${day}.xml`));
  }

  const taken = (days: readonly number[]): Promise<true> =>
    eventually(
      'the exports are taken',
      async () => days.every((day) => !has(`C:\\exports\\RPU_${day}.xml`)) || undefined,
      60,
    );

  /** In the header of a database that nobody has open; answers what stood there. */
  function markSchema(path: string, { version, floor }: Schema): Schema {
    const file = openSync(path, 'r+');
    try {
      const header = Buffer.alloc(100);
      readSync(file, header, 0, header.length, 0);
      const before = { version: header.readUInt32BE(60), floor: header.readUInt32BE(68) };
      header.writeUInt32BE(version, 60);
      header.writeUInt32BE(floor, 68);
      writeSync(file, header, 0, header.length, 0);
      return before;
    } finally {
      closeSync(file);
    }
  }

  interface Schema {
    readonly version: number;
    readonly floor: number;
  }

  interface History {
    readonly exports: readonly { readonly file: string; readonly state: string }[];
  }

  async function states(): Promise<Record<string, string>> {
    const { exports: found } = JSON.parse((await agent('history', '--json')).out) as History;
    return Object.fromEntries(found.map(({ file, state }) => [basename(file), state]));
  }

  const delivered = (days: readonly number[]): Promise<true> =>
    eventually(
      'the region has delivered all of it',
      async () => {
        const found = await states();
        return days.every((day) => found[`RPU_${day}.xml`] === 'forwarded') || undefined;
      },
      120,
    );

  function answer(changes: object = {}): void {
    const answers = {
      ...{ state: `${data}\\agent`, language: 'en', limits: { freeDiskBytes: 0 } },
      sources: [
        {
          ...{ name: 'urgences', folder: 'C:\\exports', mappings: ['rpu-2006'], scanSeconds: 1 },
          ready: { mode: 'stable', seconds: 1 },
        },
      ],
      ...changes,
    };
    writeFileSync(wine.at('C:\\given\\answers.yaml'), JSON.stringify(answers));
  }

  function answerWith(enrolmentCode: string): void {
    const listeners = readFileSync(join(region.receiverState, 'listeners.json'), 'utf8');
    const { enrolment } = JSON.parse(listeners) as { enrolment: { port: number } };
    writeFileSync(wine.at('C:\\given\\code.txt'), `${enrolmentCode}\n`);
    const url = `https://localhost:${enrolment.port}`;
    answer({ enroll: { url, codeFile: 'code.txt', deleteCodeFile: true } });
  }

  describe('what is trusted by its signature', () => {
    it('a runtime that is not what its publisher signed is not packed', async () => {
      const node = join(folder, 'home-0.1.0', 'runtime', 'node.exe');
      await expect(checkPublisher(node)).resolves.toBeUndefined();
      const altered = join(folder, 'altered.exe');
      const bytes = readFileSync(node);
      bytes[1_000_000] = (bytes[1_000_000] ?? 0) ^ 1;
      writeFileSync(altered, bytes);
      await expect(checkPublisher(altered)).rejects.toThrow('has been changed');
    });

    it('with a certificate the setup is signed, and without one it is not', async () => {
      const said = async (version: string): Promise<string> =>
        (await tryProgram('osslsigncode', ['verify', '-in', join(folder, `${service}-${version}-setup.exe`)]))
          .out;
      expect(await said('0.2.0')).toContain('/CN=Vaguemestre Essai');
      expect(publisherFault(await said('0.1.0'))).toBe('is not signed');
    });
  });

  describe('on a machine that it may not take', () => {
    it('leaves a folder alone that holds something else', async () => {
      mkdirSync(wine.at('C:\\taken'));
      writeFileSync(wine.at('C:\\taken\\theirs.txt'), 'theirs');
      expect(await setup('0.1.0', '/D=C:\\taken')).toMatchObject({ code: 12 });
      expect(readdirSync(wine.at('C:\\taken'))).toEqual(['theirs.txt']);
      expect(has(data)).toBe(false);
    });

    it('leaves no program behind when the answer file is wrong or is not there, and says what is wrong', async () => {
      answer({ sources: [] });
      for (const file of ['C:\\given\\answers.yaml', 'C:\\given\\nothing.yaml']) {
        expect(await setup('0.1.0', `/CONFIG=${file}`)).toMatchObject({ code: 15 });
        expect(has(home)).toBe(false);
        expect(has(`${data}\\agent.yaml`)).toBe(false);
        expect(await wine.registry(uninstallKey, 'DisplayVersion')).toBeUndefined();
        expect(await wine.service(service)).toBeUndefined();
      }
      expect(setupLog()).toContain('answers-invalid');
      expect(setupLog()).toContain('answers-unreadable');
    });
  });

  describe('from a bare server to the first receipt', () => {
    it('installs in silence, enrols by the code file, and the service runs', async () => {
      answerWith(code);
      const said = await setup('0.1.0', '/CONFIG=C:\\given\\answers.yaml');
      expect(said.code, setupLog()).toBe(0);
      expect(has('C:\\given\\code.txt')).toBe(false);
      expect(await wine.service(service)).toBe('RUNNING');
      expect(await version()).toBe('0.1.0');
      expect(await wine.registry(uninstallKey, 'DisplayVersion')).toBe('0.1.0');
    });

    it('an export that is dropped comes back as a receipt', async () => {
      drop(5);
      await taken([5]);
      await delivered([5]);
    });

    it('starts the service by a command line that no upgrade changes, and says its code nowhere', async () => {
      const key = `HKLM\\System\\CurrentControlSet\\Services\\${service}`;
      const line = await wine.registry(key, 'ImagePath');
      expect(line).toBe(
        `"${home}\\runtime\\shawl.exe" run --name ${service} --restart-if-not 0,2 --stop-timeout 60000 --log-dir ${data}\\logs -- ` +
          `"${home}\\runtime\\node.exe" --max-semi-space-size=1 "${home}\\launch.mjs" run --config ${data}\\agent.yaml`,
      );
      expect(await wine.registry(key, 'ObjectName')).toBe(`NT SERVICE\\${service}`);
      const logs = readdirSync(wine.at(`${data}\\logs`)).map((name) =>
        readFileSync(wine.at(`${data}\\logs\\${name}`), 'utf8'),
      );
      expect(logs.length).toBeGreaterThan(1);
      const token = code.split('.')[2] ?? '';
      expect(token.length).toBeGreaterThan(10);
      for (const log of logs) expect(log).not.toContain(token);
    });
  });

  describe('upgraded', () => {
    it('keeps configuration and queue, and loses and doubles nothing', async () => {
      const config = wine.at(`${data}\\agent.yaml`);
      writeFileSync(config, `${readFileSync(config, 'utf8')}# by hand\n`);
      await serving.stop();
      for (const day of [6, 7, 8, 9]) drop(day);
      await taken([6, 7, 8, 9]);
      const said = await setup('0.2.0', '/CONFIG=C:\\given\\answers.yaml');
      expect(said.code, setupLog()).toBe(0);
      expect(await version()).toBe('0.2.0');
      expect(readdirSync(wine.at(`${home}\\versions`))).toEqual(['0.2.0']);
      expect(readdirSync(wine.at(home)).filter((name) => /coming|going/.test(name))).toEqual([]);
      expect(await wine.service(service)).toBe('RUNNING');
      expect(readFileSync(config, 'utf8')).toContain('# by hand');
      for (const ours of ['uninstall.exe', 'runtime\\shawl.exe']) {
        const { out } = await tryProgram('osslsigncode', ['verify', '-in', wine.at(`${home}\\${ours}`)]);
        expect(publisherFault(out), ours).toContain('/CN=Vaguemestre Essai');
      }
      drop(10);
      await taken([10]);
      serving = await region.serve();
      await delivered([5, 6, 7, 8, 9, 10]);
      expect(await region.verify()).toMatchObject({ code: 0 });
      expect(await agent('verify')).toMatchObject({ code: 0 });
    });

    it('a version whose self-test fails never comes in', async () => {
      expect(await setup('0.3.0')).toMatchObject({ code: 18 });
      expect(await version()).toBe('0.2.0');
      expect(await wine.service(service)).toBe('RUNNING');
      expect(has(`${home}\\incoming`)).toBe(false);
      expect(await wine.registry(uninstallKey, 'DisplayVersion')).toBe('0.2.0');
    });

    it('a version that does not start gives way to the one before', async () => {
      expect(await setup('0.4.0')).toMatchObject({ code: 19 });
      expect(await version()).toBe('0.2.0');
      expect(await wine.service(service)).toBe('RUNNING');
      expect(await wine.registry(uninstallKey, 'DisplayVersion')).toBe('0.2.0');
      drop(11);
      await taken([11]);
      await delivered([11]);
    });

    it('what a setup has left that lost its power is put right by the next', async () => {
      await wine.run('net', ['stop', service]);
      mkdirSync(wine.at(`${home}\\outgoing`));
      for (const part of ['runtime', 'versions', 'install.json'])
        renameSync(wine.at(`${home}\\${part}`), wine.at(`${home}\\outgoing\\${part}`));
      expect((await setup('0.2.0')).code, setupLog()).toBe(0);
      expect(await version()).toBe('0.2.0');
      await wine.run('net', ['start', service]);
      expect(await wine.service(service)).toBe('RUNNING');
    });

    it('goes back to an older version unless that one could not read the database', async () => {
      await wine.run('net', ['stop', service]);
      const database = wine.at(`${data}\\agent\\agent.db`);
      const before = markSchema(database, { version: 1000, floor: 1000 });
      expect(await setup('0.1.0')).toMatchObject({ code: 14 });
      markSchema(database, before);
      expect(await version()).toBe('0.2.0');
      expect((await setup('0.1.0')).code, setupLog()).toBe(0);
      expect(await version()).toBe('0.1.0');
    });

    it('is upgraded where it is, and nowhere else', async () => {
      expect(await setup('0.2.0', '/D=C:\\Elsewhere')).toMatchObject({ code: 13 });
      expect(has('C:\\Elsewhere')).toBe(false);
    });
  });

  describe('taken away', () => {
    const elsewhere = 'C:\\Outils\\Vaguemestre';

    it('uninstalling keeps the data', async () => {
      expect((await uninstall(home)).code).toBe(0);
      expect(await wine.service(service)).toBeUndefined();
      await gone(home);
      expect(await wine.registry(uninstallKey, 'DisplayVersion')).toBeUndefined();
      for (const kept of ['agent.yaml', 'agent\\agent.db', 'agent\\identity\\grant.json'])
        expect(has(`${data}\\${kept}`), kept).toBe(true);
    });

    it('installed again, in another folder, it goes on with what was kept', async () => {
      expect((await setup('0.2.0', `/D=${elsewhere}`)).code, setupLog()).toBe(0);
      expect(has(home)).toBe(false);
      expect(await wine.service(service)).toBe('RUNNING');
      drop(12);
      await taken([12]);
    });

    it('purging is refused while something is unsent, and then all goes on', async () => {
      await serving.stop();
      drop(13);
      await taken([13]);
      expect(await uninstall(elsewhere, '/PURGE')).toMatchObject({ code: 30 });
      expect(has(`${data}\\agent\\agent.db`)).toBe(true);
      expect(has(`${elsewhere}\\runtime\\node.exe`)).toBe(true);
      expect(await wine.service(service)).toBe('RUNNING');
    });

    it('said so, it is lost, and nothing of the agent is left but what was never its own', async () => {
      expect((await uninstall(elsewhere, '/PURGE', '/LOSEUNSENT')).code).toBe(0);
      expect(has(data)).toBe(false);
      await gone(elsewhere);
      expect(await wine.service(service)).toBeUndefined();
      expect(readdirSync(wine.at('C:\\exports'), { recursive: true }).length).toBeGreaterThan(0);
    });

    it('with nothing unsent no word is needed', async () => {
      serving = await region.serve();
      answerWith(await invite());
      expect((await setup('0.2.0', '/CONFIG=C:\\given\\answers.yaml')).code, setupLog()).toBe(0);
      expect((await uninstall(home, '/PURGE')).code).toBe(0);
      expect(has(data)).toBe(false);
      await gone(home);
    });
  });
});
