import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountFor, windowsAnswer } from '../../../agent/service/windows.ts';
import { parseConfig } from '../../../agent/config.ts';
import { rightsMissing } from '../../../agent/service/rights.ts';
import { onCommandLine } from '../../support/command-line.ts';
import { peer } from '../../support/peer.ts';

const analyze = peer('systemd-analyze', 'the unit is not judged by systemd') ?? '';
const hasAnalyze = analyze !== '';

let folder: string;
let config: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaguemestre-service-'));
  config = join(folder, 'agent.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      state: '/var/lib/vaguemestre-agent',
      sources: [
        { name: 'urgences', folder: '/srv/exports/rpu 1', mappings: ['rpu-2006'] },
        { name: 'lits', folder: '/home/lits/export', mappings: ['beds-csv'], after: 'keep' },
        {
          ...{ name: 'chiffres', folder: '/srv/gpg', mappings: ['rpu-2006'] },
          decrypt: { privateKeyFile: '/etc/vaguemestre-agent/source.key' },
        },
      ],
      proxy: { url: 'http://proxy.example:3128', username: 'agent', passwordFile: 'proxy-secret.txt' },
    }),
  );
  writeFileSync(join(folder, 'proxy-secret.txt'), 'SECRET-OF-THE-PROXY\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Planned {
  readonly dryRun: boolean;
  readonly steps: readonly { step: string; result: string; path?: string; content?: string }[];
}

async function planned(...words: string[]): Promise<Planned> {
  const said = await onCommandLine([
    'service',
    'install',
    '--dry-run',
    '--json',
    '--config',
    config,
    ...words,
  ]);
  expect(said).toMatchObject({ code: 0, err: '' });
  return JSON.parse(said.out) as Planned;
}

async function written(end: string): Promise<string> {
  const { steps } = await planned('--node', '/opt/v/node', '--script', '/opt/v/launch.cjs');
  return steps.find(({ path }) => path?.endsWith(end))?.content ?? '';
}

describe('the unit', () => {
  it('runs the agent under its own account, with its heap setting, and names no secret', async () => {
    const unit = await written('.service');
    expect(unit).toContain(
      `ExecStart=/opt/v/node --max-semi-space-size=1 /opt/v/launch.cjs run --config ${config}\n`,
    );
    expect(unit).toMatch(/^User=vaguemestre$/m);
    expect(unit).toMatch(/^Restart=on-failure$/m);
    expect(unit).toMatch(/^StateDirectory=vaguemestre-agent$/m);
    expect(unit).not.toContain('SECRET');
  });

  it('quotes a path that systemd would take apart or fill in', async () => {
    const { steps } = await planned('--script', '/opt/50%/a "b" $HOME/launch.cjs');
    expect(steps.find(({ path }) => path?.endsWith('.service'))?.content).toContain(
      String.raw` "/opt/50%%/a \"b\" $$HOME/launch.cjs" run`,
    );
  });

  it.skipIf(!hasAnalyze)(
    'is judged safe by systemd itself, and holds no setting that it does not know',
    async () => {
      const { steps } = await planned();
      const root = join(folder, 'judged');
      const units = join(root, 'etc/systemd/system');
      mkdirSync(units, { recursive: true });
      const unit = steps.find(({ path }) => path?.endsWith('.service'))?.content ?? '';
      const path = join(units, 'vaguemestre-agent.service');
      writeFileSync(path, unit);
      const security = spawnSync(
        analyze,
        ['security', '--offline=true', '--threshold=20', '--no-pager', path],
        {
          encoding: 'utf8',
        },
      );
      expect(security.stdout).toMatch(/Overall exposure level.*: 1\.\d OK/);
      expect(security.status).toBe(0);
      const verified = spawnSync(analyze, ['verify', '--man=no', '--recursive-errors=no', path], {
        encoding: 'utf8',
      });
      expect(verified.stderr).not.toMatch(/Unknown|Failed to parse|Invalid|not a valid|ignoring/i);
    },
  );
});

