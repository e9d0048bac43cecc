import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      `ExecStart=/opt/v/node --max-semi-space-size=4 /opt/v/launch.cjs run --config ${config}\n`,
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
      /^C:\\V\\shawl\.exe add --name vaguemestre-agent --cwd C:\\V --restart-if-not 0,2 .* -- C:\\V\\runtime\\node\.exe --max-semi-space-size=4 C:\\V\\launch\.cjs run --config /,
    );
    expect(steps).toContain(
      'sc config vaguemestre-agent start= delayed-auto obj= "NT SERVICE\\vaguemestre-agent"',
    );
    expect(steps.filter((step) => step.startsWith('icacls')).at(-2)).toContain('(OI)(CI)RX');
    expect(steps.join('\n')).not.toContain('SECRET');
  });

  it('start, stop and uninstall are shown everywhere', async () => {
    const shown = async (verb: string): Promise<string> =>
      (await onCommandLine(['service', verb, '--platform', 'windows', '--dry-run'])).out;
    expect(await shown('start')).toBe('sc start vaguemestre-agent\n');
    expect(await shown('stop')).toBe('sc stop vaguemestre-agent\n');
    expect(await shown('uninstall')).toBe('sc stop vaguemestre-agent\nsc delete vaguemestre-agent\n');
  });
});