describe('the drop-in', () => {
  it('opens the folders that are written to, and only those', async () => {
    const text = await written('10-folders.conf');
    expect(text).toContain('ReadWritePaths="-/srv/exports/rpu 1"\n');
    expect(text).toContain('ReadWritePaths="-/srv/gpg"\n');
    expect(text).not.toContain('ReadWritePaths="-/home');
  });

  it('shows of the homes only what is needed, not writable when the folder is kept', async () => {
    const text = await written('10-folders.conf');
    expect(text).toContain('ProtectHome=tmpfs\n');
    expect(text).toContain('BindReadOnlyPaths="-/home/lits/export"\n');
    expect(text).not.toContain('BindPaths=');
  });

  it('shows the whole of a checkout that lies in a home', async () => {
    const { steps } = await planned('--script', '/home/it/vaguemestre/agent/main.ts');
    const text = steps.find(({ path }) => path?.endsWith('10-folders.conf'))?.content;
    expect(text).toContain('BindReadOnlyPaths="-/home/it/vaguemestre"\n');
  });

  it.skipIf(!hasAnalyze)('is understood by systemd', async () => {
    const root = join(folder, 'dropped');
    const said = await onCommandLine(['service', 'install', '--config', config, '--root', root]);
    expect(said.code).toBe(0);
    const { stderr } = spawnSync(
      analyze,
      [
        'verify',
        '--man=no',
        '--recursive-errors=no',
        join(root, 'etc/systemd/system/vaguemestre-agent.service'),
      ],
      { encoding: 'utf8' },
    );
    expect(stderr).not.toMatch(/Unknown|Failed to parse|Invalid|not a valid|ignoring/i);
  });
});

describe('an agent that a package installed', () => {
  /** Its home, and a configuration where the package expects it or elsewhere. */
  function installed(kind: 'deb' | 'windows', configPath: string): Readonly<Record<string, string>> {
    const home = mkdtempSync(join(folder, 'home-'));
    const file = { product: 'vaguemestre-agent', kind, config: configPath, account: 'vaguemestre' };
    writeFileSync(join(home, 'install.json'), JSON.stringify({ ...file, releases: null, trial: null }));
    return { VAGUEMESTRE_HOME: home };
  }

  async function steps(env: Readonly<Record<string, string>>, ...words: string[]): Promise<Planned['steps']> {
    const given = ['service', 'install', '--dry-run', '--json', '--config', config, ...words];
    return (JSON.parse((await onCommandLine(given, { env })).out) as Planned).steps;
  }

  it('keeps the package’s unit, and adds its folders and nothing else', async () => {
    const made = await steps(installed('deb', config));
    const written = made.filter(({ path }) => path !== undefined);
    expect(written.map(({ path }) => path)).toEqual([
      '/etc/systemd/system/vaguemestre-agent.service.d/10-folders.conf',
    ]);
    expect(written[0]?.content).not.toMatch(/ExecStart|User=/);
    expect(made.at(-1)?.step).toBe('systemctl enable vaguemestre-agent.service');
  });

  it('says in the drop-in where it differs from the package', async () => {
    const made = await steps(installed('deb', '/etc/vaguemestre/agent.yaml'), '--user', 'edi');
    const dropIn = made.find(({ path }) => path?.endsWith('10-folders.conf'))?.content ?? '';
    expect(dropIn).toMatch(/^User=edi\nGroup=edi\nExecStart=\nExecStart=.* run --config .*agent\.yaml$/m);
  });

  it('has a unit of its own for a second service, and where no package brought one', async () => {
    const unit = (made: Planned['steps']): boolean => made.some(({ path }) => path?.endsWith('.service'));
    expect(unit(await steps(installed('deb', config), '--name', 'second'))).toBe(true);
    expect(unit(await steps(installed('windows', config)))).toBe(true);
  });

  it('takes away the unit of a checkout that would hide the package’s, not one that an administrator made', async () => {
    const env = installed('deb', config);
    const root = mkdtempSync(join(folder, 'hidden-'));
    const unit = join(root, 'etc/systemd/system/vaguemestre-agent.service');
    const install = ['service', 'install', '--config', config, '--root', root];
    expect((await onCommandLine([...install, '--script', '/srv/checkout/agent/main.ts'])).code).toBe(0);
    expect(existsSync(unit)).toBe(true);
    expect((await onCommandLine(install, { env })).code).toBe(0);
    expect(existsSync(unit)).toBe(false);
    writeFileSync(unit, '[Service]\nExecStart=/opt/mine\n');
    expect((await onCommandLine(install, { env })).code).toBe(0);
    expect(existsSync(unit)).toBe(true);
  });

  it('service uninstall leaves the package’s unit and other drop-ins', async () => {
    const env = installed('deb', config);
    const root = mkdtempSync(join(folder, 'left-'));
    const dropIns = join(root, 'etc/systemd/system/vaguemestre-agent.service.d');
    await onCommandLine(['service', 'install', '--config', config, '--root', root], { env });
    writeFileSync(join(dropIns, 'own.conf'), '[Service]\n');
    expect((await onCommandLine(['service', 'uninstall', '--root', root], { env })).code).toBe(0);
    expect(readdirSync(dropIns)).toEqual(['own.conf']);
  });
});

describe.runIf(process.getuid?.() === 0)('rights of the service’s account', () => {
  it('are tried on every source, as that account', async () => {
    const open = mkdtempSync(join(folder, 'open-'));
    chmodSync(open, 0o777);
    chmodSync(folder, 0o755);
    const closed = mkdtempSync(join(folder, 'closed-'));
    const sources = [open, closed].map((each, index) => ({
      ...{ name: `s${index}`, folder: each, mappings: ['rpu-2006'], after: 'keep' },
    }));
    const settings = parseConfig(JSON.stringify({ state: folder, sources }), config);
    const [script] = process.argv.splice(1, 1, resolve('agent/main.ts'));
    const told = await rightsMissing({ user: 'nobody', config: settings });
    process.argv[1] = script ?? '';
    expect(told).toEqual([{ user: 'nobody', folder: closed, reason: 'EACCES' }]);
  });
});

describe('service install', () => {
  it('makes the account when it is missing, and gives it the state and what it must read', async () => {
    const steps = (await planned()).steps.map(({ step }) => step);
    expect(steps[0]).toMatch(/^getent passwd vaguemestre \|\| useradd --system .* vaguemestre$/);
    expect(steps).toContain('chown -R vaguemestre:vaguemestre /var/lib/vaguemestre-agent');
    expect(steps).toContain(`chgrp vaguemestre ${join(folder, 'proxy-secret.txt')}`);
    expect(steps).toContain('chmod 0640 /etc/vaguemestre-agent/source.key');
    expect(steps.at(-1)).toBe('systemctl enable vaguemestre-agent.service');
  });

  it('under another root writes the files and runs nothing; the second time changes nothing', async () => {
    const root = join(folder, 'package');
    const words = ['service', 'install', '--config', config, '--root', root, '--name', 'vgm', '--json'];
    const results = async (): Promise<string[]> =>
      (JSON.parse((await onCommandLine(words)).out) as Planned).steps.map(({ result }) => result);
    const first = await results();
    expect(new Set(first)).toEqual(new Set(['done', 'skipped']));
    const unit = join(root, 'etc/systemd/system/vgm.service');
    expect(statSync(unit).mode & 0o777).toBe(0o644);
    expect(readFileSync(join(`${unit}.d`, '10-folders.conf'), 'utf8')).toContain('[Service]');
    expect(new Set(await results())).toEqual(new Set(['unchanged', 'skipped']));

    const removed = await onCommandLine(['service', 'uninstall', '--root', root, '--name', 'vgm']);
    expect(removed.code).toBe(0);
    expect([unit, `${unit}.d`].filter(existsSync)).toEqual([]);
    expect(existsSync(config)).toBe(true);
  });

  it('says in both languages what it would do, on a terminal as in a pipe', async () => {
    for (const terminal of [true, false]) {
      const fr = await onCommandLine(['service', 'install', '--dry-run', '--config', config], { terminal });
      expect(fr.out).toContain('# /etc/systemd/system/vaguemestre-agent.service\n');
      expect(fr.out).toContain('systemctl daemon-reload\n');
    }
    const root = join(folder, 'said');
    const words = ['service', 'install', '--config', config, '--root', root];
    expect((await onCommandLine(words, { language: 'fr' })).out).toContain(
      '→ Le compte vaguemestre doit pouvoir',
    );
    expect((await onCommandLine(words, { language: 'en' })).out).toContain(
      'must be able to read /home/lits/export',
    );
  });

  it('refuses names that are none, and systems it is not on', async () => {
    const bad = await onCommandLine(['service', 'start', '--name', '../x', '--dry-run'], { language: 'en' });
    expect(bad).toMatchObject({ code: 1, out: '' });
    expect(bad.err).toContain('service-name');
    const other = await onCommandLine(['service', 'start', '--platform', 'windows'], { language: 'en' });
    expect(other.err).toContain('service-platform');
    expect((await onCommandLine(['service', 'stop', '--platform', 'macos'])).err).toContain(
      'service-platform',
    );
  });

  it.skipIf(existsSync('/run/systemd/system'))(
    'says where there is no systemd what can be done instead',
    async () => {
      for (const words of [['install', '--config', config], ['start'], ['status'], ['uninstall']]) {
        const { code, err } = await onCommandLine(['service', ...words], { language: 'en' });
        expect(code).toBe(1);
        expect(err).toContain('service-no-systemd');
      }
    },
  );
});

describe('on Windows', () => {
  const windows = [
    '--platform',
    'windows',
    '--node',
    'C:\\V\\runtime\\node.exe',
    '--script',
    'C:\\V\\launch.cjs',
  ];

  it('the commands are those of shawl and of the service manager, without a secret', async () => {
    const steps = (await planned(...windows, '--shawl', 'C:\\V\\shawl.exe')).steps.map(({ step }) => step);
    expect(steps[0]).toMatch(
      /^sc\.exe query vaguemestre-agent \|\| sc\.exe create vaguemestre-agent binPath= "C:\\V\\shawl\.exe run --name vaguemestre-agent --restart-if-not 0,2 .* -- C:\\V\\runtime\\node\.exe --max-semi-space-size=1 C:\\V\\launch\.cjs run --config .*" start= delayed-auto obj= "NT SERVICE\\vaguemestre-agent"/,
    );
    expect(steps.filter((step) => step.startsWith('icacls')).at(-2)).toContain('(OI)(CI)RX');
    expect(steps.join('\n')).not.toContain('SECRET');
  });

  it('a path with spaces stays one word of the service’s command line', async () => {
    const steps = (await planned(...windows, '--shawl', 'C:\\Program Files\\V\\shawl.exe')).steps;
    expect(steps[0]?.step).toContain(String.raw`binPath= "\"C:\Program Files\V\shawl.exe\" run `);
  });

  it('another account is given what the virtual one would be', async () => {
    const steps = (await planned(...windows, '--account', 'CHU\\svc-vague$')).steps.map(({ step }) => step);
    expect(steps.join('\n')).not.toContain('NT SERVICE');
    expect(steps[0]).toContain('obj= "CHU\\svc-vague\\$"');
    const refused = await onCommandLine(
      ['service', 'install', '--dry-run', '--config', config, ...windows, '--account', 'a" & b'],
      { language: 'en' },
    );
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('service-account');
  });

  it('a share is opened by whoever owns it, for the machine when the account is virtual', () => {
    const virtual = 'NT SERVICE\\vaguemestre-agent';
    expect(accountFor('\\\\nas\\rpu', virtual)).toBe('DOMAIN\\COMPUTER$');
    expect(accountFor('\\\\nas\\rpu', 'CHU\\svc')).toBe('CHU\\svc');
    expect(accountFor('\\\\?\\C:\\rpu', virtual)).toBe(virtual);
    expect(accountFor('C:\\rpu', virtual)).toBe(virtual);
  });

  it('the state of the service is read whatever language the service manager speaks', () => {
    const french =
      'SERVICE_NAME: vaguemestre-agent \r\n        TYPE               : 10  WIN32_OWN_PROCESS  \r\n' +
      '        ÉTAT               : 4  RUNNING \r\n                                (STOPPABLE, NOT_PAUSABLE)\r\n' +
      '        WIN32_EXIT_CODE    : 0  (0x0)\r\n';
    expect(windowsAnswer(french)).toEqual({ ActiveState: 'active' });
    expect(windowsAnswer(french.replace('4  RUNNING', '1  STOPPED'))).toEqual({ ActiveState: 'stopped' });
    expect(windowsAnswer('[SC] EnumQueryServicesStatus:OpenService 1060')).toEqual({});
  });

  it('start, stop and uninstall are shown everywhere', async () => {
    const shown = async (verb: string): Promise<string> =>
      (await onCommandLine(['service', verb, '--platform', 'windows', '--dry-run'])).out;
    expect(await shown('start')).toBe('net.exe start vaguemestre-agent\n');
    expect(await shown('stop')).toBe('net.exe stop vaguemestre-agent\n');
    expect(await shown('uninstall')).toBe(
      'net.exe stop vaguemestre-agent\nsc.exe delete vaguemestre-agent\n',
    );
  });
});
